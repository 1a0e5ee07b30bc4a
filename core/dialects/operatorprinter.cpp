#include "core/dialects/expressionprinter.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int comparison = 5;

int operatorPrecedence(const QString &op)
{
    static const QHash<QString, int> levels{
        {u"[]"_s, 15}, {u"JSON[]"_s, 15}, {u"JSON{}"_s, 15}, {u"JSON->>"_s, 15}, {u"JSON#>>"_s, 15},
        {u"*"_s, 8},   {u"/"_s, 8},       {u"//"_s, 8},      {u"%"_s, 8},        {u"+"_s, 7},
        {u"-"_s, 7},   {u"&"_s, 7},       {u"|"_s, 7},       {u"^"_s, 7},        {u"<<"_s, 7},
        {u">>"_s, 7},  {u"->"_s, 15},     {u"->>"_s, 15}};
    return levels.value(op, comparison);
}

/// The operators that SQLAlchemy spells apart from the common way "a op b".
bool isSpelledApart(const QString &op)
{
    return op.endsWith(u"LIKE") || op == u"/" || op == u"//" || op == u"%" || op == u"NOT IN";
}

} // namespace

int ExpressionPrinter::precedenceOf(const Expr &expr) const
{
    switch (expr.kind) {
    case Expr::Kind::Binary:
        return expr.flag                ? Loosest
               : !expr.schema.isEmpty() ? expr.value.text.toInt()
                                        : operatorPrecedence(expr.text);
    case Expr::Kind::And: return expr.args.size() < 2 ? Atom : 3;
    case Expr::Kind::Or: return expr.args.size() < 2 ? Atom : 2;
    case Expr::Kind::Between:
    case Expr::Kind::Distinct: return comparison;
    case Expr::Kind::Collate: return 4;
    case Expr::Kind::Exists: return 0;
    case Expr::Kind::Filter: return 6;
    case Expr::Kind::Unary:
        if (expr.flag)
            return expr.text.startsWith(u"IS") ? comparison : Atom;
        if (expr.text == u"NOT")
            return isTruth(expr.args.value(0)) ? Atom : comparison;
        return expr.text == u"-" || expr.text == u"~" ? 8 : Atom;
    default: return Atom;
    }
}

QString ExpressionPrinter::binary(const Expr &expr)
{
    const QString outerName = m_bindName;
    const bool wasNumbered = m_isBindNumbered;
    const ExprPtr first = expr.args.value(0);
    m_isBindNumbered = true;
    m_bindName =
        first && first->kind == Expr::Kind::Column && !first->flag ? first->text : QString();
    const QString made = binaryText(expr);
    m_bindName = outerName;
    m_isBindNumbered = wasNumbered;
    return made;
}

QString ExpressionPrinter::binaryText(const Expr &expr)
{
    const QString &op = expr.text;
    if (!expr.schema.isEmpty()) // .op("…"): no rule of another operator applies
        return generic(expr, op);
    if (op == u"IN" || op == u"NOT IN")
        return membership(expr);
    if (op == u"REGEXP REPLACE")
        return replacement(expr);
    if (op.endsWith(u"REGEXP"))
        return regexp(expr);
    if (op.endsWith(u"MATCH"))
        return match(expr);
    if (op.startsWith(u"JSON"))
        return jsonItem(expr);
    if (op == u"||")
        return concatenation(expr);
    if (op.endsWith(u"LIKE"))
        return like(expr);
    if (op.endsWith(u"DISTINCT FROM"))
        return distinction(expr);
    if (op == u"[]" && m_dialect.backend() != Backend::PostgreSql)
        return m_rendering.fail(u"%1 has no arrays whose items one could ask for"_s.arg(
            backendTitle(m_dialect.backend())));
    if (op == u"[]")
        return operand(expr.args.value(0), op, 15) + u'[' + print(expr.args.value(1)) + u']';
    if (op == u"^" && m_dialect.backend() == Backend::Sqlite) // which has none
        return u"(%1 - %2)"_s.arg(generic(expr, u"|"_s), generic(expr, u"&"_s));
    return isSpelledApart(op) ? ownOperator(expr) : generic(expr, m_dialect.operatorSign(op));
}

/// a op b; \a isEager: in parentheses where this is itself an operand.
QString ExpressionPrinter::generic(const Expr &expr, const QString &sign, bool isEager)
{
    const int level =
        expr.schema.isEmpty() ? operatorPrecedence(expr.text) : expr.value.text.toInt();
    const QString own = expr.schema.isEmpty() ? expr.text : QString();
    const bool wasOperand = std::exchange(m_isOperand, true);
    const QString made = operand(expr.args.value(0), own, level) + u' ' + sign + u' '
                         + operand(expr.args.value(1), own, level);
    m_isOperand = wasOperand;
    return wasOperand && isEager ? u'(' + made + u')' : made;
}

QString ExpressionPrinter::ownOperator(const Expr &expr)
{
    const QString &op = expr.text;
    const ExprPtr divisor = expr.args.value(1);
    const QString left = operand(expr.args.value(0), op, operatorPrecedence(op));
    const QString right = operand(divisor, op, operatorPrecedence(op));
    const bool isByInteger = affinityOf(divisor) == TypeAffinity::Integer
                             && affinityOf(expr.args.value(0)) == TypeAffinity::Integer;
    if (op == u"//")
        return isByInteger && !isMySql() ? left + u" / "_s + right
                                         : u"FLOOR(%1 / %2)"_s.arg(left, right);
    if (op == u"%")
        return left + u" % "_s + right;
    const SqlTypePtr type =
        affinityOf(divisor) == TypeAffinity::Numeric ? typeOf(divisor) : nullptr;
    return m_dialect.division(left, right, type, m_rendering);
}

QString ExpressionPrinter::concatenation(const Expr &expr)
{
    QStringList operands;
    const bool wasOperand = m_isOperand;
    m_isOperand = m_isOperand || !isMySql();
    ExprPtr left = expr.args.value(0);
    operands.prepend(operand(expr.args.value(1), expr.text, comparison));
    while (left && left->kind == Expr::Kind::Binary && left->schema.isEmpty()
           && left->text == expr.text) {
        operands.prepend(operand(left->args.value(1), expr.text, comparison));
        left = left->args.value(0);
    }
    operands.prepend(operand(left, expr.text, comparison));
    m_isOperand = wasOperand;
    return m_dialect.concatenation(operands);
}

QString ExpressionPrinter::like(const Expr &expr)
{
    const QString left = operand(expr.args.value(0), expr.text, comparison);
    const QString right =
        expr.flag ? print(expr.args.value(1)) : operand(expr.args.value(1), expr.text, comparison);
    QString made = expr.text.endsWith(u"ILIKE")
                       ? m_dialect.caseInsensitiveLike(left, right, expr.text.startsWith(u"NOT"))
                       : left + u' ' + expr.text + u' ' + right;
    if (expr.args.size() > 2)
        made += u" ESCAPE "_s + m_dialect.stringLiteral(expr.args[2]->value.text, m_rendering);
    return made;
}

QString ExpressionPrinter::distinction(const Expr &expr)
{
    const QString left = operand(expr.args.value(0), expr.text, comparison);
    // SQLAlchemy forgets that values are to be written here, and so do we in its scripts.
    const bool forgets =
        m_dialect.backend() != Backend::PostgreSql && m_rendering.context.offline && m_statements;
    const bool literalBinds =
        std::exchange(m_rendering.literalBinds, m_rendering.literalBinds && !forgets);
    const QString right = operand(expr.args.value(1), expr.text, comparison);
    m_rendering.literalBinds = literalBinds;
    return m_dialect.distinction(left, right, expr.text.contains(u"NOT"));
}

QString ExpressionPrinter::membership(const Expr &expr)
{
    const bool isNegated = expr.text == u"NOT IN";
    const QString left = operand(expr.args.value(0), expr.text, comparison);
    const ExprPtr right = expr.args.value(1);
    const bool isEmpty = right && right->kind == Expr::Kind::List && right->args.isEmpty();
    const bool isLite = m_dialect.backend() == Backend::Sqlite;
    const QString set = isEmpty && isLite ? u"(SELECT 1 FROM (SELECT 1) WHERE 1!=1)"_s
                        : isEmpty         ? u"(NULL)"_s
                        : right && right->kind == Expr::Kind::Text
                            ? u'(' + print(right) + u')'
                            : operand(right, expr.text, comparison);
    QString made = left + u' ' + expr.text + u' ' + set;
    if (isEmpty && !isLite)
        made += isNegated ? u" OR (1 = 1)"_s : u" AND (1 != 1)"_s;
    // SQLAlchemy always wraps a negated membership, for the sake of the empty set.
    return isNegated ? u'(' + made + u')' : made;
}

QString ExpressionPrinter::regexp(const Expr &expr)
{
    const QString flags =
        expr.args.size() > 2 && expr.args[2] ? expr.args[2]->value.text : QString();
    const QString left = operand(expr.args.value(0), expr.text, comparison);
    const bool forgets = m_dialect.backend() == Backend::MariaDb && !flags.isEmpty()
                         && m_rendering.context.offline && m_statements;
    const bool literalBinds =
        std::exchange(m_rendering.literalBinds, m_rendering.literalBinds && !forgets);
    const QString pattern = operand(expr.args.value(1), expr.text, comparison);
    m_rendering.literalBinds = literalBinds;
    return m_dialect.regexp(left, pattern, flags, expr.text.startsWith(u"NOT"), m_rendering);
}

QString ExpressionPrinter::replacement(const Expr &expr)
{
    const ExprPtr flags = expr.args.value(3);
    const QString text = operand(expr.args.value(0), expr.text, comparison);
    const bool forgets = m_dialect.backend() == Backend::MariaDb && flags
                         && m_rendering.context.offline && m_statements;
    const bool literalBinds =
        std::exchange(m_rendering.literalBinds, m_rendering.literalBinds && !forgets);
    const QString pattern = print(expr.args.value(1));
    m_rendering.literalBinds = literalBinds;
    return m_dialect.regexpReplace(text, pattern, print(expr.args.value(2)),
                                   flags ? flags->value.text : QString(), m_rendering);
}

QString ExpressionPrinter::match(const Expr &expr)
{
    const QString left = operand(expr.args.value(0), expr.text, comparison);
    const QString right = operand(expr.args.value(1), expr.text, comparison);
    const QString not_ = expr.text.startsWith(u"NOT") ? u"NOT "_s : QString();
    if (m_dialect.backend() == Backend::PostgreSql)
        return not_ + u"%1 @@ plainto_tsquery(%2)"_s.arg(left, right);
    if (isMySql())
        return not_ + u"MATCH (%1) AGAINST (%2 IN BOOLEAN MODE)"_s.arg(left, right);
    return not_ + left + u" MATCH "_s + right;
}

/// A key or a path as the database's JSON functions want it.
QString ExpressionPrinter::jsonKey(const ExprPtr &key)
{
    if (!key)
        return {};
    const bool isPath = key->kind == Expr::Kind::List;
    const bool isConstant = isPath || key->kind == Expr::Kind::Value;
    if (!isConstant)
        return print(key);
    QString text = isPath ? QString() : key->value.text;
    if (m_dialect.backend() == Backend::PostgreSql) {
        if (!isPath)
            return key->value.kind == Literal::Kind::Integer
                       ? text
                       : m_dialect.stringLiteral(text, m_rendering);
        QStringList parts;
        for (const ExprPtr &part : key->args)
            parts += part->value.text;
        return m_dialect.stringLiteral(u'{' + parts.join(u", "_s) + u'}', m_rendering);
    }
    QString path = u"$"_s;
    for (const ExprPtr &part : isPath ? key->args : QList<ExprPtr>{key})
        path += part->value.kind == Literal::Kind::Integer ? u"[%1]"_s.arg(part->value.text)
                                                           : u".\"%1\""_s.arg(part->value.text);
    return m_dialect.stringLiteral(path, m_rendering);
}

QString ExpressionPrinter::jsonItem(const Expr &expr)
{
    const bool isPath = expr.text == u"JSON{}" || expr.text == u"JSON#>>";
    const ExprPtr source = expr.args.value(0);
    const bool isText = expr.text.endsWith(u'>');
    const bool isJson = !expr.type || m_dialect.affinity(expr.type) == TypeAffinity::Json;
    const bool isPostgres = m_dialect.backend() == Backend::PostgreSql;
    if (!isText && !isPostgres) {
        const QString item = u"JSON_EXTRACT(%1, %2)"_s.arg(operand(source, expr.text, 15),
                                                           jsonKey(expr.args.value(1)));
        if (isMySql())
            return isJson ? item : typedJsonItem(expr, item);
        return isJson ? u"JSON_QUOTE(%1)"_s.arg(item) : item;
    }
    const SqlTypePtr type = typeOf(source);
    const bool isSubscript = !isText && isJson && !isPath && type && type->name == u"JSONB";
    const bool wasOperand = m_isOperand;
    m_isOperand = m_isOperand || !isSubscript;
    QString left = operand(source, isText ? QString() : expr.text, 15);
    m_isOperand = wasOperand;
    if (isSubscript) {
        const bool isCall =
            source->kind == Expr::Kind::Function || source->kind == Expr::Kind::Cast;
        return (isCall ? u'(' + left + u')' : left) + u'[' + jsonKey(expr.args.value(1)) + u']';
    }
    const bool isPlain = isText || !isJson;
    const QString sign =
        isPath ? (isPlain ? u" #>> "_s : u" #> "_s) : (isPlain ? u" ->> "_s : u" -> "_s);
    QString made = left + sign + jsonKey(expr.args.value(1));
    if (wasOperand)
        made = u'(' + made + u')';
    return isText || isJson
               ? made
               : u"CAST(%1 AS %2)"_s.arg(made, m_dialect.castType(expr.type, m_rendering));
}

/// MySQL's value of a JSON item, whose null isn't NULL.
QString ExpressionPrinter::typedJsonItem(const Expr &expr, const QString &item)
{
    const QString start = u"CASE %1 WHEN 'null' THEN NULL "_s.arg(item);
    switch (m_dialect.affinity(expr.type)) {
    case TypeAffinity::Integer: return start + u"ELSE CAST(%1 AS SIGNED INTEGER) END"_s.arg(item);
    case TypeAffinity::Numeric:
        if (expr.type->precision && expr.type->scale)
            return start
                   + u"ELSE CAST(%1 AS DECIMAL(%2, %3)) END"_s.arg(item)
                         .arg(*expr.type->precision)
                         .arg(*expr.type->scale);
        return start + u"ELSE %1+0.0000000000000000000000 END"_s.arg(item);
    case TypeAffinity::Boolean: return start + u"WHEN true THEN true ELSE false END"_s;
    case TypeAffinity::String: return start + u"ELSE JSON_UNQUOTE(%1) END"_s.arg(item);
    default: return start + u"ELSE %1 END"_s.arg(item);
    }
}

QString ExpressionPrinter::unary(const Expr &expr)
{
    const ExprPtr argument = expr.args.value(0);
    if (expr.text == u"NOT" && isTruth(argument))
        return truthOf(argument, true);
    if (expr.flag)
        return operand(argument, {},
                       expr.text.startsWith(u"NULLS") ? int(Always)
                       : expr.text.startsWith(u"IS")  ? comparison
                                                      : 3)
               + u' ' + expr.text;
    if (expr.text == u"ANY" || expr.text == u"ALL") {
        const bool isSubquery = argument && argument->kind == Expr::Kind::ScalarSubquery;
        return expr.text + u' ' + (isSubquery ? print(argument) : u'(' + print(argument) + u')');
    }
    if (expr.text == u"-" || expr.text == u"~")
        return expr.text + operand(argument, {}, 8);
    return expr.text + u' ' + operand(argument, {}, comparison);
}

QString ExpressionPrinter::between(const Expr &expr)
{
    const QString outerName = m_bindName;
    const ExprPtr first = expr.args.value(0);
    m_bindName = first && first->kind == Expr::Kind::Column ? first->text : QString();
    m_isBindNumbered = true;
    const QString made =
        operand(first, {}, comparison) + (expr.flag ? u" NOT BETWEEN "_s : u" BETWEEN "_s)
        + (expr.text.isEmpty() ? QString() : expr.text + u' ') + operand(expr.args.value(1), {}, 3)
        + u" AND "_s + operand(expr.args.value(2), {}, 3);
    m_bindName = outerName;
    return made;
}

} // namespace tribikos
