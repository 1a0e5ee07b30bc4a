import enum, re, json, datetime, uuid, os, itertools, functools, textwrap
from decimal import Decimal
from collections import OrderedDict, defaultdict, namedtuple, Counter
from dataclasses import dataclass, field
from contextlib import contextmanager, suppress
class Color(enum.Enum):
    RED = 1
    BLUE = "b"
class S(str, enum.Enum):
    A = "a"
    B = "b"
print(Color.RED, repr(Color.RED), Color("b"), Color["RED"].value, [c.name for c in Color], len(Color), S.A == "a", S.A.value, S.B in S, S("b"))
print(f"{1+1:>5}|{'x'!r}|{3.14159:.2f}|{'a':^5}|{10:#x}|{1234567:,}")
print("%s %d %05.2f %r %%" % ("a", 3, 2.5, "q"), "{0} {b} {0!r:>5}".format("x", b=2))
def f(a, b=2, *args, c=3, **kw):
    return (a, b, args, c, kw)
print(f(1), f(1, 2, 3, c=4, d=5), f(*[1, 2], **{"c": 9}))
x = [i * j for i in range(3) for j in range(3) if i != j]; print(x, {k: v for k, v in zip("abc", range(3))}, {1, 2, 2})
def counter():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
c = counter(); c(); print(c())
@contextmanager
def cm(x):
    print("enter", x)
    try:
        yield x * 2
    except ValueError as e:
        print("caught", e)
    finally:
        print("exit")
with cm(2) as y:
    print(y)
    raise ValueError("boo")
def g():
    with cm(5) as z:
        return z
print(g())
def gen():
    for i in range(3):
        yield i
    yield from "ab"
print(list(gen()), sum(gen() if False else [1,2]), max(x for x in [3,1,2]))
class Base:
    kind = "base"
    def __init__(self, n): self.n = n
    def hello(self): return f"hi {self.n} {self.kind}"
    @property
    def double(self): return self.n * 2
    @classmethod
    def make(cls, n): return cls(n)
    @staticmethod
    def st(q): return q
    def __repr__(self): return f"<{type(self).__name__} {self.n}>"
class D(Base):
    kind = "derived"
    def __init__(self, n):
        super().__init__(n + 1)
    def hello(self): return super().hello() + "!"
print(D(1).hello(), D.make(2).double, D.st(3), D(4), isinstance(D(1), Base), issubclass(D, Base))
try:
    {}["k"]
except KeyError as e:
    print("KeyError", e, repr(e))
try:
    int("x")
except (ValueError, TypeError) as e:
    print(type(e).__name__, e)
else:
    print("no")
finally:
    print("fin")
print(json.dumps({"a": [1, 2.5, None, True], "b": "é"}), json.loads('{"x": [1, {"y": null}]}'))
print(re.sub(r"(\w+)@(\w+)", r"\2 at \1", "me@home"), re.findall(r"\d+", "a1b22"), re.match("a(b)?", "ac").groups())
print(datetime.datetime(2020, 1, 2, 3, 4, 5), datetime.date(2020, 2, 28) + datetime.timedelta(days=2), datetime.datetime(2020,1,1,tzinfo=datetime.timezone.utc).isoformat())
print(uuid.UUID("12345678123456781234567812345678"), uuid.uuid5(uuid.NAMESPACE_DNS, "x"))
P = namedtuple("P", "x y"); p = P(1, y=2); print(p, p.x, p[1], p._asdict())
dd = defaultdict(list); dd["a"].append(1); print(dict(dd), Counter("aab").most_common(1))
@dataclass
class Pt:
    x: int
    y: int = 5
    z: list = field(default_factory=list)
print(Pt(1), Pt(1, 2) == Pt(1, 2), Pt(3).z)
a, *b, (cc, d) = 1, 2, 3, (4, 5); print(a, b, cc, d)
print(sorted([3, 1, 2], reverse=True), sorted("bca", key=lambda q: -ord(q)), "abc"[::-1], [1, 2, 3][-2:], 7 // -2, -7 % 3, 2 ** 10, 7 / 2)
print(textwrap.dedent("""
    a
      b
    """), "a b  c".split(), "a,b".split(","), " x ".strip(), "abc".replace("b", "X"), "x".join(["1", "2"]), "Hello World".title())
match {"k": [1, 2, 3]}:
    case {"k": [first, *rest]}:
        print(first, rest)
print(Decimal("1.10") + 2, Decimal("3.0"), 1.0, 1e20, 1e-7, 0.1 + 0.2, 100000000000000000.0)
print(list(itertools.product("ab", [1, 2])), functools.reduce(lambda a, b: a + b, [1, 2, 3]), list(itertools.chain([1], [2])))
i = 0
while True:
    i += 1
    if i > 3: break
else:
    print("never")
print(i, (lambda *a, **k: (a, k))(1, b=2), not [], None or "d", 1 < 2 < 3, "a" in "cab", 5 if i else 6)
print(b"ab\x00", bytes([1, 2]), "é".encode(), b"x".decode(), [1, 2] + [3], (1,) * 2, {"a": 1} | {"b": 2}, set([1]) | {2})
if (n := len("abc")) > 2: print(n)
print(os.environ.get("X", "dflt"), os.path.join("a", "b"), os.path.basename("/a/b.py"))
del a
try:
    a
except NameError as e: print(e)
assert True, "x"
print(any([0, 1]), all([]), list(map(str, [1, 2])), list(filter(None, [0, 1])), list(enumerate("ab", 1)), round(2.567, 2), round(2.5), abs(-3), hex(255), chr(65), divmod(7, 2), list(reversed([1, 2])))
