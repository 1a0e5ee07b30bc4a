#pragma once

#include "core/pyread/value.h"

#include <QVarLengthArray>
#include <optional>
#include <vector>

namespace tribikos::py {

class Interpreter;

/// Takes a call's arguments apart the way a Python signature would:
///     Arguments a(interpreter, args, u"add_column"_s);
///     const Value table = a.required(u"table_name"_s);
///     const Value schema = a.keywordOnly(u"schema"_s);
///     a.finish(); // TypeError for what nobody asked for
class Arguments
{
public:
    Arguments(Interpreter &interpreter, const CallArgs &args, QString function);
    Value required(const QString &name);                          // positional or keyword
    Value optional(const QString &name, const Value &otherwise = {})
    {
        const bool isPassed = m_next < m_args.positional.size() || (m_passed & mark(name));
        return isPassed ? taken(name).value_or(otherwise) : otherwise;
    }
    std::optional<Value> taken(const QString &name);              // nullopt: not passed
    Value keywordOnly(const QString &name, const Value &otherwise = {})
    {
        const Value *passed = takeKeyword(name);
        return passed ? *passed : otherwise;
    }
    bool has(const QString &name) const                           // passed and not yet taken
    {
        return (m_passed & mark(name)) && isLeft(name);
    }
    std::vector<Value> rest();                                    // *args: the positional ones left
    std::vector<std::pair<QString, Value>> restKeywords();        // **kw: the keywords left
    void finish();

private:
    const Value *takeKeyword(const QString &name) // null when not passed
    {
        return (m_passed & mark(name)) ? findKeyword(name) : nullptr;
    }
    const Value *findKeyword(const QString &name);
    bool isLeft(const QString &name) const;
    /// One bit, by which most names that were not passed are told without a search: known to the compiler where the
    /// name is written down, as nearly everywhere.
    static quint64 mark(QStringView name)
    {
        return name.isEmpty() ? 1 : quint64(1) << ((name.size() * 8 + name.front().unicode()) & 63);
    }

    Interpreter &m_interpreter;
    const CallArgs &m_args;
    QString m_function;
    size_t m_next = 0;
    quint64 m_passed = 0;              // the marks of the call's keywords
    QVarLengthArray<bool, 32> m_taken; // beside the call's keywords
};

} // namespace tribikos::py
