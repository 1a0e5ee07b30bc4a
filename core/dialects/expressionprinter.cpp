#include "core/dialects/expressionprinter.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int atom = 100; // never in parentheses
constexpr int comparison = 5;
constexpr int negation = 8;
constexpr qsizetype longestText = 16'000'000; // with its bound values in it
constexpr int deepest = 200; // nesting beyond this is hostile, not SQL

int operatorPrecedence(const QString &op)
{
    static const QHash<QString, int> levels{{u"*"_s, 8},
                                            {u"/"_s, 8},
                                            {u"//"_s, 8},
                                            {u"%"_s, 8},
                                            {u"+"_s, 7},
                                            {u"-"_s, 7},
                                            {u"&"_s, 7},
                                            {u"|"_s, 7},
                                            {u"^"_s, 7},
                                            {u"<<"_s, 7},
                                            {u">>"_s, 7},
                                            {u"||"_s, 5},
                                            {u"="_s, 5},
                                            {u"!="_s, 5},
                                            {u"<>"_s, 5},
                                            {u"<"_s, 5},
                                            {u">"_s, 5},
                                            {u"<="_s, 5},
                                            {u">="_s, 5},
                                            {u"LIKE"_s, 5},
                                            {u"NOT LIKE"_s, 5},
                                            {u"ILIKE"_s, 5},
                                            {u"NOT ILIKE"_s, 5},
                                            {u"IN"_s, 5},
                                            {u"NOT IN"_s, 5},
                                            {u"IS"_s, 5},
                                            {u"IS NOT"_s, 5},
                                            {u"IS DISTINCT FROM"_s, 5},
                                            {u"IS NOT DISTINCT FROM"_s, 5},
                                            {u"MATCH"_s, 5},
                                            {u"REGEXP"_s, 5},
                                            {u"NOT REGEXP"_s, 5}};
    return levels.value(op, 0); // .op("...") binds loosest
}

/// a + b + c needs no parentheses, a - (b - c) does.
bool isAssociative(const QString &op)
{
    static const QStringList ops{u"+"_s, u"*"_s, u"||"_s, u"="_s, u"!="_s, u"AND"_s, u"OR"_s};
    return ops.contains(op);
}

int precedenceOf(const Expr &expr)
{
    switch (expr.kind) {
    case Expr::Kind::Binary:
        return expr.flag                ? atom
               : !expr.schema.isEmpty() ? expr.value.text.toInt()
                                        : operatorPrecedence(expr.text);
    case Expr::Kind::And: return 3;
    case Expr::Kind::Or: return 2;
    case Expr::Kind::Between: return comparison;
    case Expr::Kind::Collate: return 4;
    case Expr::Kind::Unary:
        if (!expr.flag)
            return expr.text == u"-" ? negation : comparison;
        return expr.text.startsWith(u"IS") ? comparison : atom;
    default: return atom;
    }
}

/// The value that a bindparam() brings itself; null: none.
ExprPtr boundValue(const Expr &bind)
{
    if (!bind.args.isEmpty())
        return bind.args.first();
    if (bind.value.kind == Literal::Kind::Null)
        return {};
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Value, .value = bind.value, .type = bind.type});
}

/// The right side of tuple_(a, b).in_([(1, 2), (3, 4)]).
bool isTuples(const ExprPtr &list)
{
    return list && list->kind == Expr::Kind::List && !list->args.isEmpty()
           && list->args.first()->kind == Expr::Kind::List;
}

bool isQuery(const Expr &expr)
{
    return expr.kind == Expr::Kind::Select || expr.kind == Expr::Kind::CompoundSelect;
}

/// Whether a // by \a divisor is one of integers.
bool isInteger(const ExprPtr &divisor, const BaseDialect &dialect)
{
    if (!divisor)
        return false;
    if (divisor->kind == Expr::Kind::Value)
        return divisor->value.kind == Literal::Kind::Integer;
    SqlTypePtr type = divisor->type;
    if (divisor->kind == Expr::Kind::Column && divisor->table && !type)
        for (const auto &[name, known] : divisor->table->columns)
            if (name == divisor->text)
                type = known;
    return type && dialect.affinity(type) == TypeAffinity::Integer;
}

bool isNumericType(const SqlTypePtr &type, const BaseDialect &dialect)
{
    return type && dialect.affinity(type) == TypeAffinity::Numeric;
}

} // namespace

QString ExpressionPrinter::print(const ExprPtr &expr)
{
    if (!expr)
        return {};
    if (m_depth >= deepest)
        return m_rendering.fail(
            u"The SQL expression is nested more than %1 levels deep"_s.arg(deepest));
    struct Depth
    {
        int &depth;
        ~Depth() { --depth; }
    } guard{++m_depth};
    using Kind = Expr::Kind;
    const Expr &e = *expr;
    switch (e.kind) {
    case Kind::Text: return text(e);
    case Kind::Value: return value(e);
    case Kind::Bind: return bind(e.text, boundValue(e));
    case Kind::Column: return column(e);
    case Kind::Null: return u"NULL"_s;
    case Kind::True: return m_dialect.boolean(true);
    case Kind::False: return m_dialect.boolean(false);
    case Kind::Default: return u"DEFAULT"_s;
    case Kind::Star: return e.table ? tableSource(*e.table) + u".*"_s : u"*"_s;
    case Kind::Function: return function(e);
    case Kind::Binary: return binary(e);
    case Kind::Unary: return unary(e);
    case Kind::And: return joined(e, u"AND"_s, 3);
    case Kind::Or: return joined(e, u"OR"_s, 2);
    case Kind::Between:
        return operand(e.args.value(0), {}, comparison)
               + (e.flag ? u" NOT BETWEEN "_s : u" BETWEEN "_s)
               + operand(e.args.value(1), {}, comparison) + u" AND "_s
               + operand(e.args.value(2), {}, comparison);
    case Kind::Cast: return cast(e);
    case Kind::Case: return caseText(e);
    case Kind::Label: return print(e.args.value(0));
    case Kind::List: return u'(' + list(e.args) + u')';
    case Kind::Exists: return u"EXISTS "_s + subquery(e.args.value(0));
    case Kind::ScalarSubquery: return subquery(e.args.value(0));
    case Kind::Distinct: return u"DISTINCT "_s + print(e.args.value(0));
    case Kind::Collate:
        return operand(e.args.value(0), {}, 4) + u" COLLATE "_s + m_dialect.ident(e.text);
    case Kind::Sequence: return m_dialect.sequenceValue(e, m_rendering);
    case Kind::TableSource:
    case Kind::Join:
    case Kind::Subquery:
    case Kind::Cte: return fromItem(expr);
    case Kind::Over: return over(e);
    case Kind::CompoundSelect: return compound(e);
    default: return statement(e);
    }
}

QString ExpressionPrinter::compound(const Expr &expr)
{
    ++m_statements;
    QStringList parts;
    for (const ExprPtr &part : expr.args) {
        const Expr::Statement *own = part ? part->statement.get() : nullptr;
        const bool isGrouped = part && (part->kind == Expr::Kind::CompoundSelect
                                        || (own && (!own->orderBy.isEmpty() || own->limit || own->offset)));
        parts += isGrouped ? subquery(part) : print(part);
    }
    QString sql = parts.join(u' ' + expr.text + u' ');
    if (const Expr::Statement *own = expr.statement.get()) {
        const bool showedTables = std::exchange(m_showTables, false);
        if (!own->groupBy.isEmpty())
            sql += u" GROUP BY "_s + list(own->groupBy);
        if (!own->orderBy.isEmpty())
            sql += u" ORDER BY "_s + list(own->orderBy);
        if (own->limit || own->offset)
            sql += m_dialect.limit(print(own->limit), print(own->offset));
        sql += lock(*own);
        m_showTables = showedTables;
        if (own->distinct || own->where || own->having || !own->columns.isEmpty() || !own->from.isEmpty() || !own->prefixes.isEmpty())
            m_rendering.fail(u"A clause of SELECT doesn't apply to a %1; put it into the parts"_s.arg(expr.text));
    }
    return --m_statements ? sql : withCtes(sql);
}

QString ExpressionPrinter::statement(const Expr &expr)
{
    ++m_statements;
    const QString sql = statementText(expr);
    return --m_statements ? sql : withCtes(sql);
}

QString ExpressionPrinter::withCtes(const QString &sql)
{
    return m_ctes.isEmpty()
               ? sql
               : u"WITH "_s + std::exchange(m_ctes, {}).join(u", \n"_s) + u"\n "_s + sql;
}

QString ExpressionPrinter::statementText(const Expr &expr)
{
    if (!expr.statement)
        return m_rendering.fail(u"A SQL statement without content can't be written"_s);
    switch (expr.kind) {
    case Expr::Kind::Insert: return insert(*expr.statement);
    case Expr::Kind::Update: return update(*expr.statement);
    case Expr::Kind::Delete: return remove(*expr.statement);
    default: return select(*expr.statement);
    }
}

QString ExpressionPrinter::printGrouped(const ExprPtr &expr)
{
    const QString inner = print(expr);
    return expr && precedenceOf(*expr) != atom ? u'(' + inner + u')' : inner;
}

QString ExpressionPrinter::text(const Expr &expr)
{
    // SQLAlchemy's own two rules for :name and \: — they hold inside quotes too
    // (alembic-semantics 6.5).
    static const QRegularExpression bindName(uR"((?<![:\w\\]):(\w+)(?!:))"_s,
                                             QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression escaped(uR"(\\(:[\w$]*)(?![:\w$]))"_s,
                                            QRegularExpression::UseUnicodePropertiesOption);
    const auto plain = [&expr](qsizetype from, qsizetype to) {
        return expr.text.mid(from, to - from).replace(escaped, u"\\1"_s);
    };
    QString out;
    qsizetype at = 0;
    for (auto i = bindName.globalMatch(expr.text); i.hasNext();) {
        const QRegularExpressionMatch match = i.next();
        const QString name = match.captured(1);
        out += plain(at, match.capturedStart()) + bind(name, expr.binds.value(name));
        at = match.capturedEnd();
        if (out.size() > longestText)
            return m_rendering.fail(u"The statement's text becomes longer than 16 million characters"_s);
    }
    return out + plain(at, expr.text.size());
}

QString ExpressionPrinter::value(const Expr &expr)
{
    if (!m_rendering.literalBinds)
        return m_dialect.bindMarker(m_bindName.isEmpty() ? u"param_1"_s : m_bindName,
                                    m_rendering.context);
    return m_dialect.literal(expr.value, m_dialect.variantOf(expr.type), m_rendering);
}

QString ExpressionPrinter::bind(const QString &name, const ExprPtr &value)
{
    if (!m_rendering.literalBinds)
        return m_dialect.bindMarker(name, m_rendering.context);
    if (value)
        return print(value);
    if (m_rendering.bindsRequired)
        return m_rendering.fail(
            u"The SQL needs a value for :%1; bind one, or write \\:%1 for a plain "
            "colon"_s.arg(name));
    return u"NULL"_s;
}

QString ExpressionPrinter::column(const Expr &expr)
{
    if (expr.flag)
        return expr.text;
    const QString name = m_dialect.ident(expr.text);
    if (m_inConflict && expr.table && expr.table->name == u"excluded")
        return m_dialect.excludedColumn(name);
    if (!m_showTables || !expr.table)
        return name;
    const TableRef &table = *expr.table;
    if (table.source && table.name.isEmpty())
        return subqueryName(table.source) + u'.' + name;
    return (table.alias.isEmpty() ? m_dialect.tableIdent({table.schema, table.name})
                                  : m_dialect.ident(table.alias))
           + u'.' + name;
}

QString ExpressionPrinter::function(const Expr &expr)
{
    return m_dialect.function(expr.text, list(expr.args), !expr.args.isEmpty());
}

QString ExpressionPrinter::list(const QList<ExprPtr> &items)
{
    QStringList parts;
    for (const ExprPtr &item : items)
        parts += item && isQuery(*item) ? subquery(item) : print(item);
    return parts.join(u", "_s);
}

QString ExpressionPrinter::subquery(const ExprPtr &expr)
{
    return u'(' + print(expr) + u')';
}

QString ExpressionPrinter::operand(const ExprPtr &expr, const QString &op, int against)
{
    if (!expr)
        return u"NULL"_s;
    if (isQuery(*expr))
        return subquery(expr);
    const bool isInner = expr->kind == Expr::Kind::Label;
    const ExprPtr inner = isInner && !expr->args.isEmpty() ? expr->args.first() : expr;
    const int own = inner ? precedenceOf(*inner) : atom;
    const QString ownOperator = inner && !inner->schema.isEmpty()         ? QString()
                                : inner && inner->kind == Expr::Kind::And  ? u"AND"_s
                                : inner && inner->kind == Expr::Kind::Or ? u"OR"_s
                                : inner                                  ? inner->text
                                                                         : QString();
    const bool isSame = !op.isEmpty() && ownOperator == op && isAssociative(op);
    const QString text = print(inner);
    return own != atom && own <= against && !isSame ? u'(' + text + u')' : text;
}

/// A boolean column or function where a condition is meant, on a database without booleans: "c = 1".
/// Empty: \a expr is not such a one.
QString ExpressionPrinter::truthOf(const ExprPtr &expr, bool isNegated)
{
    if (!expr || m_dialect.backend() == Backend::PostgreSql)
        return {};
    SqlTypePtr type = expr->type;
    if (expr->kind == Expr::Kind::Column && expr->table && !type)
        for (const auto &[name, known] : expr->table->columns)
            if (name == expr->text)
                type = known;
    const bool isConstant = expr->kind == Expr::Kind::True || expr->kind == Expr::Kind::False;
    const bool isSimple = expr->kind == Expr::Kind::Column || expr->kind == Expr::Kind::Function
                          || expr->kind == Expr::Kind::Value;
    const bool isBool = expr->kind == Expr::Kind::Value && expr->value.kind == Literal::Kind::Bool;
    if (!isConstant && !isBool
        && !(isSimple && type && m_dialect.affinity(type) == TypeAffinity::Boolean))
        return {};
    return print(expr) + (isNegated ? u" = 0"_s : u" = 1"_s);
}

QString ExpressionPrinter::condition(const ExprPtr &expr)
{
    const QString truth = truthOf(expr, false);
    return truth.isEmpty() ? print(expr) : truth;
}

QString ExpressionPrinter::joined(const Expr &expr, const QString &op, int precedence)
{
    QStringList parts;
    for (const ExprPtr &arg : expr.args) {
        const QString truth = truthOf(arg, false);
        parts += truth.isEmpty() ? operand(arg, op, precedence) : truth;
    }
    return parts.join(u' ' + op + u' ');
}

QString ExpressionPrinter::binary(const Expr &expr)
{
    const QString op = expr.text;
    if (expr.schema.isEmpty() && (op == u"IN" || op == u"NOT IN"))
        return membership(expr);
    const QString outerName = m_bindName;
    const ExprPtr first = expr.args.value(0);
    if (first && first->kind == Expr::Kind::Column)
        m_bindName = first->text + u"_1"_s;
    const QString made = binaryText(op, expr);
    m_bindName = outerName;
    return expr.flag && m_statements ? u'(' + made + u')' : made;
}

QString ExpressionPrinter::binaryText(const QString &op, const Expr &expr)
{
    const ExprPtr rightSide = expr.args.value(1);
    if (!expr.schema.isEmpty()) { // .op("…"): no rule of another operator applies
        const int own = expr.value.text.toInt();
        return operand(expr.args.value(0), {}, own) + u' ' + op + u' '
               + operand(rightSide, {}, own);
    }
    const int level = operatorPrecedence(op);
    if (op.endsWith(u"REGEXP"))
        return m_dialect.regexp(operand(expr.args.value(0), op, level), operand(rightSide, op, level),
                                expr.args.size() > 2 ? expr.args[2]->value.text : QString(),
                                op.startsWith(u"NOT"), m_rendering);
    if (op == u"||") {
        QStringList operands;
        ExprPtr left = expr.args.value(0);
        operands.prepend(operand(rightSide, op, level));
        while (left && left->kind == Expr::Kind::Binary && left->schema.isEmpty() && left->text == op) {
            operands.prepend(operand(left->args.value(1), op, level));
            left = left->args.value(0);
        }
        operands.prepend(operand(left, op, level));
        return m_dialect.concatenation(operands);
    }
    const QString left = operand(expr.args.value(0), op, level);
    const QString right = expr.flag ? print(rightSide) : operand(rightSide, op, level);
    if (op.endsWith(u"DISTINCT FROM"))
        return m_dialect.distinction(left, right, op.contains(u"NOT"));
    QString made =
        op.endsWith(u"ILIKE") ? m_dialect.caseInsensitiveLike(left, right, op.startsWith(u"NOT"))
        : op == u"/"          ? m_dialect.division(left, right,
                                                   rightSide && isNumericType(rightSide->type, m_dialect))
        : op == u"//"         ? floorDivision(left, right, isInteger(rightSide, m_dialect))
                              : left + u' ' + op + u' ' + right;
    if (expr.args.size() > 2)
        made += u" ESCAPE "_s + m_dialect.stringLiteral(expr.args[2]->value.text, m_rendering);
    return made;
}

QString ExpressionPrinter::floorDivision(const QString &left, const QString &right,
                                         bool isByInteger) const
{
    const bool isMySql =
        m_dialect.backend() == Backend::MySql || m_dialect.backend() == Backend::MariaDb;
    const QString quotient = left + u" / "_s + right;
    return isByInteger && !isMySql ? quotient : u"FLOOR(%1)"_s.arg(quotient);
}

QString ExpressionPrinter::membership(const Expr &expr)
{
    const bool isNegated = expr.text == u"NOT IN";
    const QString left = operand(expr.args.value(0), expr.text, comparison);
    const ExprPtr right = expr.args.value(1);
    const bool isEmpty = right && right->kind == Expr::Kind::List && right->args.isEmpty();
    const bool isLite = m_dialect.backend() == Backend::Sqlite;
    const QString set = isEmpty && isLite           ? u"(SELECT 1 FROM (SELECT 1) WHERE 1!=1)"_s
                        : isEmpty                   ? u"(NULL)"_s
                        : isLite && isTuples(right) ? u"(VALUES "_s + list(right->args) + u')'
                        : right && right->kind == Expr::Kind::Text
                            ? u'(' + print(right) + u')'
                            : operand(right, expr.text, comparison);
    QString made = left + u' ' + expr.text + u' ' + set;
    if (isEmpty && !isLite)
        made += isNegated ? u" OR (1 = 1)"_s : u" AND (1 != 1)"_s;
    // SQLAlchemy always wraps a negated membership, for the sake of the empty set.
    return isNegated ? u'(' + made + u')' : made;
}

QString ExpressionPrinter::unary(const Expr &expr)
{
    const int level = precedenceOf(expr) == atom ? 3 : precedenceOf(expr);
    const ExprPtr argument = expr.args.value(0);
    if (const QString truth = truthOf(argument, true); expr.text == u"NOT" && !truth.isEmpty())
        return truth;
    const QString inner = operand(argument, expr.text, level);
    if (argument && argument->kind == Expr::Kind::Exists && expr.text == u"NOT")
        return u"NOT ("_s + inner + u')';
    if (expr.flag)
        return inner + u' ' + expr.text;
    return expr.text == u"-" ? u'-' + inner : expr.text + u' ' + inner;
}

QString ExpressionPrinter::caseText(const Expr &expr)
{
    QString made = u"CASE"_s;
    const qsizetype count = expr.args.size();
    if (count && expr.args[0])
        made += u' ' + print(expr.args[0]);
    qsizetype i = 1;
    for (; i + 1 < count; i += 2)
        made += u" WHEN "_s + printGrouped(expr.args[i]) + u" THEN "_s + print(expr.args[i + 1]);
    if (i < count && expr.args[i])
        made += u" ELSE "_s + print(expr.args[i]);
    return made + u" END"_s;
}

QString ExpressionPrinter::cast(const Expr &expr)
{
    const QString inner = print(expr.args.value(0));
    const QString type = m_dialect.castType(expr.type, m_rendering);
    return type.isEmpty() ? operand(expr.args.value(0), {}, atom - 1)
                          : u"CAST(%1 AS %2)"_s.arg(inner, type);
}

QString ExpressionPrinter::over(const Expr &expr)
{
    QStringList parts;
    if (const ExprPtr by = expr.args.value(1); by && !by->args.isEmpty())
        parts += u"PARTITION BY "_s + list(by->args);
    if (const ExprPtr order = expr.args.value(2); order && !order->args.isEmpty())
        parts += u"ORDER BY "_s + list(order->args);
    return u"%1 OVER (%2)"_s.arg(print(expr.args.value(0)), parts.join(u' '));
}

} // namespace tribikos
