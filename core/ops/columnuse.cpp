#include "core/ops/columnuse.h"

#include "core/base/sqltokenizer.h"

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Which of a text's names are meant.
enum class Names { Columns, All };

/// Calls \a visit for each token of \a sql that is such a name, in order. The reading is SQLite's,
/// which knows every database's way of quoting a name.
void eachName(const QString &sql, Names wanted, const std::function<void(const SqlToken &)> &visit)
{
    const QList<SqlToken> tokens = sqlTokens(sql);
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        const SqlToken &next = tokens[i + 1];
        const bool isOther = next.isSymbol(u".") || next.isSymbol(u"(");
        const bool isType = i > 0 && tokens[i - 1].isSymbol(u"::");
        if (tokens[i].isName() && (wanted == Names::All || (!isOther && !isType)))
            visit(tokens[i]);
    }
}

bool mentions(const QString &sql, Names wanted, const QString &name)
{
    bool found = false;
    eachName(sql, wanted, [&](const SqlToken &token) {
        found = found || token.text.compare(name, Qt::CaseInsensitive) == 0;
    });
    return found;
}

/// \a name as it can stand where \a token stood.
QString spelled(const QString &name, const QString &sql, const SqlToken &token)
{
    const QList<SqlToken> alone = sqlTokens(name);
    const bool isBare = alone.size() == 2 && alone[0].kind == SqlToken::Kind::Word;
    if (token.kind == SqlToken::Kind::Word && isBare)
        return name;
    const QChar quote = token.kind == SqlToken::Kind::Word ? QChar(u'"') : sql[token.start];
    if (quote == u'[')
        return u'[' + name + u']';
    return quote + QString(name).replace(quote, QString(2, quote)) + quote;
}

QString renamed(const QString &sql, Names wanted, const QString &from, const QString &to)
{
    QString result;
    qsizetype copied = 0;
    eachName(sql, wanted, [&](const SqlToken &token) {
        if (token.text.compare(from, Qt::CaseInsensitive) != 0)
            return;
        result += QStringView(sql).mid(copied, token.start - copied);
        result += spelled(to, sql, token);
        copied = token.end;
    });
    return result + sql.mid(copied);
}

bool isVerbatim(const Expr &expression)
{
    return expression.kind == Expr::Kind::Text
           || (expression.kind == Expr::Kind::Column && expression.flag);
}

} // namespace

bool mentionsColumn(const QString &sql, const QString &column)
{
    return mentions(sql, Names::Columns, column);
}

bool mentionsName(const QString &sql, const QString &name)
{
    return mentions(sql, Names::All, name);
}

QString withNameRenamed(const QString &sql, const QString &from, const QString &to)
{
    return renamed(sql, Names::All, from, to);
}

bool mentionsColumn(const ExprPtr &expression, const QString &column)
{
    if (!expression)
        return false;
    if (isVerbatim(*expression))
        return mentionsColumn(expression->text, column);
    if (expression->kind == Expr::Kind::Column)
        return expression->text == column;
    return std::ranges::any_of(expression->args,
                               [&](const ExprPtr &arg) { return mentionsColumn(arg, column); });
}

QString withColumnRenamed(const QString &sql, const QString &from, const QString &to)
{
    return renamed(sql, Names::Columns, from, to);
}

ExprPtr withColumnRenamed(const ExprPtr &expression, const QString &from, const QString &to)
{
    if (!mentionsColumn(expression, from))
        return expression;
    Expr changed = *expression;
    if (isVerbatim(changed))
        changed.text = withColumnRenamed(changed.text, from, to);
    else if (changed.kind == Expr::Kind::Column)
        changed.text = to;
    for (ExprPtr &arg : changed.args)
        arg = withColumnRenamed(arg, from, to);
    return std::make_shared<const Expr>(std::move(changed));
}

bool usesColumn(const Constraint &constraint, const QString &column)
{
    if (const auto *check = std::get_if<CheckConstraint>(&constraint))
        return mentionsColumn(check->condition, column);
    if (const auto *exclude = std::get_if<ExcludeConstraint>(&constraint))
        return mentionsColumn(exclude->where, column)
               || std::ranges::any_of(exclude->elements, [&](const auto &element) {
                      return mentionsColumn(element.first, column);
                  });
    return std::visit(
        [&](const auto &c) {
            if constexpr (requires { c.columns; })
                return c.columns.contains(column);
            else
                return false;
        },
        constraint);
}

bool usesColumn(const Index &index, const QString &column)
{
    const auto mentions = [&](const ExprPtr &element) { return mentionsColumn(element, column); };
    const auto inOption = [&](const DialectOption &option) {
        if (const auto *expression = std::get_if<ExprPtr>(&option))
            return mentions(*expression);
        if (const auto *text = std::get_if<QString>(&option))
            return mentionsName(*text, column);
        const auto *list = std::get_if<QStringList>(&option);
        return list && list->contains(column);
    };
    if (index.elements.isEmpty() && mentionsName(index.sql, column)) // a text that was not taken apart
        return true;
    return std::ranges::any_of(index.elements, mentions)
           || std::ranges::any_of(index.options, inOption);
}

} // namespace tribikos
