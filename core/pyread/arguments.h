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
    Value optional(const QString &name, const Value &otherwise = {});
    Value keywordOnly(const QString &name, const Value &otherwise = {});
    bool has(const QString &name) const;                          // passed and not yet taken
    std::vector<Value> rest();                                    // *args: the positional ones left
    std::vector<std::pair<QString, Value>> restKeywords();        // **kw: the keywords left
    void finish();

private:
    std::optional<Value> take(const QString &name);
    const Value *takeKeyword(const QString &name); // null when not passed

    Interpreter &m_interpreter;
    const CallArgs &m_args;
    QString m_function;
    size_t m_next = 0;
    QVarLengthArray<bool, 32> m_taken; // beside the call's keywords
};

} // namespace tribikos::py
