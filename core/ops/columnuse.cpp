#include "core/ops/columnuse.h"

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isWordStart(QChar c)
{
    return c.isLetter() || c == u'_' || c.unicode() >= 0x80;
}

bool isWordPart(QChar c)
{
    return isWordStart(c) || c.isDigit() || c == u'$';
}

/// One identifier in a text: where it stands (quotes included) and what it names.
struct Word
{
    qsizetype start = 0;
    qsizetype end = 0;
    QString name{};
    QChar quote{}; // null: bare
};

/// Past the string or quoted name that starts at \a i; a doubled closing mark is part of it.
qsizetype pastQuoted(const QString &sql, qsizetype i)
{
    const QChar close = sql[i] == u'[' ? u']' : sql[i];
    for (++i; i < sql.size(); ++i) {
        if (sql[i] != close)
            continue;
        if (i + 1 < sql.size() && sql[i + 1] == close && close != u']')
            ++i;
        else
            return i + 1;
    }
    return sql.size();
}

/// Past the comment that starts at \a i, or \a i itself when none does.
qsizetype pastComment(const QString &sql, qsizetype i)
{
    const QStringView rest = QStringView(sql).mid(i);
    if (rest.startsWith(u"--")) {
        const qsizetype end = sql.indexOf(u'\n', i);
        return end < 0 ? sql.size() : end;
    }
    if (rest.startsWith(u"/*")) {
        const qsizetype end = sql.indexOf(u"*/"_s, i + 2);
        return end < 0 ? sql.size() : end + 2;
    }
    return i;
}

/// What follows and precedes a word decides whether it can name a column.
bool isColumnPlace(const QString &sql, const Word &word)
{
    if (word.start > 0 && sql[word.start - 1] == u':')
        return false;
    qsizetype next = word.end;
    while (next < sql.size() && sql[next].isSpace())
        ++next;
    return next >= sql.size() || (sql[next] != u'(' && sql[next] != u'.') || !word.quote.isNull();
}

QString unquoted(const QString &sql, qsizetype start, qsizetype end)
{
    const QChar close = sql[start] == u'[' ? u']' : sql[start];
    QString name = sql.mid(start + 1, std::max<qsizetype>(end - start - 2, 0));
    if (close != u']')
        name.replace(QString(2, close), QString(close));
    return name;
}

/// Calls \a visit for each word of \a sql that can be a column's name, in order.
void eachColumnWord(const QString &sql, const std::function<void(const Word &)> &visit)
{
    for (qsizetype i = 0; i < sql.size();) {
        const QChar c = sql[i];
        if (const qsizetype past = pastComment(sql, i); past > i) {
            i = past;
        } else if (c == u'\'') {
            i = pastQuoted(sql, i);
        } else if (c == u'"' || c == u'`' || c == u'[') {
            const qsizetype end = pastQuoted(sql, i);
            visit({i, end, unquoted(sql, i, end), c});
            i = end;
        } else if (isWordStart(c)) {
            qsizetype end = i + 1;
            while (end < sql.size() && isWordPart(sql[end]))
                ++end;
            const Word word{i, end, sql.mid(i, end - i)};
            if (isColumnPlace(sql, word))
                visit(word);
            i = end;
        } else if (c.isDigit()) {
            while (i < sql.size() && isWordPart(sql[i]))
                ++i;
        } else {
            ++i;
        }
    }
}

/// \a name as it can stand where \a word stood.
QString spelled(const QString &name, const Word &word)
{
    const bool bare = !name.isEmpty() && isWordStart(name[0])
                      && std::ranges::all_of(name, isWordPart);
    if (word.quote.isNull() && bare)
        return name;
    if (word.quote == u'[')
        return u'[' + name + u']';
    const QChar quote = word.quote.isNull() ? QChar(u'"') : word.quote;
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
    eachColumnWord(sql, [&](const Word &word) {
        found = found || word.name.compare(column, Qt::CaseInsensitive) == 0;
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
    eachColumnWord(sql, [&](const Word &word) {
        if (word.name.compare(from, Qt::CaseInsensitive) != 0)
            return;
        renamed += QStringView(sql).mid(copied, word.start - copied);
        renamed += spelled(to, word);
        copied = word.end;
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
