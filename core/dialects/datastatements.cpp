#include "core/dialects/expressionprinter.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QString BaseDialect::ddlExpression(const ExprPtr &expr, Rendering &rendering) const
{
    const bool literalBinds = std::exchange(rendering.literalBinds, true);
    const bool bindsRequired = std::exchange(rendering.bindsRequired, false);
    const QString text = ExpressionPrinter(*this, rendering, false).print(expr);
    rendering.literalBinds = literalBinds;
    rendering.bindsRequired = bindsRequired;
    return text;
}

Result<QString> BaseDialect::expression(const ExprPtr &expr, const RenderContext &context) const
{
    Rendering rendering{.context = context, .literalBinds = context.literalBinds};
    const QString text = ExpressionPrinter(*this, rendering, true).print(expr);
    if (rendering.error)
        return *rendering.error;
    return text;
}

QString BaseDialect::executeText(const Execute &execute, const RenderContext &context,
                                 Rendering &rendering) const
{
    if (!execute.statement)
        return rendering.fail(u"A statement to execute is missing"_s);
    if (execute.isScriptText)
        return execute.statement->text;
    if (execute.isDdlText)
        return QString(execute.statement->text).replace("%%"_L1, "%"_L1);
    rendering.literalBinds = context.literalBinds;
    rendering.bindsRequired = !context.offline;
    return ExpressionPrinter(*this, rendering, true).print(execute.statement);
}

void BaseDialect::add(const BulkInsert &insert, Rendering &rendering, QStringList &statements) const
{
    const QString start = u"INSERT INTO "_s + tableIdent({insert.table.schema, insert.table.name});
    for (const QMap<QString, ExprPtr> &row : insert.rows) {
        QStringList columns;
        QStringList values;
        qsizetype known = 0;
        for (const auto &[column, columnType] : insert.table.columns) {
            const auto value = row.constFind(column);
            if (value == row.cend())
                continue;
            ++known;
            columns += ident(column);
            // Expressions are printed as they are, inline_literal()s by their own type, plain
            // values by the column's.
            const Expr *plain =
                *value && (*value)->kind == Expr::Kind::Value ? value->get() : nullptr;
            values += plain ? typedLiteral(plain->value, plain->type ? plain->type : columnType,
                                           rendering)
                            : ExpressionPrinter(*this, rendering, true).print(*value);
        }
        if (known != row.size())
            rendering.fail(u"A row for table %1 has a column that the table does not"_s.arg(
                insert.table.name));
        if (rendering.error)
            return;
        rendering.say(
            statements,
            columns.isEmpty()
                ? start + emptyRow()
                : start + u" (%1) VALUES (%2)"_s.arg(columns.join(u", "_s), values.join(u", "_s)));
    }
}

QString BaseDialect::function(const QString &name, const QString &arguments,
                              bool hasArguments) const
{
    // SQL's functions without parentheses.
    static const QHash<QString, QString> bare{{u"current_date"_s, u"CURRENT_DATE"_s},
                                              {u"current_time"_s, u"CURRENT_TIME"_s},
                                              {u"current_timestamp"_s, u"CURRENT_TIMESTAMP"_s},
                                              {u"current_user"_s, u"CURRENT_USER"_s},
                                              {u"localtime"_s, u"LOCALTIME"_s},
                                              {u"localtimestamp"_s, u"LOCALTIMESTAMP"_s},
                                              {u"session_user"_s, u"SESSION_USER"_s},
                                              {u"user"_s, u"USER"_s},
                                              {u"sysdate"_s, u"sysdate"_s},
                                              {u"cube"_s, u"CUBE"_s},
                                              {u"rollup"_s, u"ROLLUP"_s},
                                              {u"grouping_sets"_s, u"GROUPING SETS"_s}};
    if (const auto found = bare.constFind(name.toLower()); found != bare.cend())
        return *found + (hasArguments ? u'(' + arguments + u')' : QString());
    QStringList parts;
    for (const QString &part : name.split(u'.')) {
        const bool isPlain =
            !part.isEmpty() && std::all_of(part.cbegin(), part.cend(), [](QChar c) {
                return c.unicode() < 0x80 && (c.isLetterOrNumber() || c == u'_' || c == u'$');
            });
        parts += isPlain ? part : ident(part);
    }
    return parts.join(u'.') + u'(' + arguments + u')';
}

QString BaseDialect::concatenation(const QStringList &operands) const
{
    return operands.join(u" || "_s);
}

QString BaseDialect::distinction(const QString &left, const QString &right, bool isNegated) const
{
    return left + (isNegated ? u" IS NOT DISTINCT FROM "_s : u" IS DISTINCT FROM "_s) + right;
}

QString BaseDialect::caseInsensitiveLike(const QString &left, const QString &right,
                                         bool isNegated) const
{
    return u"lower(%1)%2 LIKE lower(%3)"_s.arg(left, isNegated ? u" NOT"_s : QString(), right);
}

QString BaseDialect::division(const QString &left, const QString &right,
                              const SqlTypePtr &rightType, Rendering &rendering) const
{
    return left + u" / "_s
           + u"CAST(%1 AS %2)"_s.arg(right,
                                     rightType ? castType(rightType, rendering) : u"NUMERIC"_s);
}

QString BaseDialect::array(const QString &, const SqlTypePtr &, Rendering &rendering) const
{
    return rendering.fail(
        u"%1 has no arrays; use a JSON value or a table"_s.arg(backendTitle(backend())));
}

QString BaseDialect::extract(const QString &field, const QString &from, Rendering &) const
{
    return u"EXTRACT(%1 FROM %2)"_s.arg(field, from);
}

QString BaseDialect::regexpReplace(const QString &text, const QString &pattern,
                                   const QString &replacement, const QString &flags,
                                   Rendering &rendering) const
{
    const QString last = flags.isEmpty() ? QString() : u", "_s + stringLiteral(flags, rendering);
    return u"REGEXP_REPLACE(%1, %2, %3%4)"_s.arg(text, pattern, replacement, last);
}

QString BaseDialect::bindCast(const SqlTypePtr &, Rendering &) const
{
    return {};
}

QString BaseDialect::regexp(const QString &left, const QString &pattern, const QString &flags,
                            bool isNegated, const Rendering &rendering) const
{
    const QString word = isNegated ? u" NOT REGEXP "_s : u" REGEXP "_s;
    const QString given = stringLiteral(flags, rendering);
    switch (backend()) {
    case Backend::PostgreSql: {
        const QString sign = isNegated ? u" !~"_s : u" ~"_s;
        if (flags.isEmpty() || flags == u"i")
            return left + sign + (flags.isEmpty() ? u" "_s : u"* "_s) + pattern;
        return u"%1%2 CONCAT('(?', %3, ')', %4)"_s.arg(left, sign, given, pattern);
    }
    case Backend::MySql:
        if (flags.isEmpty())
            break;
        return u"%1REGEXP_LIKE(%2, %3, %4)"_s.arg(isNegated ? u"NOT "_s : QString(), left, pattern,
                                                  given);
    case Backend::MariaDb:
        if (flags.isEmpty())
            break;
        return u"%1%2CONCAT('(?', %3, ')', %4)"_s.arg(left, word, given, pattern);
    case Backend::Sqlite: break; // SQLAlchemy leaves the flags out there
    }
    return left + word + pattern;
}

QString BaseDialect::limit(const QString &count, const QString &offset) const
{
    QString text = count.isEmpty() ? QString() : u"\n LIMIT "_s + count;
    if (!offset.isEmpty())
        text += (count.isEmpty() ? u"\n LIMIT -1"_s : QString()) + u" OFFSET "_s + offset;
    return text;
}

QString BaseDialect::sequenceValue(const Expr &sequence, Rendering &rendering) const
{
    return rendering.fail(
        u"%1 has no sequences, of which %2 is one"_s.arg(backendTitle(backend()), sequence.text));
}

QString BaseDialect::emptyRow() const
{
    return u" DEFAULT VALUES"_s;
}

QString BaseDialect::conflictClause(const QString &target, const QString &assignments) const
{
    return u" ON CONFLICT"_s + target
           + (assignments.isEmpty() ? u" DO NOTHING"_s : u" DO UPDATE SET "_s + assignments);
}

QString BaseDialect::excludedColumn(const QString &column) const
{
    return u"excluded."_s + column;
}

QString BaseDialect::bindMarker(const QString &name, const RenderContext &context) const
{
    // Without dialect_opts a driver's own style shows; with paramstyle=named the name does.
    if (context.doublePercent)
        return bindPercent + u's';
    return u':' + name;
}

QString BaseDialect::versionInsertSuffix(const TableName &, bool) const
{
    return {};
}

} // namespace tribikos
