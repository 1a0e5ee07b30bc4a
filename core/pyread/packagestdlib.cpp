#include "core/pyread/packagetexts.h"

/// Modules of the standard library that are Python themselves, as far as scripts use them.
namespace tribikos::py {

const char *const urllibText = R"py(
from collections import namedtuple

_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_HEX = "0123456789abcdefABCDEF"
_RELATIVE = frozenset(["", "ftp", "http", "gopher", "nntp", "imap", "wais", "file", "https", "shttp", "mms",
                       "prospero", "rtsp", "rtsps", "rtspu", "sftp", "svn", "svn+ssh", "ws", "wss"])
_NETLOC = _RELATIVE | {"telnet", "snews", "rsync", "nfs", "git", "git+ssh", "itms-services"}
_PARAMS = frozenset(["", "ftp", "hdl", "prospero", "http", "imap", "https", "shttp", "rtsp", "rtsps", "rtspu",
                     "sip", "sips", "mms", "sftp", "tel"])

def quote(string, safe="/", encoding="utf-8", errors="strict"):
    if isinstance(string, str):
        data = string.encode(encoding or "utf-8")
    else:
        data = string
    return "".join(chr(byte) if chr(byte) in _SAFE or chr(byte) in safe else "%%%02X" % byte
                   for byte in data)

def quote_plus(string, safe="", encoding="utf-8", errors="strict"):
    return quote(string, safe + " ", encoding).replace(" ", "+")

def unquote_to_bytes(string):
    data = string.encode("utf-8") if isinstance(string, str) else string
    parts = data.split(b"%")
    found = [parts[0]]
    for part in parts[1:]:
        code = part[:2].decode("latin-1")
        if len(code) == 2 and code[0] in _HEX and code[1] in _HEX:
            found.append(bytes([int(code, 16)]))
            found.append(part[2:])
        else:
            found.append(b"%")
            found.append(part)
    return b"".join(found)

def unquote(string, encoding="utf-8", errors="replace"):
    if "%" not in string:
        return string
    data = unquote_to_bytes(string)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode(encoding, errors)

def unquote_plus(string, encoding="utf-8", errors="replace"):
    return unquote(string.replace("+", " "), encoding, errors)

def _text(value, safe, quote_via):
    return quote_via(value if isinstance(value, bytes) else str(value), safe)

def urlencode(query, doseq=False, safe="", encoding=None, errors=None, quote_via=quote_plus):
    pairs = []
    for key, value in (query.items() if hasattr(query, "items") else query):
        key = _text(key, safe, quote_via)
        if doseq and not isinstance(value, (str, bytes)) and hasattr(value, "__len__"):
            for item in value:
                pairs.append(key + "=" + _text(item, safe, quote_via))
        else:
            pairs.append(key + "=" + _text(value, safe, quote_via))
    return "&".join(pairs)

class _NetlocParts:
    @property
    def _userinfo(self):
        userinfo, at, host = self.netloc.rpartition("@")
        if not at:
            return None, None
        username, colon, password = userinfo.partition(":")
        return username, password if colon else None

    @property
    def _hostinfo(self):
        host = self.netloc.rpartition("@")[2]
        before, bracket, bracketed = host.partition("[")
        if bracket:
            name, _, rest = bracketed.partition("]")
            port = rest.partition(":")[2]
        else:
            name, _, port = host.partition(":")
        return name, port or None

    @property
    def username(self):
        return self._userinfo[0]

    @property
    def password(self):
        return self._userinfo[1]

    @property
    def hostname(self):
        name = self._hostinfo[0]
        if not name:
            return None
        address, percent, zone = name.partition("%")
        return address.lower() + percent + zone

    @property
    def port(self):
        port = self._hostinfo[1]
        if port is None:
            return None
        if not (port.isdigit() and port.isascii()):
            raise ValueError("Port could not be cast to integer value as " + repr(port))
        if int(port) > 65535:
            raise ValueError("Port out of range 0-65535")
        return int(port)

class SplitResult(namedtuple("SplitResult", "scheme netloc path query fragment"), _NetlocParts):
    def geturl(self):
        return urlunsplit(self)

class ParseResult(namedtuple("ParseResult", "scheme netloc path params query fragment"), _NetlocParts):
    def geturl(self):
        return urlunparse(self)

def _is_scheme(text):
    return text[:1].isascii() and text[:1].isalpha() and all(
        (c.isascii() and c.isalnum()) or c in "+-." for c in text)

def urlsplit(url, scheme="", allow_fragments=True):
    url = url.lstrip("".join(map(chr, range(33))))
    for unsafe in "\t\r\n":
        url = url.replace(unsafe, "")
    netloc = query = fragment = ""
    colon = url.find(":")
    if colon > 0 and _is_scheme(url[:colon]):
        scheme, url = url[:colon].lower(), url[colon + 1:]
    if url[:2] == "//":
        ends = [at for at in (url.find(c, 2) for c in "/?#") if at >= 0]
        end = min(ends) if ends else len(url)
        netloc, url = url[2:end], url[end:]
        if ("[" in netloc) != ("]" in netloc):
            raise ValueError("Invalid IPv6 URL")
    if allow_fragments and "#" in url:
        url, _, fragment = url.partition("#")
    if "?" in url:
        url, _, query = url.partition("?")
    return SplitResult(scheme, netloc, url, query, fragment)

def _without_params(path):
    slash = path.rfind("/") if "/" in path else 0
    at = path.find(";", slash)
    return (path, "") if at < 0 else (path[:at], path[at + 1:])

def urlparse(url, scheme="", allow_fragments=True):
    parts = urlsplit(url, scheme, allow_fragments)
    path, params = parts.path, ""
    if parts.scheme in _PARAMS and ";" in path:
        path, params = _without_params(path)
    return ParseResult(parts.scheme, parts.netloc, path, params, parts.query, parts.fragment)

def urlunsplit(components):
    scheme, netloc, url, query, fragment = components
    if netloc or (scheme and scheme in _NETLOC and url[:2] != "//"):
        if url and url[:1] != "/":
            url = "/" + url
        url = "//" + (netloc or "") + url
    if scheme:
        url = scheme + ":" + url
    if query:
        url = url + "?" + query
    if fragment:
        url = url + "#" + fragment
    return url

def urlunparse(components):
    scheme, netloc, url, params, query, fragment = components
    if params:
        url = url + ";" + params
    return urlunsplit((scheme, netloc, url, query, fragment))

def urldefrag(url):
    parts = urlsplit(url)
    return urlunsplit(parts[:4] + ("",)), parts.fragment

def parse_qsl(qs, keep_blank_values=False, strict_parsing=False):
    pairs = []
    for part in qs.split("&") if qs else []:
        if not part and not strict_parsing:
            continue
        key, equals, value = part.partition("=")
        if not equals and strict_parsing:
            raise ValueError("bad query field: %r" % (part,))
        if value or keep_blank_values:
            pairs.append((unquote_plus(key), unquote_plus(value)))
    return pairs

def parse_qs(qs, keep_blank_values=False, strict_parsing=False):
    found = {}
    for key, value in parse_qsl(qs, keep_blank_values, strict_parsing):
        found.setdefault(key, []).append(value)
    return found
)py";

const char *const calendarText = R"py(
import datetime

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
January = 1
February = 2
month_name = ["", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December"]
month_abbr = ["", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
day_name = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
day_abbr = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
mdays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

class IllegalMonthError(ValueError):
    def __init__(self, month):
        self.month = month

    def __str__(self):
        return "bad month number %r; must be 1-12" % self.month

def isleap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)

def leapdays(y1, y2):
    y1 -= 1
    y2 -= 1
    return (y2 // 4 - y1 // 4) - (y2 // 100 - y1 // 100) + (y2 // 400 - y1 // 400)

def weekday(year, month, day):
    if not 1 <= year <= 9999:
        year = 2000 + year % 400
    return datetime.date(year, month, day).weekday()

def monthrange(year, month):
    if not 1 <= month <= 12:
        raise IllegalMonthError(month)
    return weekday(year, month, 1), mdays[month] + (month == 2 and isleap(year))

def timegm(tuple):
    year, month, day, hour, minute, second = tuple[:6]
    days = datetime.date(year, month, 1).toordinal() - 719163 + day - 1
    return ((days * 24 + hour) * 60 + minute) * 60 + second
)py";

const char *const fractionsText = R"py(
import math
import re
from decimal import Decimal

_FORMAT = re.compile(r"\s*([-+]?)(\d+)?(?:/(\d+)|(?:\.(\d*))?(?:[eE]([-+]?\d+))?)\s*$")

class Fraction:
    def __init__(self, numerator=0, denominator=None):
        if denominator is None:
            numerator, denominator = _ratio(numerator)
        else:
            upper, lower = _ratio(numerator), _ratio(denominator)
            numerator, denominator = upper[0] * lower[1], upper[1] * lower[0]
        if denominator == 0:
            raise ZeroDivisionError("Fraction(%s, 0)" % numerator)
        divisor = math.gcd(numerator, denominator)
        if denominator < 0:
            divisor = -divisor
        self.numerator = numerator // divisor
        self.denominator = denominator // divisor

    @classmethod
    def from_float(cls, value):
        return cls(value)

    @classmethod
    def from_decimal(cls, value):
        return cls(value)

    def as_integer_ratio(self):
        return self.numerator, self.denominator

    def limit_denominator(self, max_denominator=1000000):
        if max_denominator < 1:
            raise ValueError("max_denominator should be at least 1")
        if self.denominator <= max_denominator:
            return Fraction(self)
        p0, q0, p1, q1 = 0, 1, 1, 0
        n, d = self.numerator, self.denominator
        while True:
            a = n // d
            q2 = q0 + a * q1
            if q2 > max_denominator:
                break
            p0, q0, p1, q1 = p1, q1, p0 + a * p1, q2
            n, d = d, n - a * d
        k = (max_denominator - q0) // q1
        one, other = Fraction(p0 + k * p1, q0 + k * q1), Fraction(p1, q1)
        return other if abs(other - self) <= abs(one - self) else one

    def __repr__(self):
        return "Fraction(%s, %s)" % (self.numerator, self.denominator)

    def __str__(self):
        if self.denominator == 1:
            return str(self.numerator)
        return "%s/%s" % (self.numerator, self.denominator)

    def __add__(self, other):
        return _joined(self, other, lambda a, b: (a[0] * b[1] + b[0] * a[1], a[1] * b[1]), lambda a, b: a + b)

    def __radd__(self, other):
        return _joined(other, self, lambda a, b: (a[0] * b[1] + b[0] * a[1], a[1] * b[1]), lambda a, b: a + b)

    def __sub__(self, other):
        return _joined(self, other, lambda a, b: (a[0] * b[1] - b[0] * a[1], a[1] * b[1]), lambda a, b: a - b)

    def __rsub__(self, other):
        return _joined(other, self, lambda a, b: (a[0] * b[1] - b[0] * a[1], a[1] * b[1]), lambda a, b: a - b)

    def __mul__(self, other):
        return _joined(self, other, lambda a, b: (a[0] * b[0], a[1] * b[1]), lambda a, b: a * b)

    def __rmul__(self, other):
        return _joined(other, self, lambda a, b: (a[0] * b[0], a[1] * b[1]), lambda a, b: a * b)

    def __truediv__(self, other):
        return _joined(self, other, lambda a, b: (a[0] * b[1], a[1] * b[0]), lambda a, b: a / b)

    def __rtruediv__(self, other):
        return _joined(other, self, lambda a, b: (a[0] * b[1], a[1] * b[0]), lambda a, b: a / b)

    def __neg__(self):
        return Fraction(-self.numerator, self.denominator)

    def __pos__(self):
        return Fraction(self.numerator, self.denominator)

    def __abs__(self):
        return Fraction(abs(self.numerator), self.denominator)

    def __pow__(self, other):
        if not isinstance(other, int):
            return float(self) ** float(other)
        if other >= 0:
            return Fraction(self.numerator ** other, self.denominator ** other)
        return Fraction(self.denominator ** -other, self.numerator ** -other)

    def __float__(self):
        return self.numerator / self.denominator

    def __int__(self):
        return self.__trunc__()

    def __trunc__(self):
        whole = abs(self.numerator) // self.denominator
        return -whole if self.numerator < 0 else whole

    def __floor__(self):
        return self.numerator // self.denominator

    def __ceil__(self):
        return -(-self.numerator // self.denominator)

    def __bool__(self):
        return self.numerator != 0

    def __eq__(self, other):
        if isinstance(other, float):
            return float(self) == other
        if not isinstance(other, (int, Fraction)):
            return NotImplemented
        return _ratio(self) == _ratio(other)

    def __lt__(self, other):
        return self.numerator * _ratio(other)[1] < _ratio(other)[0] * self.denominator

    def __le__(self, other):
        return self.numerator * _ratio(other)[1] <= _ratio(other)[0] * self.denominator

    def __gt__(self, other):
        return self.numerator * _ratio(other)[1] > _ratio(other)[0] * self.denominator

    def __ge__(self, other):
        return self.numerator * _ratio(other)[1] >= _ratio(other)[0] * self.denominator

    def __hash__(self):
        return hash(self.numerator) if self.denominator == 1 else hash((self.numerator, self.denominator))

def _joined(left, right, exact, floating):
    if isinstance(left, float) or isinstance(right, float):
        return floating(float(left), float(right))
    if not isinstance(left, (int, Fraction)) or not isinstance(right, (int, Fraction)):
        return NotImplemented
    return Fraction(*exact(_ratio(left), _ratio(right)))

def _ratio(value):
    if isinstance(value, Fraction):
        return value.numerator, value.denominator
    if isinstance(value, int):
        return int(value), 1
    if isinstance(value, float):
        return value.as_integer_ratio()
    if isinstance(value, Decimal):
        value = str(value)
    if not isinstance(value, str):
        raise TypeError("argument should be a string or a Rational instance")
    found = _FORMAT.match(value)
    if found is None or (found.group(2) is None and not found.group(4)):
        raise ValueError("Invalid literal for Fraction: %r" % value)
    sign, whole, lower, decimals, exponent = found.groups()
    upper = int(whole or "0")
    if lower:
        bottom = int(lower)
    else:
        decimals = decimals or ""
        upper = int((whole or "0") + decimals)
        bottom = 10 ** len(decimals)
        if exponent and int(exponent) >= 0:
            upper *= 10 ** int(exponent)
        elif exponent:
            bottom *= 10 ** -int(exponent)
    return (-upper if sign == "-" else upper), bottom
)py";

} // namespace tribikos::py
