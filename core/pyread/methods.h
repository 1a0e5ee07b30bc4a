#pragma once

#include "core/pyread/interpreter.h"

#include <span>

namespace tribikos::py {

/// A method of a builtin type: a row of a table.
struct Method
{
    QStringView name;
    Value (*call)(Interpreter &, const Value &self, const CallArgs &args);
};

/// \a self's method \a name out of \a table, bound; nullopt: it has none.
std::optional<Value> boundMethod(Interpreter &interpreter, std::span<const Method> table,
                                 const Value &self, const QString &name);

/// Whether Python's own type of \a value has an attribute \a name, whatever we know of it.
bool isOfPython(const Interpreter &interpreter, const Value &value, const QString &name);
/// isinstance(value, collections.abc.Mapping) of Python's own collections; nullopt: not so plain.
std::optional<bool> isOfAbstract(Interpreter &interpreter, const Value &value, const QString &name);
/// Whether Python's builtins have \a name.
bool isBuiltinName(const QString &name);

/// The tables, for `str.upper`-like access through the class.
std::span<const Method> strMethods();
std::span<const Method> bytesMethods();
std::span<const Method> listMethods();
std::span<const Method> tupleMethods();
std::span<const Method> dictMethods();
std::span<const Method> setMethods();

/// \a value itself; refuses one that is not known (Unknown).
const Value &known(Interpreter &interpreter, const Value &value);

/// The index in a sequence that \a key means, negative ones counted from the end; IndexError.
qint64 sequenceIndex(Interpreter &interpreter, const Value &key, qint64 length,
                     const QString &typeName);
/// Lexicographic comparison of two sequences.
Value compareSequences(Interpreter &interpreter, CompareOp op, const std::vector<Value> &left,
                       const std::vector<Value> &right);
/// Sorts stably, as list.sort(key=, reverse=) does.
void sortValues(Interpreter &interpreter, std::vector<Value> &values, const Value &key,
                bool reverse);

/// How many characters \a text has to Python, and where the one at \a at is counted.
qsizetype pythonLength(QStringView text);

/// Python's repr of a str, a float and of bytes.
QString reprText(const QString &text);
QString reprFloat(double number);
QString reprBytes(const QByteArray &bytes);
/// ascii() of a text that repr() made: what isn't ASCII is escaped.
QString asciiText(const QString &text);

/// format(value, spec) of plain values; ValueError for what Python refuses.
QString formatPlain(Interpreter &interpreter, const Value &value, const QString &spec);
/// "…" % value
QString percentFormat(Interpreter &interpreter, const QString &format, const Value &value);
/// "…".format(…)
QString braceFormat(Interpreter &interpreter, const QString &format, const CallArgs &args);

} // namespace tribikos::py
