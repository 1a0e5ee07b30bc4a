# more semantics
import enum, types, copy, operator, string, base64, hashlib, math, sys, logging, typing as t
from typing import Optional, List, Sequence, Union
from abc import ABC, abstractmethod
logger = logging.getLogger(__name__)
logger.info("x %s", 1)
revision: str = "a"
down: Union[str, None] = None
class A(ABC):
    @abstractmethod
    def f(self) -> Optional[int]: ...
    def __enter__(self): print("in"); return self
    def __exit__(self, et, ev, tb):
        print("out", et.__name__ if et else None, ev); return True
    def __eq__(self, o): return isinstance(o, A)
    def __hash__(self): return 1
    def __getitem__(self, k): return k * 2
    def __len__(self): return 3
    def __contains__(self, x): return x == 1
    def __call__(self, *a, **k): return a, k
    def __add__(self, o): return "add"
    def __radd__(self, o): return "radd"
    def __bool__(self): return False
    def __iter__(self): return iter([1, 2])
    def __str__(self): return "A!"
    def __lt__(self, o): return True
class B(A):
    def f(self): return 1
b = B()
with b as x: raise KeyError("zz")
print(b == B(), b[4], len(b), 1 in b, b(1, k=2), b + 1, 1 + b, bool(b), list(b), str(b), f"{b}", {b: 1}[B()])
def deco(fn):
    def inner(*a, **k):
        print("call", fn.__name__, a, k)
        return fn(*a, **k)
    return inner
@deco
def foo(x, *, y=1): return x + y
print(foo(1, y=2))
try:
    foo(1, 2)
except TypeError as e: print(e)
try:
    raise RuntimeError("a", 1) from ValueError("b")
except RuntimeError as e: print(e.args, e, repr(e))
class MyErr(Exception):
    def __init__(self, code, msg="m"):
        super().__init__(msg); self.code = code
try: raise MyErr(5)
except MyErr as e: print(e.code, e)
def tf():
    try: return 1
    finally: print("finally")
print(tf())
def lp():
    for i in range(5):
        try:
            if i == 1: continue
            if i == 3: break
            print(i)
        finally: print("f", i)
    else: print("else")
    return i
print(lp())
for i, (a, c) in enumerate(zip("ab", [1, 2])): print(i, a, c)
else: print("done")
x = {"a": 1, **{"b": 2}}; x.update(c=3); x.setdefault("d", []).append(4); print(x, x.pop("a"), list(x.items()), x.get("zz"), sorted(x))
del x["b"]; print(x, "b" in x, len(x), x | {"q": 1})
l = [3, 1, 2]; l.sort(key=lambda v: -v); l.insert(0, 9); l.extend([7]); l[1:2] = [5, 5]; print(l, l.index(5), l.count(5), l.pop(), l[-1], l[::2]); del l[0]; l += [1]; print(l)
s = {1, 2} - {2}; s.add(5); print(s, {1} <= {1, 2}, frozenset([1]), {1, 2} & {2}, {1} ^ {2})
print("%(a)s-%(b)03d" % {"a": 1, "b": 2}, "%5s|%-5s|%x|%e|%g" % ("a", "b", 255, 1.5, 0.0001), "%s" % (1,), "%s" % [1], "%r" % "q")
print("{:,}".format(1234567), "{:08.3f}".format(3.14159), "{:>{w}}".format("a", w=5), "{0[a]} {1.real}".format({"a": 1}, 2), "{{}}".format())
print(f"{'a' if 1 else 'b'} {x!r} {3:03d} {1e10} {1.5:g} {True} {None} {'n' + 'm'} {[1,2][0]} { {1: 2}[1] } {1:+d} {0.5:.0%} {2**40:_}")
n = 5; print(f"{n=} {n = } {n=:>4} {n!s:>3}")
print('a' 'b' "c" r'\n', "\x41\u0042\t\101", """tri"ple""")
print("a,b,,c".split(","), "  a b ".split(" "), "a b c".rsplit(" ", 1), "abc".partition("b"), "x=1;y=2".split(";", 1), "aXbX".rstrip("X"), "abc".find("z"), "abcabc".rfind("b"), "abc".startswith(("x", "a")), "a\nb\r\nc".splitlines(), "Ab".swapcase(), "aa".count("a"), "a".zfill(3), "-1".zfill(4), "abc".center(8, "*"), "x".isdigit(), "12".isdigit(), "aB".islower(), "hello world".capitalize(), "a-b".replace("-", "_", 1), "abc".translate(str.maketrans("ab", "xy")))
print(int("0x1f", 16), int(3.9), int("-5"), float("1.5"), str(1.0), bool([]), list("ab"), tuple([1]), dict([("a", 1)]), dict(a=1), set("a"), int(True), complex if 0 else 0)
print(type(1).__name__, type("a") is str, isinstance(True, int), isinstance(1, (str, int)), type(None).__name__, callable(print), hasattr("a", "upper"), getattr("a", "zz", 3))
print(max(1, 2), min([3, 1]), max("ab", key=ord), sum([1.5, 2]), sum([[1], [2]], []), max([], default=0), any(x > 1 for x in [1, 2]), next(iter([1])), next((x for x in [] if x), "none"), list(zip([1], [2], [3])), dict(zip("ab", [1, 2])))
class Color(enum.IntEnum):
    R = enum.auto(); G = enum.auto()
class Str(enum.StrEnum):
    A = enum.auto(); B = "bb"
print(Color.R == 1, Color.G + 1, int(Color.G), [str(c) for c in Str], Str.A == "a", Color(1).name, list(Color.__members__), f"{Str.B}", Str.B.upper(), sorted(Color), Color.R < Color.G, isinstance(Color.R, int), "bb" in [m.value for m in Str], Str["A"], Color.R in (1, 3))
class P(enum.Enum):
    X = (1, "x"); Y = (2, "y")
    def __init__(self, num, label): self.num = num; self.label = label
    @property
    def up(self): return self.label.upper()
    @classmethod
    def default(cls): return cls.X
print(P.X.num, P.Y.up, P.default(), P((2, "y")), {P.X: 1}[P.X], P.X is P.default(), P.X != P.Y)
print(operator.itemgetter(1)([5, 6]), string.ascii_lowercase[:3], base64.b64encode(b"hi").decode(), hashlib.md5(b"a").hexdigest(), math.ceil(1.2), math.pi, sys.version_info >= (3, 8), copy.deepcopy({"a": [1]}))
def defaults(a, b=[]): b.append(a); return b
print(defaults(1), defaults(2))
fs = [lambda i=i: i for i in range(3)]; print([f() for f in fs], [f() for f in [lambda: j for j in range(3)]])
def outer():
    x = 1
    class In:
        y = x + 1
        def m(self): return x
    return In.y, In().m()
print(outer())
glob = 0
def setg():
    global glob; glob += 1
setg(); print(glob)
try:
    def ub(): print(zz); zz = 1
    ub()
except UnboundLocalError as e: print("unbound", e)
print(*[1, 2], sep="-") if 0 else None
print([*range(3), *"ab"], (*[1],), {**{}, "a": 1}, [y for x in [[1, 2], [3]] for y in x if y > 1], {x: x**2 for x in range(3)}, {c for c in "aab"} == {"a", "b"})
a = b2 = 3; a, b2 = b2, a + 1; print(a, b2); first, *_ , last = "abcd"; print(first, last, _)
print(1 if not None else 2, None is None, 1 != 2, not (1 and 0), 0 or [] or "x", 1 and 2, 5 // 2, -5 // 2, 5 % -3, 2 ** -1, 1 << 4, 6 & 3, 6 | 1, 6 ^ 2, ~5, 1.5 // 0.5, 7.5 % 2)
class Meta:
    __tablename__ = "t"
    cols = [c.upper() for c in ["a", "b"]]
    def __init_subclass__(cls, **kw): cls.tag = kw.get("tag")
class Sub(Meta, tag="zz"): pass
print(Sub.tag, Sub.cols, Sub.__name__, Sub.__tablename__, Sub.__mro__[1].__name__)
class V:
    def __init__(self): self._x = 1
    @property
    def x(self): return self._x
    @x.setter
    def x(self, v): self._x = v * 2
v = V(); v.x = 5; print(v.x, vars(v) if 0 else "", v.__class__.__name__)
def kwonly(*, a, b=2): return a, b
print(kwonly(a=1))
try: kwonly()
except TypeError as e: print(e)
def posonly(a, /, b): return a, b
print(posonly(1, b=2))
print((lambda *a, k=3: (a, k))(1, 2), [i for i in reversed(range(3))], list(range(5, 0, -2)), range(3), 2 in range(5), range(10)[2:5][0])
while n:
    n -= 1
    if n == 2: break
else: print("no")
print(n, str(b"a"), repr("it's"), repr('a"b\'c\n'), repr(1e16), 1e15, 123456789.123, 1/3, 0.1, -0.0, float("inf"), 1e300*1e10)
import itertools
for k, g in itertools.groupby([1, 1, 2]): print(k, list(g))
def gen2():
    x = yield 1
    print("got", x)
    yield 2
for q in gen2(): print(q)
print(sum(i for i in range(4)), ",".join(str(i) for i in range(3)), dict((k, 1) for k in "ab"), sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1]))
t1 = (1, 2) + (3,); print(t1, t1[0], t1 < (1, 3), (1,) * 2, () == (), tuple("ab").index("b"))
print("ünïcode".upper(), "ß".upper(), "a\u00a0b".split(), "İ".lower() == "i̇")
match "go":
    case "stop" | "halt": print(1)
    case str() as sss if len(sss) == 2: print("two", sss)
match (1, [2, 3]):
    case (1, [a, *rest]): print(a, rest)


class Slug(enum.StrEnum):
    _3DO = "3do"
    A = "a"


print(Slug._3DO.value, [s.name for s in Slug])
