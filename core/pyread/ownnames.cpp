// The names that Python 3.11's own types and builtins have: what of them we lack is refused, for a script must not
// take it for a name that Python hasn't either.
#include "core/pyread/function.h"
#include "core/pyread/methods.h"

#include <algorithm>

namespace tribikos::py {

namespace {

struct TypeNames
{
    QStringView type;
    QStringView names; // as dir() tells, without those of `object`
};

constexpr TypeNames typeNames[] = {
    {u"str",
     u"__add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ "
     u"__rmod__ __rmul__ capitalize casefold center count encode endswith expandtabs find "
     u"format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier "
     u"islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip "
     u"maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition "
     u"rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill"},
    {u"bytes",
     u"__add__ __bytes__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ "
     u"__mul__ __rmod__ __rmul__ capitalize center count decode endswith expandtabs find "
     u"fromhex hex index isalnum isalpha isascii isdigit islower isspace istitle isupper "
     u"join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind "
     u"rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase "
     u"title translate upper zfill"},
    {u"int",
     u"__abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ "
     u"__floordiv__ __getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ __mul__ "
     u"__neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ "
     u"__rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ "
     u"__rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ "
     u"as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag "
     u"numerator real to_bytes"},
    {u"float",
     u"__abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ "
     u"__getformat__ __getnewargs__ __int__ __mod__ __mul__ __neg__ __pos__ __pow__ "
     u"__radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ "
     u"__rtruediv__ __sub__ __truediv__ __trunc__ as_integer_ratio conjugate fromhex hex "
     u"imag is_integer real"},
    {u"bool",
     u"__abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ "
     u"__floordiv__ __getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ __mul__ "
     u"__neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ "
     u"__rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ "
     u"__rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ "
     u"as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag "
     u"numerator real to_bytes"},
    {u"list",
     u"__add__ __class_getitem__ __contains__ __delitem__ __getitem__ __iadd__ __imul__ "
     u"__iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append clear copy count "
     u"extend index insert pop remove reverse sort"},
    {u"tuple",
     u"__add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ "
     u"__mul__ __rmul__ count index"},
    {u"dict",
     u"__class_getitem__ __contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ "
     u"__or__ __reversed__ __ror__ __setitem__ clear copy fromkeys get items keys pop "
     u"popitem setdefault update values"},
    {u"set",
     u"__and__ __class_getitem__ __contains__ __iand__ __ior__ __isub__ __iter__ __ixor__ "
     u"__len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__ add clear copy "
     u"difference difference_update discard intersection intersection_update isdisjoint "
     u"issubset issuperset pop remove symmetric_difference symmetric_difference_update "
     u"union update"},
    {u"frozenset",
     u"__and__ __class_getitem__ __contains__ __iter__ __len__ __or__ __rand__ __ror__ "
     u"__rsub__ __rxor__ __sub__ __xor__ copy difference intersection isdisjoint issubset "
     u"issuperset symmetric_difference union"},
    {u"range",
     u"__bool__ __contains__ __getitem__ __iter__ __len__ __reversed__ count index start "
     u"step stop"},
    {u"slice",
     u"indices start step stop"},
    {u"NoneType",
     u"__bool__"},
    {u"function",
     u"__annotations__ __builtins__ __call__ __closure__ __code__ __defaults__ __dict__ "
     u"__get__ __globals__ __kwdefaults__ __module__ __name__ __qualname__"},
    {u"method",
     u"__call__ __func__ __self__"},
    {u"builtin_function_or_method",
     u"__call__ __module__ __name__ __qualname__ __self__ __text_signature__"},
    {u"generator",
     u"__del__ __iter__ __name__ __next__ __qualname__ close gi_code gi_frame gi_running "
     u"gi_suspended gi_yieldfrom send throw"},
    {u"dict_keys",
     u"__and__ __contains__ __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ "
     u"__rxor__ __sub__ __xor__ isdisjoint mapping"},
    {u"dict_values",
     u"__iter__ __len__ __reversed__ mapping"},
    {u"dict_items",
     u"__and__ __contains__ __iter__ __len__ __or__ __rand__ __reversed__ __ror__ __rsub__ "
     u"__rxor__ __sub__ __xor__ isdisjoint mapping"},
    {u"property",
     u"__delete__ __get__ __isabstractmethod__ __set__ __set_name__ deleter fdel fget fset "
     u"getter setter"},
    {u"type",
     u"__abstractmethods__ __annotations__ __base__ __bases__ __basicsize__ __call__ "
     u"__dict__ __dictoffset__ __flags__ __instancecheck__ __itemsize__ __module__ __mro__ "
     u"__name__ __or__ __prepare__ __qualname__ __ror__ __subclasscheck__ __subclasses__ "
     u"__text_signature__ __weakrefoffset__ mro"},
    {u"zip",
     u"__iter__ __next__ __setstate__"},
    {u"map",
     u"__iter__ __next__"},
    {u"filter",
     u"__iter__ __next__"},
    {u"enumerate",
     u"__class_getitem__ __iter__ __next__"},
    {u"date",
     u"__add__ __radd__ __rsub__ __sub__ ctime day fromisocalendar fromisoformat "
     u"fromordinal fromtimestamp isocalendar isoformat isoweekday max min month replace "
     u"resolution strftime timetuple today toordinal weekday year"},
    {u"datetime",
     u"__add__ __radd__ __rsub__ __sub__ astimezone combine ctime date day dst fold "
     u"fromisocalendar fromisoformat fromordinal fromtimestamp hour isocalendar isoformat "
     u"isoweekday max microsecond min minute month now replace resolution second strftime "
     u"strptime time timestamp timetuple timetz today toordinal tzinfo tzname "
     u"utcfromtimestamp utcnow utcoffset utctimetuple weekday year"},
    {u"time",
     u"dst fold fromisoformat hour isoformat max microsecond min minute replace resolution "
     u"second strftime tzinfo tzname utcoffset"},
    {u"timedelta",
     u"__abs__ __add__ __bool__ __divmod__ __floordiv__ __mod__ __mul__ __neg__ __pos__ "
     u"__radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __rsub__ __rtruediv__ __sub__ "
     u"__truediv__ days max microseconds min resolution seconds total_seconds"},
    {u"timezone",
     u"__getinitargs__ dst fromutc max min tzname utc utcoffset"},
    {u"Decimal",
     u"__abs__ __add__ __bool__ __ceil__ __complex__ __copy__ __deepcopy__ __divmod__ "
     u"__float__ __floor__ __floordiv__ __int__ __mod__ __module__ __mul__ __neg__ __pos__ "
     u"__pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ "
     u"__rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ adjusted as_integer_ratio "
     u"as_tuple canonical compare compare_signal compare_total compare_total_mag conjugate "
     u"copy_abs copy_negate copy_sign exp fma from_float imag is_canonical is_finite "
     u"is_infinite is_nan is_normal is_qnan is_signed is_snan is_subnormal is_zero ln log10 "
     u"logb logical_and logical_invert logical_or logical_xor max max_mag min min_mag "
     u"next_minus next_plus next_toward normalize number_class quantize radix real "
     u"remainder_near rotate same_quantum scaleb shift sqrt to_eng_string to_integral "
     u"to_integral_exact to_integral_value"},
    {u"UUID",
     u"__int__ __module__ __setstate__ __slots__ __weakref__ bytes bytes_le clock_seq "
     u"clock_seq_hi_variant clock_seq_low fields hex int is_safe node time time_hi_version "
     u"time_low time_mid urn variant version is_safe"},
    {u"PosixPath",
     u"__bytes__ __enter__ __exit__ __fspath__ __module__ __rtruediv__ __slots__ "
     u"__truediv__ absolute anchor as_posix as_uri chmod cwd drive exists expanduser glob "
     u"group hardlink_to home is_absolute is_block_device is_char_device is_dir is_fifo "
     u"is_file is_mount is_relative_to is_reserved is_socket is_symlink iterdir joinpath "
     u"lchmod link_to lstat match mkdir name open owner parent parents parts read_bytes "
     u"read_text readlink relative_to rename replace resolve rglob rmdir root samefile stat "
     u"stem suffix suffixes symlink_to touch unlink with_name with_stem with_suffix "
     u"write_bytes write_text"},
    {u"Path",
     u"__bytes__ __enter__ __exit__ __fspath__ __module__ __rtruediv__ __slots__ "
     u"__truediv__ absolute anchor as_posix as_uri chmod cwd drive exists expanduser glob "
     u"group hardlink_to home is_absolute is_block_device is_char_device is_dir is_fifo "
     u"is_file is_mount is_relative_to is_reserved is_socket is_symlink iterdir joinpath "
     u"lchmod link_to lstat match mkdir name open owner parent parents parts read_bytes "
     u"read_text readlink relative_to rename replace resolve rglob rmdir root samefile stat "
     u"stem suffix suffixes symlink_to touch unlink with_name with_stem with_suffix "
     u"write_bytes write_text"},
    {u"PurePosixPath",
     u"__bytes__ __fspath__ __module__ __rtruediv__ __slots__ __truediv__ anchor as_posix "
     u"as_uri drive is_absolute is_relative_to is_reserved joinpath match name parent "
     u"parents parts relative_to root stem suffix suffixes with_name with_stem with_suffix"},
    {u"PurePath",
     u"__bytes__ __fspath__ __module__ __rtruediv__ __slots__ __truediv__ anchor as_posix "
     u"as_uri drive is_absolute is_relative_to is_reserved joinpath match name parent "
     u"parents parts relative_to root stem suffix suffixes with_name with_stem with_suffix"},
    {u"Match",
     u"__class_getitem__ __copy__ __deepcopy__ __getitem__ __module__ end endpos expand "
     u"group groupdict groups lastgroup lastindex pos re regs span start string"},
    {u"Pattern",
     u"__class_getitem__ __copy__ __deepcopy__ __module__ findall finditer flags fullmatch "
     u"groupindex groups match pattern scanner search split sub subn"},
    {u"deque",
     u"__add__ __class_getitem__ __contains__ __copy__ __delitem__ __getitem__ __iadd__ "
     u"__imul__ __iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append "
     u"appendleft clear copy count extend extendleft index insert maxlen pop popleft remove "
     u"reverse rotate"},
    {u"Counter",
     u"__add__ __and__ __class_getitem__ __contains__ __delitem__ __dict__ __getitem__ "
     u"__iadd__ __iand__ __ior__ __isub__ __iter__ __len__ __missing__ __module__ __neg__ "
     u"__or__ __pos__ __reversed__ __ror__ __setitem__ __sub__ __weakref__ clear copy "
     u"elements fromkeys get items keys most_common pop popitem setdefault subtract total "
     u"update values"},
    {u"defaultdict",
     u"__class_getitem__ __contains__ __copy__ __delitem__ __getitem__ __ior__ __iter__ "
     u"__len__ __missing__ __or__ __reversed__ __ror__ __setitem__ clear copy "
     u"default_factory fromkeys get items keys pop popitem setdefault update values"},
    {u"OrderedDict",
     u"__class_getitem__ __contains__ __delitem__ __dict__ __getitem__ __ior__ __iter__ "
     u"__len__ __or__ __reversed__ __ror__ __setitem__ clear copy fromkeys get items keys "
     u"move_to_end pop popitem setdefault update values"},
};

constexpr QStringView objectNames =
    u"__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ "
    u"__getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ "
    u"__reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__";

constexpr QStringView builtinNames =
    u"ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup "
    u"BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError "
    u"ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError "
    u"DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception "
    u"ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError "
    u"FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError "
    u"IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError "
    u"MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented "
    u"NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError "
    u"ProcessLookupError RecursionError ReferenceError ResourceWarning RuntimeError "
    u"RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning "
    u"SystemError SystemExit TabError TimeoutError True TypeError UnboundLocalError "
    u"UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError "
    u"UnicodeWarning UserWarning ValueError Warning ZeroDivisionError abs aiter all anext "
    u"any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile "
    u"complex copyright credits delattr dict dir divmod enumerate eval exec exit filter "
    u"float format frozenset getattr globals hasattr hash help hex id input int isinstance "
    u"issubclass iter len license list locals map max memoryview min next object oct open "
    u"ord pow print property quit range repr reversed round set setattr slice sorted "
    u"staticmethod str sum super tuple type vars zip";

bool hasWord(QStringView words, QStringView word)
{
    for (qsizetype at = words.indexOf(word); at >= 0; at = words.indexOf(word, at + 1)) {
        const qsizetype end = at + word.size();
        if ((at == 0 || words[at - 1] == u' ') && (end == words.size() || words[end] == u' '))
            return true;
    }
    return false;
}

bool isNativeClass(const Class &cls)
{
    return !cls.globals && !cls.module.startsWith(u"sqlalchemy") && !cls.module.startsWith(u"alembic");
}

/// The type of Python's own that \a value's attributes come from; "": a class of the script, or another.
QString nativeType(const Interpreter &interpreter, const Value &value)
{
    if (const auto *instance = value.as<Instance>()) {
        if (instance->hasPayload)
            return nativeType(interpreter, instance->payload);
        return instance->cls && isNativeClass(*instance->cls) ? instance->cls->name : QString();
    }
    if (const auto *cls = value.as<Class>())
        return isNativeClass(*cls) ? cls->name : QString();
    return interpreter.typeName(value);
}

} // namespace

bool isOfPython(const Interpreter &interpreter, const Value &value, const QString &name)
{
    if (value.as<Unknown>() || value.as<Module>() || name.isEmpty())
        return false;
    const QString type = nativeType(interpreter, value);
    const auto *own = std::ranges::find(typeNames, QStringView(type), &TypeNames::type);
    if (own == std::end(typeNames))
        return false;
    const auto *ofClasses = value.as<Class>()
                                ? std::ranges::find(typeNames, QStringView(u"type"), &TypeNames::type)
                                : own;
    return hasWord(own->names, name) || hasWord(objectNames, name)
           || hasWord(ofClasses->names, name);
}

std::optional<bool> isOfAbstract(Interpreter &i, const Value &given, const QString &name)
{
    const Value value = i.plain(given);
    if (value.as<Instance>() || value.as<Class>() || value.as<Unknown>())
        return std::nullopt;
    const auto *set = value.as<Set>();
    const bool isSequence = value.isStr() || value.as<List>() || value.as<Tuple>()
                            || value.as<Bytes>() || value.as<Range>();
    if (name == u"Mapping" || name == u"MutableMapping")
        return value.as<Dict>() != nullptr;
    if (name == u"Sequence")
        return isSequence;
    if (name == u"MutableSequence")
        return value.as<List>() != nullptr;
    if (name == u"Set" || name == u"MutableSet")
        return set && (name == u"Set" || !set->frozen);
    if (name == u"Iterable")
        return i.isIterable(value);
    if (name == u"Callable")
        return i.isCallable(value);
    return std::nullopt;
}

bool isBuiltinName(const QString &name)
{
    return !name.isEmpty() && hasWord(builtinNames, name);
}

} // namespace tribikos::py
