#include "core/ops/columnuse.h"

#include "core/base/sqltokenizer.h"

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Calls \a visit for each token of \a sql that can be a column's name, in order. The reading is
/// SQLite's, which knows every database's way of quoting a name.
void eachColumnName(const QString &sql, const std::function<void(const SqlToken &)> &visit)
{
    const QList<SqlToken> tokens = sqlTokens(sql);
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        const SqlToken &next = tokens[i + 1];
        const bool isOther = next.isSymbol(u".") || next.isSymbol(u"(");
        const bool isType = i > 0 && tokens[i - 1].isSymbol(u"::");
        if (tokens[i].isName() && !isOther && !isType)
            visit(tokens[i]);
    }
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

bool isVerbatim(const Expr &expression)
{
    return expression.kind == Expr::Kind::Text
           || (expression.kind == Expr::Kind::Column && expression.flag);
}

} // namespace

bool mentionsColumn(const QString &sql, const QString &column)
{
    bool found = false;
    eachColumnName(sql, [&](const SqlToken &token) {
        found = found || token.text.compare(column, Qt::CaseInsensitive) == 0;
    });
    return found;
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
    QString renamed;
    qsizetype copied = 0;
    eachColumnName(sql, [&](const SqlToken &token) {
        if (token.text.compare(from, Qt::CaseInsensitive) != 0)
            return;
        renamed += QStringView(sql).mid(copied, token.start - copied);
        renamed += spelled(to, sql, token);
        copied = token.end;
    });
    return renamed + sql.mid(copied);
}

ExprPtr withColumnRenamed(const ExprPtr &expression, const QString &from, const QString &to)
{
    if (!mentionsColumn(expression, from))
        return expression;
    Expr renamed = *expression;
    if (isVerbatim(renamed))
        renamed.text = withColumnRenamed(renamed.text, from, to);
    else if (renamed.kind == Expr::Kind::Column)
        renamed.text = to;
    for (ExprPtr &arg : renamed.args)
        arg = withColumnRenamed(arg, from, to);
    return std::make_shared<const Expr>(std::move(renamed));
}

} // namespace tribikos
