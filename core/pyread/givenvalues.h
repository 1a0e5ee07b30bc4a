#pragma once

#include "core/pyread/value.h"

#include <QMap>
#include <QSet>
#include <memory>
#include <optional>
#include <vector>

namespace tribikos::py {

struct Source;
namespace ast {
struct Expr;
}

/// What the user says of names that the project's files don't tell ([values] of tribikos.toml), in one interpreter.
/// Names are paths: "package.module.NAME", "package.module.f('a', k=1)", "package.module.table['key']"; empty
/// parentheses or brackets stand for any. What can't be read as a path or as a value is refused when somebody asks.
class GivenValues
{
public:
    /// Path -> Python expression; "\nSQL" is a query, whose rows are its value.
    explicit GivenValues(QMap<QString, QString> texts);
    ~GivenValues();

    /// The value of \a path; nullopt: nobody gives one.
    std::optional<Value> find(Interpreter &interpreter, const QString &path);
    /// That of calling \a path. Where a path goes on behind this very call, \a next becomes that call's.
    std::optional<Value> findCall(Interpreter &interpreter, const QString &path, const CallArgs &args, QString *next);
    std::optional<Value> findItem(Interpreter &interpreter, const QString &path, const Value &key, QString *next);

    /// Puts what is given for the names of \a module there, or over what it has by now; \a only: of these names.
    void place(Interpreter &interpreter, Module &module, const QStringList *only);
    bool concerns(Interpreter &interpreter, const QString &module);

private:
    struct Given
    {
        QString text{};
        std::optional<Value> value{};
        bool isBeingRead = false;
    };
    void read(Interpreter &interpreter);
    QString pathOf(Interpreter &interpreter, const ast::Expr &expression);
    Value evaluated(Interpreter &interpreter, const QString &path, Given &given);
    const ast::Expr &parsed(Interpreter &interpreter, const QString &text, const QString &path);
    void placeAt(Interpreter &interpreter, const Value &owner, const QString &path, const QStringList &names);
    QStringList namesBehind(const QString &path) const;

    QMap<QString, QString> m_texts;
    QMap<QString, Given> m_given{}; // by path as pathOf() spells it
    bool m_isRead = false;
    std::vector<std::shared_ptr<const Source>> m_sources{};
};

} // namespace tribikos::py
