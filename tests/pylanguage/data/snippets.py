import datetime as dt, decimal, uuid, enum, re, json, itertools, functools, collections, textwrap, string, math, operator, copy, contextlib, dataclasses, typing, abc, base64, hashlib
from datetime import datetime, date, time, timedelta, timezone
from decimal import Decimal
from collections import namedtuple, OrderedDict, Counter, defaultdict, deque, ChainMap
from dataclasses import dataclass, field, asdict, replace
def E(*a): print(" | ".join(str(x) for x in a))
Pt = namedtuple("Pt", "a b", defaults=["q"]); E(Pt(1), repr(Pt(1, 2)), f"{Pt(1)}", str(Pt(3)), Pt(1)._asdict(), Pt._fields, Pt(1)[0], Pt(1)._replace(b=5), tuple(Pt(1)), Pt(1) == (1, "q"), len(Pt(1)), [*Pt(1)], "%s" % (Pt(1),), "{}".format(Pt(1)), Pt._make([7, 8]))
class N(typing.NamedTuple):
    a: int
    b: str = "z"
E(N(1), f"{N(2)!r}", N(1).b, N(1)._asdict(), N(a=3) < N(a=4))
o = OrderedDict(a=1, b=2); o.move_to_end("a"); E(o, repr(o), f"{o}", list(o), o == {"b": 2, "a": 1}, OrderedDict(), o.popitem(), dict(o))
c = Counter("abcab"); c.update("zz"); E(c, c["nope"], c.most_common(2), sorted(c.elements()), c + Counter("a"), Counter(a=3, b=1) - Counter(a=1, b=2), dict(c), Counter(), c.total() if hasattr(c, "total") else 7)
d = deque([1, 2, 3], maxlen=2); d.append(4); E(d, list(d), d.maxlen); d.appendleft(0); E(d); e = deque("abc"); e.rotate(1); e.extendleft("xy"); E(e, e.popleft(), e.pop(), len(e), e[0], "a" in e, deque(), bool(deque()))
dd = defaultdict(list); dd["x"].append(1); E(dd, dict(dd), dd.get("q"), defaultdict(int), dd["y"], sorted(dd))
E(f"{'é'!a}", f"{'é'!r}", f"{5!s:>4}", ascii("é☃😀"), repr("é\n\x00\x7f\u200b"), f"{'a':*^5}", f"{1.5!r:>6}", f"{'x'!r:5}|")
E(f"{3.14159:.2f} {42:05d} {255:#x} {255:b} {1e10:g} {0.00001} {1234567.891:,.2f} {5:+} {-5:(>5} {'abc':.2} {12345:_} {0.5:%} {1/3:.1%} {255:X} {65:c} {10:o} {3:e} {True} {None!r:>6}")
E("%s %r %d %5.2f %x %o %e %g %% %c %-5s| %05d %+d %s" % ("a", "b", 3, 3.14159, 255, 8, 12345.678, 0.0001, "z", "l", 42, 5, None), "%(a)s %(b)03d" % {"a": 1, "b": 2}, "%5s|%-5s|%.2s" % ("a", "b", "xyz"))
E("{} {1} {0}".replace("{} ", "").format("a", "b"), "{a.b} {c[0]} {c[x]}".replace("{c[x]}", "").format(a=type("T", (), {"b": 5}), c=[1]), "{:>{w}}".format("x", w=4), "{{}}".format(), "{0!r}".format("a"), "{:,}".format(1234567), "{:.3}".format("abcdef"))
E(repr(1.0), 1e16, 1e15, 123456789012345.0, 1e-4, 1e-5, 0.1 + 0.2, 1/3, float("inf"), -0.0, 2.5 // 1, -7 // 2, -7 % 3, 7 % -3, divmod(-7, 2), round(2.5), round(3.5), round(2.675, 2), round(1234, -2), abs(-3), 2 ** -1, 10 ** 3, 5 / 2, int(-3.7), float("1e3"), 0.1 * 3)
E(10 ** 20, 2 ** 100, 10 ** 20 + 1, 10 ** 20 // 7, 10 ** 20 % 7, -(10 ** 20) // 7, 10 ** 20 > 5, 10 ** 20 == 10.0 ** 20, str(2 ** 64), 2 ** 63 - 1, -2 ** 63, 2 ** 63, (2 ** 70) - (2 ** 70) + 5, 3 ** 50 * 3, int("123456789012345678901234567890") if 0 else 1, f"{2**80:,}", 1 << 70, 9223372036854775807 + 1)
E(int("ff", 16), int("0b11", 2), int("0x1f", 0), int(" 42 "), int("-7"), bin(10), hex(255), oct(8), chr(97), ord("a"), int(True), bool("x"), int("1_000"), (5).bit_length(), (255).to_bytes(2, "big") if 0 else 1, float("  1.5 "), complex if 0 else 2)
E([1, 2, 3][::-1], "abcdef"[1:5:2], [*range(5)][-2:], (1, 2, 3)[1:], "abc"[-1], list("abc")[::2], [1, 2, 3][10:], "hello"[::-1], list(range(10, 0, -3)), range(3), list(range(0)))
a, *b, c = [1, 2, 3, 4]; (x, y), z = (1, 2), 3; [p, q] = "ab"; E(a, b, c, x, y, z, p, q); a, b = b, a; E(a, b); *m, = (1, 2); E(m)
d = {"b": 1, "a": 2, **{"c": 3}}; E(d, sorted(d), sorted(d.items(), key=lambda kv: kv[1], reverse=True), {v: k for k, v in d.items()}, d | {"z": 0}, list(d.values()), d.pop("b"), d, d.get("q", 5), "a" in d, dict(zip("ab", [1, 2])), {**d}, len(d), list(reversed(d)), min(d), max(d.items(), key=lambda t: t[1]), dict.fromkeys("ab", 0), d.setdefault("n", []), d)
s = {3, 1, 2}; E(sorted(s | {5}), sorted(s & {1, 2}), sorted(s - {1}), sorted(s ^ {1, 9}), s <= {1, 2, 3}, 2 in s, len(s), sum(s), sorted(s.union([7])), s.isdisjoint({8}), {1}, set(), frozenset([1]), sorted({x % 3 for x in range(10)}))
E(sorted([3, 1, 2], reverse=True), sorted("bAc", key=str.lower), sorted([("b", 1), ("a", 2)], key=lambda t: (t[1], t[0])), max([1, 5, 3]), min("b", "a"), sum([1.5, 2]), any([0, 1]), all([]), list(map(str, [1, 2])), list(filter(None, [0, 1, ""])), list(zip([1, 2], "ab")), list(enumerate("ab", 1)), list(reversed([1, 2])), [x for x in range(5) if x % 2], [[i * j for j in range(2)] for i in range(2)], list(zip("ab", [1], strict=False)))
l = [3, 1, 2]; l.sort(); l.append(4); l.extend([5]); l.insert(0, 0); l.remove(3); E(l, l.index(4), l.count(1), l.pop(), l.pop(0), l, l + [1], l * 2, l == [1, 2, 4], l.copy(), [1, 2] < [1, 3]); l[1:2] = [7, 8]; del l[0]; E(l); l.reverse(); l += (9,); E(l); l.clear(); E(l)
E("a,b,,c".split(","), "a b  c".split(), "a.b.c".rsplit(".", 1), "x".join(["a", "b"]), " x ".strip(), "xxaxx".strip("x"), "abc".replace("b", "Q"), "abc".upper(), "ABC".lower(), "aBc".swapcase(), "hello world".title(), "hello".capitalize(), "abc".find("c"), "abc".index("b"), "abcabc".rfind("b"), "abc".startswith(("x", "a")), "abc".endswith("c"), "a-b".partition("-"), "a-b-c".rpartition("-"), "5".zfill(3), "-5".zfill(4), "x".ljust(3, ".") + "|", "x".rjust(3), "x".center(4, "-"), "abc".count("b"), "a\tb".expandtabs(4), "a\nb\r\nc".splitlines(), "abc".isalpha(), "123".isdigit(), "a1".isalnum(), "Abc".istitle(), "é".encode(), b"abc".decode(), "abc".translate({97: "X", 98: None}), "ß".casefold(), "a%sb" % 1, "x" * 3, "abc" < "abd", "prefix_x".removeprefix("prefix_"), "x.sql".removesuffix(".sql"))
E("ŉ".title(), "ǆ".capitalize(), "ıİ".lower(), "straße".upper(), "ΑΣ".lower(), "ﬁ".upper(), "they're bill's".title(), "x_y z".title(), "ABC dEF".capitalize(), "éÀ".swapcase(), "İ".lower() == "i̇")
E(b"abc" + b"d", b"a\x00\xff", bytes([65, 66]), b"abc"[0], b"abc"[1:], b"a".hex(), bytes.fromhex("6162"), len(b"abc"), "é".encode("utf-8"), "é".encode("latin-1"), b"\xc3\xa9".decode("utf-8"), b"x" in b"axb", base64.b64encode(b"hi").decode(), hashlib.md5(b"a").hexdigest(), bytes(3), bytearray(b"q") if 0 else 1)
class A:
    x = 1
    def __init__(self, v=2): self.v = v
    @property
    def p(self): return self.v * 2
    @p.setter
    def p(self, n): self.v = n
    @staticmethod
    def s(a): return a + 1
    @classmethod
    def c(cls): return cls.__name__
    def __repr__(self): return f"A({self.v})"
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
    def __hash__(self): return hash(self.v)
    def __add__(self, o): return A(self.v + o.v)
    def __len__(self): return self.v
    def __getitem__(self, k): return k * 2
    def __call__(self, z): return z + self.v
    def __contains__(self, z): return z == self.v
    def __iter__(self): return iter([1, 2, self.v])
class B(A):
    def __init__(self): super().__init__(9)
a = A(); a.p = 5; E(a, a.p, A.s(1), B.c(), B(), a == A(5), sorted([A(3), A(1)]), a + A(1), len(a), a["k"], a(10), 5 in a, list(a), isinstance(B(), A), issubclass(B, A), B.__mro__[1].__name__, a.__class__.__name__, type(a).__name__, getattr(a, "nope", 7), hasattr(a, "v"), vars(a), A.x, {A(1): 2}[A(1)])
class M(type): pass
class A:
    def __getattr__(self, n): return f"<{n}>"
    def __class_getitem__(cls, k): return f"{cls.__name__}[{k}]"
    def __init_subclass__(cls, tag=None, **kw): cls.tag = tag
    def __bool__(self): return False
    def __format__(self, s): return "F" + s
    def __str__(self): return "STR"
    def __enter__(self): return self
    def __exit__(self, *a): return True
    __slots__ = ()
class B(A, tag=3): pass
E(A().zz, A["k"], B[1], B.tag, bool(A()), f"{A():>q}", A(), f"{A()!s}", "%s" % A())
with A() as q: raise ValueError
E("after")
@dataclass(order=True)
class P:
    x: int
    y: list = field(default_factory=list)
    z: str = field(default="q", repr=False, compare=False)
    def __post_init__(self): self.w = self.x + 1
p = P(1); E(p, p == P(1), asdict(p), replace(p, x=5), p.w, P(1) < P(2), [f.name for f in dataclasses.fields(P)], dataclasses.astuple(p))
@dataclass(frozen=True)
class F:
    a: int = 1
try:
    F().a = 2
except Exception as e: E(type(e).__name__, F(), F(3))
class C(enum.Enum):
    A = 1
    B = "b"
    D = A
    @property
    def low(self): return self.name.lower()
E(C.A, C.A.name, C.B.value, C("b"), C["A"], list(C), C.D is C.A, C.A.low, C.A == 1, len(C), repr(C.A), f"{C.A}", [m.value for m in C], C.A in C, isinstance(C.A, C), {C.A: 1}[C.A], "%s" % C.B, C.__members__.keys(), C.A is C(1))
class S(str, enum.Enum):
    X = "x"
    Y = "y"
E(S.X == "x", S.X.value, S("y").name, S.X + "q", S.X.upper(), [s.value for s in S], ",".join(s.value for s in S), S.X in ("x",), repr(S.X))
class I(enum.IntEnum):
    A = 1
    B = 2
class G(enum.IntFlag):
    R = enum.auto()
    W = enum.auto()
    X = enum.auto()
class H(enum.Flag):
    P = 1
    Q = 2
E(I.A + 1, I.B > I.A, I(2).name, G.R.value, G.X.value, (G.R | G.W).value, int(G.R | G.X), bool(G.R & G.W), G.R in (G.R | G.W), (G.R | G.W) == 3, (H.P | H.Q).value, H.P & H.Q == H(0), (~H.P).value, G(5).value, sorted([I.B, I.A])[0].name)
def deco(n):
    def w(f):
        @functools.wraps(f)
        def inner(*a, **k): return f(*a, **k) * n
        return inner
    return w
@deco(3)
def g(x, *args, y=1, **kw): "doc"; return x + y + sum(args) + len(kw)
E(g(1), g(1, 2, y=3, z=4), g.__name__, g.__doc__, (lambda *a: a)(1, 2), (lambda x, /, y, *, z=1: (x, y, z))(1, y=2))
def f(x, acc=[]): acc.append(x); return acc
f(1); E(f(2), [g() for g in [lambda: i for i in range(3)]], [g() for g in [lambda i=i: i for i in range(3)]])
def outer():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
c = outer(); c(); E(c(), c())
def gen(n):
    for i in range(n):
        if i == 3: return "done"
        yield i
def g2():
    r = yield from gen(9)
    yield r
    yield from "ab"
E(list(g2()), sum(gen(3)), list(x * 2 for x in gen(2)), sorted(gen(3), reverse=True), ",".join(map(str, gen(3))), dict(enumerate(gen(2))), max(gen(3)), 2 in gen(3), [*gen(2), *gen(1)], list(itertools.islice(itertools.count(5), 3)))
out = []
try:
    try: 1 / 0
    except ZeroDivisionError as e: out.append(f"zd {e}"); raise ValueError("v") from e
    else: out.append("no")
    finally: out.append("fin")
except (KeyError, ValueError) as e: out.append(f"{e!r} {e.__cause__!r} {e.args}")
else: out.append("else")
finally: out.append("end")
E(*out)
def f():
    try: return "t"
    finally: print("side")
def g():
    for i in range(3):
        try:
            if i == 1: continue
            if i == 2: break
        finally: print(f"f{i}")
    else: return "else"
    return "broke"
E(f(), g())
class Err(Exception):
    def __init__(self, a, b=2): super().__init__(a); self.b = b
try: raise Err("x", b=5)
except Exception as e: E(e, e.b, repr(e), type(e).__name__, isinstance(e, Err), e.args, str(e))
try: {}["k"]
except KeyError as e: E(e, repr(e), e.args[0])
try: [][1]
except IndexError as e: E(e)
try: int("x")
except ValueError as e: E(e)
try: None.foo
except AttributeError as e: E(e)
try: "a" + 1
except TypeError as e: E(e)
try: assert 1 == 2, "msg"
except AssertionError as e: E(e)
@contextlib.contextmanager
def cm(n):
    print(f"in {n}")
    try: yield n * 2
    finally: print(f"out {n}")
with cm(1) as a, cm(2) as b: E(a, b)
with contextlib.suppress(KeyError): {}["x"]
def m(v):
    match v:
        case 0 | 1: return "small"
        case int(n) if n > 100: return f"big {n}"
        case [a, b]: return f"pair {a} {b}"
        case [a, *r]: return f"list {a} {r}"
        case {"k": x, **rest}: return f"map {x} {rest}"
        case str() as s: return f"str {s}"
        case None: return "none"
        case _: return "other"
E(m(0), m(500), m([1, 2]), m((1, 2, 3)), m({"k": 1, "z": 2}), m("q"), m(None), m(2.5), m(50), m([]))
if (n := len("abc")) > 2: E(n)
while (n := n - 1) > 0:
    if n == 5: break
else: E("else", n)
E([y for x in [1, 2, 3] if (y := x * 2) > 2], y, 1 if n else 2, n or "d", n and "e", not n, 1 < 2 < 3, 1 < 3 > 2, 1 == 1.0, "a" is not None, None is None)
E(date(2020, 2, 28) + timedelta(days=2), datetime(2020, 1, 2, 3, 4, 5, 6), datetime(2020, 1, 1, tzinfo=timezone.utc), timedelta(days=1, hours=25, seconds=5), -timedelta(hours=1), date(2020, 1, 31).replace(day=1), (date(2020, 3, 1) - date(2020, 2, 1)).days, datetime(2020, 1, 1) - datetime(2019, 12, 31, 12), date(2020, 1, 1).isoformat(), datetime(2020, 1, 1, 5).isoformat(), datetime(2020, 1, 1, 5).isoformat(" "), time(1, 2, 3), date.fromisoformat("2020-05-06"), datetime.fromisoformat("2020-05-06T01:02:03"), datetime(2020, 1, 1).date(), datetime(2020, 1, 1, 7).time(), date(2020, 1, 1).weekday(), date(2020, 1, 1).isoweekday(), date(2020, 12, 31).isocalendar()[1] if 0 else 1, timedelta(days=2).total_seconds(), timedelta(hours=5) / 2, timedelta(hours=5) * 2, timedelta(hours=5) // timedelta(hours=2), datetime.combine(date(2020, 1, 1), time(5)), date(2020, 1, 1) < date(2021, 1, 1), repr(date(2020, 1, 1)), repr(datetime(2020, 1, 1, 1)), repr(timedelta(days=1)), date.min, datetime(2020, 1, 1, tzinfo=timezone(timedelta(hours=-5))), datetime(2020,1,1,tzinfo=timezone.utc).timestamp(), str(timezone.utc))
E(datetime(2021, 5, 6, 17, 8, 9).strftime("%Y-%m-%d %H:%M:%S %y %b %B %a %A %p %I %j %% %d/%m %f %U %w"), f"{date(2021, 5, 6):%d.%m.%Y}", datetime.strptime("01 Feb 2020 05:06", "%d %b %Y %H:%M"), datetime.strptime("2020-01-02T03:04:05.678", "%Y-%m-%dT%H:%M:%S.%f"), datetime.strptime("12/31/99", "%m/%d/%y"), datetime.strptime("5:30 PM", "%I:%M %p"), datetime.strptime("2020-01-01 +0200", "%Y-%m-%d %z"), datetime.strptime("20200101", "%Y%m%d").date(), datetime.strptime("March 5, 2021", "%B %d, %Y"), date(2021, 5, 6).ctime() if 0 else 1)
E(Decimal("1.10") + 1, Decimal(1) / 3, Decimal("2.50").quantize(Decimal("1")), Decimal("2.675").quantize(Decimal("0.01"), rounding=decimal.ROUND_HALF_UP), Decimal("1E+3"), Decimal("0.0000001"), Decimal("1.20") * 3, Decimal("10") - Decimal("0.01"), Decimal("7") // 2, Decimal("7") % 2, Decimal("2") ** 3, -Decimal("1.5"), Decimal("1.0") == 1, Decimal("1.5") > 1, Decimal(5), repr(Decimal("1.5")), int(Decimal("3.9")), float(Decimal("1.5")), round(Decimal("1.256"), 2), Decimal("1.500").normalize(), Decimal(0.1), sum([Decimal("1.1"), Decimal("2.2")]), f"{Decimal('1234.5'):,.2f}", Decimal("100").quantize(Decimal("1.00")), abs(Decimal("-5")), max(Decimal("1"), Decimal("2")), Decimal("1") / Decimal("8"), Decimal("-7") // 2, Decimal("-7") % 2, Decimal(10) / Decimal(4), Decimal("1e-10"), Decimal("123456789.123456789") * Decimal("987654321.987654321"), str(Decimal("0E-3")), Decimal("1.00") + Decimal("2"))
u = uuid.UUID("12345678123456781234567812345678"); E(u, u.hex, u.int, u.urn, uuid.uuid5(uuid.NAMESPACE_DNS, "a.b"), uuid.uuid3(uuid.NAMESPACE_URL, "x"), uuid.UUID(int=5), uuid.UUID(bytes=b"\x00" * 16), uuid.UUID(hex="0" * 31 + "1"), repr(u), u == uuid.UUID(str(u)), u.bytes.hex(), u.version, str(u)[:8], uuid.UUID("{12345678-1234-5678-1234-567812345678}"), u.int % 1000)
E(re.sub(r"\s+", " ", "a  b\n c"), re.findall(r"\d+", "a1b22"), re.match(r"(\w)(\d)", "a1").groups(), re.search(r"(?P<n>\d+)", "x42").group("n"), re.split(r"[,;]", "a,b;c"), re.sub(r"(a)(b)", r"\2\1", "abab"), re.sub("x", lambda m: m.group().upper(), "axb"), bool(re.fullmatch("a+", "aaa")), re.compile("A", re.I).findall("aA"), re.escape("a.b"), [m.start() for m in re.finditer("a", "banana")], re.match("z", "a"), re.subn("a", "b", "aa"), re.search("b", "abc").span(), re.sub("(?m)^", "> ", "a\nb"))
E(json.dumps({"b": [1, 2.5, None, True], "a": "é\"\n"}), json.dumps({"a": 1}, indent=2), json.dumps([1, {"x": ()}], separators=(",", ":")), json.dumps({"é": 1}, ensure_ascii=False), json.dumps({"b": 1, "a": 2}, sort_keys=True), json.loads('{"a": [1, 2.0, "x", null, false]}'), json.dumps("a/b"), json.dumps({1: 2, None: 3, True: 4}), json.dumps(1e20), json.dumps([]), json.dumps({}), json.dumps("\u2028\x07"), json.loads("[1e2, -5]"), json.dumps({"a": [1, 2]}, indent=1), json.dumps(datetime(2020, 1, 1), default=str))
E(list(itertools.chain([1], [2])), list(itertools.product("ab", [1, 2])), list(itertools.combinations("abc", 2)), list(itertools.permutations([1, 2])), [(k, list(g)) for k, g in itertools.groupby("aab")], list(itertools.accumulate([1, 2, 3])), list(itertools.zip_longest("ab", [1], fillvalue="-")), list(itertools.takewhile(lambda x: x < 3, [1, 2, 5])), list(itertools.dropwhile(lambda x: x < 3, [1, 5])), list(itertools.repeat(1, 2)), list(itertools.starmap(pow, [(2, 3)])), list(itertools.islice("abcdef", 1, 5, 2)), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.compress("abc", [1, 0, 1])), list(itertools.filterfalse(None, [0, 1])), list(itertools.pairwise([1, 2, 3])) if hasattr(itertools, "pairwise") else 1)
E(functools.reduce(operator.add, [1, 2, 3]), functools.partial(int, base=2)("101"), operator.itemgetter(1, 0)("ab"), operator.attrgetter("real")(5), copy.deepcopy({"a": [1]}), math.ceil(1.2), math.floor(-1.2), math.sqrt(16), math.pi, math.gcd(12, 8), math.isclose(0.1 + 0.2, 0.3), math.log10(1000), operator.mul(2, 3), functools.lru_cache(maxsize=None)(lambda x: x)(5), sorted([3, 1], key=functools.cmp_to_key(lambda a, b: b - a)), math.prod([2, 3]), math.trunc(2.7), math.fabs(-2), math.inf)
E(textwrap.dedent("  a\n    b\n"), textwrap.indent("a\nb", "> "), textwrap.fill("aaa bbb ccc ddd", 7), textwrap.wrap("The quick brown fox jumps over the lazy dog", 15), textwrap.shorten("hello world foo bar", 12), textwrap.shorten("hello world", 50), string.capwords("hello wORLD"), string.Template("$a ${b} $$").substitute(a=1, b=2), string.ascii_letters[:3], string.digits, textwrap.wrap("a-very-long-hyphenated-word here", 10), textwrap.wrap("", 5), textwrap.fill("x " * 10, 5, subsequent_indent="  "), string.Template("$x").safe_substitute())
E(type(1), type("a"), type(None), type([]), int, str, isinstance(True, int), callable(len), id(1) if 0 else 1, print, len.__name__, (lambda: 0).__name__, Exception("x"), ValueError("a", "b"), [].__class__, NotImplemented, Ellipsis, range(1, 5, 2), slice(1, 2), type(3.0).__name__, str(int), repr(str), [None, True, 1.5, "a", b"b", (1,), {1: 2}])
x = 5
del x
try: x
except NameError as e: E(e)
global zz
E(*[i for i in (1, 2) for j in (3,) if i < j], sep_ := 1)
d = ChainMap({"a": 1}, {"a": 2, "b": 3}); E(d["a"], d["b"], list(d)) if 0 else E("x"); E("%s" % [1, 2], "%s" % ({"a": 1},), "%d%%" % 50, "%s" % "%d", "a" "b" f"{1}" "c", r"\n", "\x41\u00e9\N{BULLET}" if 0 else "x", """a
b""", 'it''s', "tab\there", "\\", '\'', f"{'nested ' + f'{1}'}", f"{1=}", f"{ 1 + 1 = }", f"{'a' 'b'}", f"{{}}", f"{3:{4}}", f"{[1, 2][0]}", f"{ {'a': 1}['a'] }")
import sys, os; E(sys.version_info >= (3, 8), os.path.join("a", "b"), os.environ.get("NOPE", "d"), os.linesep, __name__ == "__main__", os.path.splitext("a.b.sql"), os.path.dirname("/x/y"), os.sep)
E(next(iter([5])), next(iter([]), "d"), list(iter([1, 2])), [*iter("ab")], dict([("a", 1)]), list({"a": 1}), tuple([1]), set([1]), list((x for x in range(3))), str(b"a"), list(map(lambda a, b: a + b, [1], [2])), sum([[1], [2]], []), pow(2, 3, 5), isinstance([], (list, tuple)), vars(type("T", (), {"a": 1})).get("a"), type("T", (), {"a": 1})().a, eval if 0 else 1, all(x > 0 for x in [1, 2]), bytes("a", "utf-8"), memoryview if 0 else 1, format(255, "x"), format("a", ">3"), divmod(7, 3), abs(-2.5), round(-2.5), sorted({"b": 1, "a": 2}.items()))
it = iter([1, 2, 3]); E(next(it), list(it), next(it, None)); a = [1, 2, 3]; b = a; b.append(4); E(a, a is b, a[:] is a, a == a[:]); t = (1, [2]); t[1].append(3); E(t); x = y = []; x.append(1); E(y)
class Base(abc.ABC):
    @abc.abstractmethod
    def run(self): ...
    def go(self): return self.run() + "!"
class Impl(Base):
    def run(self): return "r"
E(Impl().go())
try: Base()
except TypeError as e: E("abstract")
class D:
    def __get__(self, o, t): return 42 if o else "cls"
    def __set__(self, o, v): print(f"set {v}")
    def __set_name__(self, o, n): self.n = n
class U:
    d = D()
    @functools.cached_property
    def cp(self): print("once"); return 7
    @functools.lru_cache
    def m(self): return 1
u = U(); u.d = 3; E(u.d, U.d, u.cp, u.cp)
class A:
    def __init__(self): self.l = ["A"]
class B(A):
    def __init__(self): super().__init__(); self.l.append("B")
class C(A):
    def __init__(self): super().__init__(); self.l.append("C")
class D(B, C): pass
E(D().l, [c.__name__ for c in D.__mro__])
class A:
    def __lt__(self, o): return "A"
    def __eq__(self, o): return "Aeq"
    def __add__(self, o): return "Aadd"
class B(A):
    def __gt__(self, o): return "B"
    def __eq__(self, o): return "Beq"
    def __radd__(self, o): return "Bradd"
E(A() < B(), A() == B(), A() + B(), B() + A())
class V:
    def __setattr__(self, n, v): object.__setattr__(self, n, v * 2)
v = V(); v.a = 3; E(v.a)
class V:
    def __setattr__(self, n, v): super().__setattr__(n, v * 2)
    def __init__(self): self.a = 4
E(V().a); v = V(); setattr(v, "b", 1); E(v.b)
class V:
    def __delattr__(self, n): E("del", n)
v = V(); v.a = 3; del v.a; E(v.a); delattr(v, "a"); E(v.a)
class V:
    def __delattr__(self, n): super().__delattr__(n); E("del", n)
v = V(); v.a = 3; del v.a; E(hasattr(v, "a"))
class V:
    def __getattribute__(self, n): return "x" + n
E(V().a)
class V:
    a = 1
    def __setattr__(self, n, v): self.__dict__[n] = v + 1
v = V(); v.a = 3; E(v.a, V.a, v.__dict__)
class A:
    def __new__(cls, *a): o = super().__new__(cls); o.z = 9; return o
    def __init__(self, q): self.q = q
E(A(1).z, A(2).q)
class A:
    def __repr__(self): return "R"
    def __iter__(self): yield 1; yield 2
E([A()], {"a": A()}, (A(),), f"{A()}", list(A()), sum(A()), max(A()), 2 in A(), *A())
class A(list):
    def append(self, x): super().append(x * 2)
a = A([1]); a.append(2); E(a, a[1], len(a), a + [1], isinstance(a, list))
class A(str):
    def up(self): return self.upper()
E(A("x").up(), A("x") + "y", f"{A('z'):>3}", len(A("abc")), A("a") == "a", {A("a"): 1}["a"])
class A(int):
    def __add__(self, o): return A(int(self) + o + 1)
E(A(3) + 4, A(3) * 2, A(3) == 3, A(2) < 5)
