// The functions of Python's builtins module; the classes are in builtintypes.cpp.
#include "core/pyread/function.h"
#include "core/pyread/methods.h"

#include <cmath>

namespace tribikos::py {

using namespace Qt::StringLiterals;

const Value &known(Interpreter &interpreter, const Value &value)
{
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    return value;
}

namespace {

using I = Interpreter;
using A = const CallArgs &;

struct Builtin
{
    QStringView name;
    Value (*call)(Interpreter &, const CallArgs &);
};

Value len(I &i, A args)
{
    Arguments a(i, args, u"len"_s);
    const Value value = a.required(u"obj"_s);
    a.finish();
    return Value(i.length(value));
}

Value range(I &i, A args)
{
    Arguments a(i, args, u"range"_s);
    std::vector<Value> given = a.rest();
    a.finish();
    if (given.empty() || given.size() > 3)
        i.raise(u"TypeError"_s, u"range expected 1 to 3 arguments, got %1"_s.arg(given.size()));
    for (Value &value : given) {
        value = known(i, i.plain(value));
        if (!value.isIntegral()) {
            i.raise(u"TypeError"_s,
                    u"'%1' object cannot be interpreted as an integer"_s.arg(i.typeName(value)));
        }
    }
    const qint64 step = given.size() > 2 ? given[2].toInt() : 1;
    if (step == 0)
        i.raise(u"ValueError"_s, u"range() arg 3 must not be zero"_s);
    return given.size() == 1 ? i.make<Range>(0, given[0].toInt(), 1)
                             : i.make<Range>(given[0].toInt(), given[1].toInt(), step);
}

Value enumerate(I &i, A args)
{
    Arguments a(i, args, u"enumerate"_s);
    const Value iterable = a.required(u"iterable"_s);
    const Value start = a.optional(u"start"_s, Value(0));
    a.finish();
    return i.make<LazyItems>(u"enumerate"_s, [in = &i, iterable, start](const Visitor &visit) {
        qint64 index = start.toInt();
        in->iterate(iterable, [&](const Value &item) {
            return visit(in->tuple({Value(index++), item}));
        });
    });
}

Value zip(I &i, A args)
{
    Arguments a(i, args, u"zip"_s);
    const bool strict = i.truth(a.keywordOnly(u"strict"_s, Value(false)));
    std::vector<std::function<std::optional<Value>()>> sources;
    for (const Value &iterable : a.rest())
        sources.push_back(puller(i, iterable));
    a.finish();
    return i.make<Iterator>(
        u"zip"_s, Iterator::Producer([in = &i, sources = std::move(sources),
                                      strict]() -> std::optional<Value> {
            std::vector<Value> row;
            for (const auto &source : sources) {
                const std::optional<Value> item = source();
                if (!item && (!strict || (row.empty() && &source == &sources.front()))) {
                    for (const auto &other : sources) {
                        if (strict && &other != &source && other())
                            in->raise(u"ValueError"_s, u"zip() arguments have different lengths"_s);
                    }
                    return std::nullopt;
                }
                if (!item)
                    in->raise(u"ValueError"_s, u"zip() arguments have different lengths"_s);
                row.push_back(*item);
            }
            if (row.empty())
                return std::nullopt;
            return in->tuple(std::move(row));
        }));
}

Value map(I &i, A args)
{
    Arguments a(i, args, u"map"_s);
    const Value function = a.required(u"function"_s);
    std::vector<Value> iterables = a.rest();
    a.finish();
    if (iterables.size() == 1) {
        return i.make<LazyItems>(u"map"_s, [in = &i, function,
                                            it = iterables[0]](const Visitor &visit) {
            in->iterate(it, [&](const Value &item) { return visit(in->call(function, {item})); });
        });
    }
    std::vector<std::function<std::optional<Value>()>> sources;
    for (const Value &iterable : iterables)
        sources.push_back(puller(i, iterable));
    return i.make<Iterator>(
        u"map"_s, Iterator::Producer(
                      [in = &i, function, sources = std::move(sources)]() -> std::optional<Value> {
                          std::vector<Value> row;
                          for (const auto &source : sources) {
                              const std::optional<Value> item = source();
                              if (!item)
                                  return std::nullopt;
                              row.push_back(*item);
                          }
                          return in->call(function, std::move(row));
                      }));
}

Value filter(I &i, A args)
{
    Arguments a(i, args, u"filter"_s);
    const Value function = a.required(u"function"_s);
    const Value iterable = a.required(u"iterable"_s);
    a.finish();
    return i.make<LazyItems>(u"filter"_s, [in = &i, function, iterable](const Visitor &visit) {
        in->iterate(iterable, [&](const Value &item) {
            const bool passes = in->truth(function.isNone() ? item : in->call(function, {item}));
            return !passes || visit(item);
        });
    });
}

Value sorted(I &i, A args)
{
    Arguments a(i, args, u"sorted"_s);
    std::vector<Value> values = i.items(a.required(u"iterable"_s));
    const Value key = a.keywordOnly(u"key"_s);
    const bool reverse = i.truth(a.keywordOnly(u"reverse"_s, Value(false)));
    a.finish();
    sortValues(i, values, key, reverse);
    return i.list(std::move(values));
}

Value reversed(I &i, A args)
{
    Arguments a(i, args, u"reversed"_s);
    const Value sequence = a.required(u"sequence"_s);
    a.finish();
    if (sequence.as<Set>())
        i.raise(u"TypeError"_s, u"'set' object is not reversible"_s);
    std::vector<Value> values = i.items(sequence);
    std::reverse(values.begin(), values.end());
    return i.make<Iterator>(u"list_reverseiterator"_s, std::move(values));
}

Value extreme(I &i, A args, bool largest)
{
    Arguments a(i, args, largest ? u"max"_s : u"min"_s);
    const Value key = a.keywordOnly(u"key"_s);
    const bool hasDefault = args.keyword(u"default"_s) != nullptr;
    const Value otherwise = a.keywordOnly(u"default"_s);
    std::vector<Value> values = a.rest();
    a.finish();
    if (values.size() == 1)
        values = i.items(values.front());
    if (values.empty()) {
        if (hasDefault)
            return otherwise;
        i.raise(u"ValueError"_s,
                u"%1() arg is an empty sequence"_s.arg(largest ? u"max"_s : u"min"_s));
    }
    Value best = values.front();
    Value bestKey = key.isNone() ? best : i.call(key, {best});
    for (size_t at = 1; at < values.size(); ++at) {
        const Value candidate = key.isNone() ? values[at] : i.call(key, {values[at]});
        if (largest ? i.less(bestKey, candidate) : i.less(candidate, bestKey)) {
            best = values[at];
            bestKey = candidate;
        }
    }
    return best;
}

Value sum(I &i, A args)
{
    Arguments a(i, args, u"sum"_s);
    const Value iterable = a.required(u"iterable"_s);
    Value total = a.optional(u"start"_s, Value(0));
    a.finish();
    i.iterate(iterable, [&](const Value &item) {
        total = i.binary(BinaryOp::Add, total, item);
        return true;
    });
    return total;
}

Value quantified(I &i, A args, bool any)
{
    Arguments a(i, args, any ? u"any"_s : u"all"_s);
    const Value iterable = a.required(u"iterable"_s);
    a.finish();
    bool result = !any;
    i.iterate(iterable, [&](const Value &item) {
        if (i.truth(item) == any)
            result = any;
        return result != any;
    });
    return Value(result);
}

bool isOneOf(I &i, const Value &types, const Value &value, const QString &function, const auto &test)
{
    if (const auto *tuple = types.as<Tuple>()) {
        for (const Value &one : tuple->items) {
            if (isOneOf(i, one, value, function, test))
                return true;
        }
        return false;
    }
    known(i, types);
    const auto *cls = types.as<Class>();
    if (!cls && i.typeName(types) == u"typing") {
        const Value name = i.getAttr(types, u"_name"_s);
        if (const auto answer = isOfAbstract(i, value, name.str()))
            return *answer;
    }
    if (!cls && types.isObject())
        i.unsupported(u"asks with %1() for %2"_s.arg(function, i.typeName(types)));
    if (!cls) {
        i.raise(u"TypeError"_s,
                u"%1() arg 2 must be a type, a tuple of types, or a union"_s.arg(function));
    }
    return test(cls);
}

Value isInstance(I &i, A args)
{
    Arguments a(i, args, u"isinstance"_s);
    const Value value = known(i, a.required(u"obj"_s));
    const Value types = a.required(u"class_or_tuple"_s);
    a.finish();
    return Value(isOneOf(i, types, value, u"isinstance"_s,
                         [&](const Class *cls) { return i.isInstance(value, cls); }));
}

Value isSubclass(I &i, A args)
{
    Arguments a(i, args, u"issubclass"_s);
    const Value value = known(i, a.required(u"cls"_s));
    const Value types = a.required(u"class_or_tuple"_s);
    a.finish();
    const auto *sub = value.as<Class>();
    if (!sub)
        i.raise(u"TypeError"_s, u"issubclass() arg 1 must be a class"_s);
    return Value(isOneOf(i, types, value, u"issubclass"_s,
                         [&](const Class *cls) { return sub->isSubclassOf(cls); }));
}

Value hasAttr(I &i, A args)
{
    Arguments a(i, args, u"hasattr"_s);
    const Value value = a.required(u"obj"_s);
    const QString name = i.str(a.required(u"name"_s));
    a.finish();
    try {
        const std::optional<Value> found = i.findAttr(value, name);
        const auto *unknown = found ? found->as<Unknown>() : nullptr;
        // `op` has what Alembic gives it, all of which is known here.
        const auto *module = value.as<Module>();
        if (unknown && module && module->effects)
            return Value(false);
        if (unknown && (value.as<Module>() || value.as<Unknown>()))
            unknown->refuse(i);
        return Value(found.has_value() || isOfPython(i, value, name));
    } catch (const Raised &raised) {
        if (i.isInstance(raised.exception, u"AttributeError"_s))
            return Value(false);
        throw;
    }
}

Value getAttribute(I &i, A args)
{
    Arguments a(i, args, u"getattr"_s);
    const Value value = a.required(u"obj"_s);
    const QString name = i.str(a.required(u"name"_s));
    const std::vector<Value> otherwise = a.rest();
    a.finish();
    if (otherwise.empty())
        return i.getAttr(value, name);
    try {
        if (const std::optional<Value> found = i.findAttr(value, name))
            return *found;
        return isOfPython(i, value, name) ? i.getAttr(value, name) : otherwise.front();
    } catch (const Raised &raised) {
        if (i.isInstance(raised.exception, u"AttributeError"_s))
            return otherwise.front();
        throw;
    }
}

Value print(I &i, A args)
{
    const auto textOf = [&](const QString &name, const QString &otherwise) {
        const Value *given = args.keyword(name);
        return given && !given->isNone() ? i.str(*given) : otherwise;
    };
    const Value *file = args.keyword(u"file"_s);
    const bool isToFile = file && !file->isNone();
    QString line;
    for (size_t n = 0; n < args.positional.size(); ++n) {
        if (args.positional[n].as<Unknown>() && !isToFile)
            return {}; // what is printed reaches nobody
        line += (n == 0 ? QString() : textOf(u"sep"_s, u" "_s)) + i.str(args.positional[n]);
    }
    if (isToFile)
        i.callMethod(*file, u"write"_s, {Value(line + textOf(u"end"_s, u"\n"_s))});
    else
        i.print(line);
    return {};
}

Value roundTo(I &i, A args)
{
    Arguments a(i, args, u"round"_s);
    const Value value = i.plain(known(i, a.required(u"number"_s)));
    const Value digits = a.optional(u"ndigits"_s);
    a.finish();
    if (!value.isNumber())
        return i.callMethod(value, u"__round__"_s, {digits});
    if (value.isIntegral() && (digits.isNone() || digits.toInt() >= 0))
        return Value(value.toInt());
    if (digits.isNone() && std::fabs(value.toDouble()) >= 9e18)
        i.unsupported(u"rounds to a whole number beyond 64 bits"_s);
    if (digits.isNone())
        return Value(qint64(std::nearbyint(value.toDouble()))); // to even, as Python does
    if (digits.toInt() < 0 || digits.toInt() > 300) {
        const double scale = std::pow(10.0, double(-digits.toInt()));
        const double rounded = std::nearbyint(value.toDouble() / scale) * scale;
        return value.isIntegral() ? Value(qint64(rounded)) : Value(rounded);
    }
    // through the decimal text: the double nearest to the rounded decimal, as Python does
    return Value(i.format(Value(value.toDouble()), u".%1f"_s.arg(digits.toInt())).toDouble());
}

Value ordinal(I &i, A args)
{
    Arguments a(i, args, u"ord"_s);
    const Value value = i.plain(known(i, a.required(u"c"_s)));
    a.finish();
    const QList<uint> codes = value.str().toUcs4();
    if (!value.isStr() || codes.size() != 1)
        i.raise(u"TypeError"_s, u"ord() expected a character"_s);
    return Value(codes.first());
}

Value character(I &i, A args)
{
    Arguments a(i, args, u"chr"_s);
    const Value value = known(i, i.plain(a.required(u"i"_s)));
    a.finish();
    if (value.toInt() < 0 || value.toInt() > 0x10ffff)
        i.raise(u"ValueError"_s, u"chr() arg not in range(0x110000)"_s);
    const char32_t code = char32_t(value.toInt());
    return Value(QString::fromUcs4(&code, 1));
}

Value inBase(I &i, A args, const QString &name, int base, const QString &prefix)
{
    Arguments a(i, args, name);
    const Value value = known(i, i.plain(a.required(u"number"_s)));
    a.finish();
    if (!value.isIntegral()) {
        i.raise(u"TypeError"_s,
                u"'%1' object cannot be interpreted as an integer"_s.arg(i.typeName(value)));
    }
    const qint64 number = value.toInt();
    const quint64 absolute = number < 0 ? quint64(0) - quint64(number) : quint64(number);
    return Value((number < 0 ? u"-"_s : QString()) + prefix + QString::number(absolute, base));
}

Value next(I &i, A args)
{
    Arguments a(i, args, u"next"_s);
    const Value iterator = a.required(u"iterator"_s);
    const std::vector<Value> otherwise = a.rest();
    a.finish();
    known(i, iterator);
    const auto *instance = iterator.as<Instance>();
    std::optional<Value> value;
    if (iterator.as<Iterator>() || iterator.as<LazyItems>() || iterator.as<Generator>()
        || (instance && instance->cls->lookup(u"__next__"_s)))
        value = puller(i, iterator)();
    else
        i.raise(u"TypeError"_s, u"'%1' object is not an iterator"_s.arg(i.typeName(iterator)));
    if (value)
        return *value;
    if (otherwise.empty())
        i.raise(u"StopIteration"_s, {});
    return otherwise.front();
}

Value iter(I &i, A args)
{
    Arguments a(i, args, u"iter"_s);
    const Value value = a.required(u"object"_s);
    a.finish();
    if (value.as<Iterator>() || value.as<LazyItems>() || value.as<Generator>())
        return value;
    if (!i.isIterable(known(i, value)))
        i.raise(u"TypeError"_s, u"'%1' object is not iterable"_s.arg(i.typeName(value)));
    return i.make<Iterator>(u"iterator"_s, Iterator::Producer(puller(i, value)));
}

Value vars(I &i, A args)
{
    Arguments a(i, args, u"vars"_s);
    const Value value = a.required(u"object"_s);
    a.finish();
    return i.getAttr(value, u"__dict__"_s);
}

Value dir(I &i, A args)
{
    Arguments a(i, args, u"dir"_s);
    const Value value = a.required(u"object"_s);
    a.finish();
    QStringList names;
    if (const auto *cls = value.as<Class>())
        names = cls->names();
    else if (const auto *module = value.as<Module>(); module && !module->file.isEmpty())
        names = module->names();
    else
        i.unsupported(u"calls dir() on a '%1'"_s.arg(i.typeName(value)));
    names.sort();
    std::vector<Value> items;
    for (const QString &name : names)
        items.emplace_back(name);
    return i.list(std::move(items));
}

Value import(I &i, A args)
{
    Arguments a(i, args, u"__import__"_s);
    const QString name = i.str(a.required(u"name"_s));
    return i.importModule(name.section(u'.', 0, 0));
}

[[noreturn]] Value refuse(I &i, const QString &what)
{
    i.unsupported(what);
}

constexpr Builtin functions[] = {
    {u"len", len},
    {u"range", range},
    {u"enumerate", enumerate},
    {u"zip", zip},
    {u"map", map},
    {u"filter", filter},
    {u"sorted", sorted},
    {u"reversed", reversed},
    {u"min", [](I &i, A a) { return extreme(i, a, false); }},
    {u"max", [](I &i, A a) { return extreme(i, a, true); }},
    {u"sum", sum},
    {u"any", [](I &i, A a) { return quantified(i, a, true); }},
    {u"all", [](I &i, A a) { return quantified(i, a, false); }},
    {u"isinstance", isInstance},
    {u"issubclass", isSubclass},
    {u"hasattr", hasAttr},
    {u"getattr", getAttribute},
    {u"setattr",
     [](I &i, A args) {
         Arguments a(i, args, u"setattr"_s);
         const Value value = a.required(u"obj"_s);
         const QString name = i.str(a.required(u"name"_s));
         i.setAttr(value, name, a.required(u"value"_s));
         return Value();
     }},
    {u"delattr",
     [](I &i, A args) {
         Arguments a(i, args, u"delattr"_s);
         const Value value = a.required(u"obj"_s);
         const QString name = i.str(a.required(u"name"_s));
         if (!value.isObject() || !value.object()->delAttr(i, name))
             i.raise(u"AttributeError"_s, name);
         return Value();
     }},
    {u"repr",
     [](I &i, A a) { return Value(i.repr(Arguments(i, a, u"repr"_s).required(u"obj"_s))); }},
    {u"ascii",
     [](I &i, A a) {
         return Value(asciiText(i.repr(Arguments(i, a, u"ascii"_s).required(u"obj"_s))));
     }},
    {u"print", print},
    {u"abs",
     [](I &i, A args) {
         const Value value = i.plain(known(i, Arguments(i, args, u"abs"_s).required(u"x"_s)));
         if (!value.isNumber())
             return i.callMethod(value, u"__abs__"_s);
         if (value.isFloat())
             return Value(std::fabs(value.toDouble()));
         return value.toInt() < 0 ? i.unary(UnaryOp::Minus, value) : Value(value.toInt());
     }},
    {u"round", roundTo},
    {u"divmod",
     [](I &i, A args) {
         Arguments a(i, args, u"divmod"_s);
         const Value left = a.required(u"a"_s);
         const Value right = a.required(u"b"_s);
         return i.tuple(
             {i.binary(BinaryOp::FloorDiv, left, right), i.binary(BinaryOp::Mod, left, right)});
     }},
    {u"pow",
     [](I &i, A args) {
         Arguments a(i, args, u"pow"_s);
         const Value base = a.required(u"base"_s);
         const Value exponent = a.required(u"exp"_s);
         const Value modulus = a.optional(u"mod"_s);
         a.finish();
         if (!modulus.isNone() && i.less(exponent, Value(0)))
             i.unsupported(u"computes the inverse of a number with pow()"_s);
         const Value power = i.binary(BinaryOp::Pow, base, exponent);
         return modulus.isNone() ? power : i.binary(BinaryOp::Mod, power, modulus);
     }},
    {u"ord", ordinal},
    {u"chr", character},
    {u"hex", [](I &i, A a) { return inBase(i, a, u"hex"_s, 16, u"0x"_s); }},
    {u"oct", [](I &i, A a) { return inBase(i, a, u"oct"_s, 8, u"0o"_s); }},
    {u"bin", [](I &i, A a) { return inBase(i, a, u"bin"_s, 2, u"0b"_s); }},
    {u"iter", iter},
    {u"next", next},
    {u"vars", vars},
    {u"dir", dir},
    {u"callable",
     [](I &i, A a) {
         return Value(i.isCallable(Arguments(i, a, u"callable"_s).required(u"obj"_s)));
     }},
    {u"format",
     [](I &i, A args) {
         Arguments a(i, args, u"format"_s);
         const Value value = a.required(u"value"_s);
         return Value(i.format(value, i.str(a.optional(u"format_spec"_s, Value(QString())))));
     }},
    {u"id", [](I &i, A) { return i.unknown(u"id()"_s, u"it differs from run to run"_s); }},
    {u"hash",
     [](I &i, A args) {
         // Of small whole numbers it is the number itself, of everything else an accident.
         const Value value = i.plain(Arguments(i, args, u"hash"_s).required(u"obj"_s));
         if (value.isIntegral() && qAbs(value.toInt()) < (qint64(1) << 60))
             return value.toInt() == -1 ? Value(-2) : Value(value.toInt());
         return i.unknown(u"hash()"_s, u"it differs from run to run"_s);
     }},
    {u"__import__", import},
    {u"open",
     [](I &i, A a) {
         // What an offline script writes goes nowhere, as what it prints; a run would have to write it.
         const Value *mode = a.positional.size() > 1 ? &a.positional[1] : a.keyword(u"mode"_s);
         static const QStringList writing{u"w"_s,  u"a"_s,  u"x"_s, u"wt"_s,
                                          u"wb"_s, u"at"_s, u"ab"_s};
         if (i.state(u"offline"_s) && mode && mode->isStr() && writing.contains(mode->str()))
             return i.getAttr(i.importModule(u"logging"_s), u"file"_s); // as silent as a logger
         return refuse(i, u"reads a file with open(): Tribikos runs no code that "
                          "touches files"_s);
     }},
    {u"input", [](I &i, A) { return refuse(i, u"asks the terminal with input()"_s); }},
    {u"eval", [](I &i, A) { return refuse(i, u"runs text as code with eval()"_s); }},
    {u"exec", [](I &i, A) { return refuse(i, u"runs text as code with exec()"_s); }},
    {u"compile", [](I &i, A) { return refuse(i, u"runs text as code with compile()"_s); }},
    {u"breakpoint", [](I &i, A) { return refuse(i, u"starts a debugger with breakpoint()"_s); }},
    {u"exit", [](I &i, A) -> Value { i.raise(u"SystemExit"_s, {}); }},
    {u"quit", [](I &i, A) -> Value { i.raise(u"SystemExit"_s, {}); }},
};

} // namespace

std::optional<Value> Interpreter::builtinFunction(const QString &name)
{
    for (const Builtin &function_ : functions) {
        if (function_.name == name)
            return function(name, function_.call);
    }
    return std::nullopt;
}

} // namespace tribikos::py
