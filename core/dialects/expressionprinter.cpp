#include "core/dialects/expressionprinter.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qsizetype longestText = 16'000'000; // with its bound values in it
constexpr int deepest = 200;                  // nesting beyond this is hostile, not SQL

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

bool isQuery(const Expr &expr)
{
    return expr.kind == Expr::Kind::Select || expr.kind == Expr::Kind::CompoundSelect;
}

/// Puts a value back at the end of a scope.
template<typename T>
class Kept
{
public:
    Kept(T &place, T value)
        : m_place(place)
        , m_old(std::exchange(place, std::move(value)))
    {}
    ~Kept() { m_place = std::move(m_old); }
    Kept(const Kept &) = delete;
    Kept &operator=(const Kept &) = delete;

private:
    T &m_place;
    T m_old;
};

} // namespace

bool ExpressionPrinter::isMySql() const
{
    return m_dialect.backend() == Backend::MySql || m_dialect.backend() == Backend::MariaDb;
}

QString ExpressionPrinter::print(const ExprPtr &expr)
{
    if (!expr)
        return {};
    if (m_depth >= deepest)
        return m_rendering.fail(
            u"The SQL expression is nested more than %1 levels deep"_s.arg(deepest));
    const Kept<int> depth(m_depth, m_depth + 1);
    return printKind(expr);
}

QString ExpressionPrinter::printKind(const ExprPtr &expr)
{
    using Kind = Expr::Kind;
    const Expr &e = *expr;
    switch (e.kind) {
    case Kind::Text: return text(e);
    case Kind::Value: return value(e);
    case Kind::Bind: return bind(e);
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
    case Kind::Between: return between(e);
    case Kind::Cast: return cast(e);
    case Kind::Case: return caseText(e);
    case Kind::Label:
        if (e.args.isEmpty())
            return labelReference(e);
        return m_shownLabel == &e ? m_dialect.ident(nameText(plainName(e)))
                                  : print(e.args.value(0));
    case Kind::List:
        return (e.flag && m_dialect.backend() == Backend::Sqlite ? u"(VALUES "_s : u"("_s)
               + list(e.args) + u')';
    case Kind::Exists: return u"EXISTS "_s + subquery(e.args.value(0));
    case Kind::ScalarSubquery: return subquery(e.args.value(0));
    case Kind::Distinct: return u"DISTINCT "_s + operand(e.args.value(0), {}, 5);
    case Kind::Collate:
        return operand(e.args.value(0), {}, 4) + u" COLLATE "_s + m_dialect.ident(e.text);
    case Kind::Sequence: return m_dialect.sequenceValue(e, m_rendering);
    case Kind::TableSource:
    case Kind::Join:
    case Kind::Subquery:
    case Kind::Cte:
    case Kind::Values:
    case Kind::TableFunction: return fromItem(expr);
    case Kind::Over: return over(e);
    case Kind::Extract: return extract(e);
    case Kind::Filter:
        return u"%1 FILTER (WHERE %2)"_s.arg(print(e.args.value(0)), print(e.args.value(1)));
    case Kind::WithinGroup:
        return (e.flag ? u"%1 ORDER BY %2"_s : u"%1 WITHIN GROUP (ORDER BY %2)"_s)
            .arg(print(e.args.value(0)),
                 list(e.args.value(1) ? e.args[1]->args : QList<ExprPtr>()));
    case Kind::Array: return array(e);
    case Kind::Slice: return print(e.args.value(0)) + u':' + print(e.args.value(1));
    default: return statement(expr);
    }
}

QString ExpressionPrinter::printGrouped(const ExprPtr &expr)
{
    return operand(expr, {}, Always);
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
        out += plain(at, match.capturedStart()) + namedBind(name, expr.binds.value(name));
        at = match.capturedEnd();
        if (out.size() > longestText)
            return m_rendering.fail(
                u"The statement's text becomes longer than 16 million characters"_s);
    }
    return out + plain(at, expr.text.size());
}

QString ExpressionPrinter::numbered(const QString &base)
{
    return base + u'_' + QString::number(++m_labels[base]);
}

QString ExpressionPrinter::nameText(const ColumnName &name)
{
    static const QRegularExpression troubling(u"[%() $]+"_s); // SQLAlchemy's own rule
    if (name.identity.isEmpty())
        return name.base;
    QString &made = m_madeNames[name.key()];
    if (made.isEmpty())
        made = numbered(QString(name.base).replace(troubling, u"_"_s));
    return made;
}

/// A placeholder instead of the value, as Alembic has it where the values aren't written.
QString ExpressionPrinter::marker(const SqlTypePtr &type)
{
    if (m_rendering.context.literalBinds)
        m_rendering.remark(
            u"Like Alembic's, this script has a placeholder where a value belongs: write the "
            "statement as text"_s);
    const QString name = m_bindName.isEmpty() ? numbered(u"param"_s)
                         : m_isBindNumbered   ? numbered(m_bindName)
                                              : m_bindName;
    return m_dialect.bindMarker(name, m_rendering.context) + m_dialect.bindCast(type, m_rendering);
}

QString ExpressionPrinter::value(const Expr &expr)
{
    if (!m_rendering.literalBinds)
        return marker(expr.type);
    return m_dialect.literal(expr.value, m_dialect.variantOf(expr.type), m_rendering);
}

QString ExpressionPrinter::bind(const Expr &expr)
{
    const ExprPtr value = boundValue(expr);
    if (!expr.text.isEmpty() || !value)
        return namedBind(expr.text.isEmpty() ? numbered(u"param"_s) : expr.text, value);
    return print(value);
}

QString ExpressionPrinter::namedBind(const QString &name, const ExprPtr &value)
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
    const bool isOfFunction =
        expr.table && expr.table->source && expr.table->source->kind == Expr::Kind::TableFunction;
    if (isOfFunction && expr.text.isEmpty())
        return sourceName(expr.table->source);
    const QString name = m_dialect.ident(expr.text.isEmpty() && !expr.args.isEmpty()
                                             ? nameText(madeName(expr.args.first()))
                                             : expr.text);
    if (m_inConflict && expr.table && expr.table->name == u"excluded")
        return m_dialect.excludedColumn(name);
    if (!m_showTables || !expr.table)
        return name;
    const TableRef &table = *expr.table;
    if (table.source && table.name.isEmpty())
        return sourceName(table.source) + u'.' + name;
    const QString schema = m_showSchemas ? table.schema : QString();
    return (table.alias.isEmpty() ? m_dialect.tableIdent({schema, table.name}) : aliasIdent(table))
           + u'.' + name;
}

QString ExpressionPrinter::function(const Expr &expr)
{
    const Kept<QString> name(m_bindName, expr.text.section(u'.', -1));
    const Kept<bool> isNumbered(m_isBindNumbered, true);
    // MySQL's own way of joining texts, whose second operand is no argument.
    if (expr.text.toLower() == u"aggregate_strings") {
        if (!isMySql()) { // SQLAlchemy forgets that values are to be written here
            const Kept<bool> literals(m_rendering.literalBinds,
                                      m_rendering.literalBinds && !m_rendering.context.offline);
            return m_dialect.function(expr.text, list(expr.args, Comma), true);
        }
        return u"group_concat(%1 SEPARATOR %2)"_s.arg(print(expr.args.value(0)),
                                                      print(expr.args.value(1)));
    }
    if (isMySql() && expr.text.toLower() == u"rollup")
        return list(expr.args, Comma) + u" WITH ROLLUP"_s;
    return m_dialect.function(expr.text, list(expr.args, Comma), !expr.args.isEmpty());
}

QString ExpressionPrinter::list(const QList<ExprPtr> &items, int against)
{
    QStringList parts;
    for (const ExprPtr &item : items)
        parts += item && isQuery(*item) ? subquery(item) : operand(item, {}, against);
    return parts.join(u", "_s);
}

QString ExpressionPrinter::subquery(const ExprPtr &expr)
{
    const bool isScalar = expr && expr->kind == Expr::Kind::Select;
    const Kept<bool> scalar(m_isScalar, isScalar);
    return u'(' + print(expr) + u')';
}

/// \a expr beside an operator \a op that binds as strongly as \a against; no \a op: its own kind never
/// stands without parentheses.
QString ExpressionPrinter::operand(const ExprPtr &expr, const QString &op, int against)
{
    static const QStringList selfPrecedent{u"+"_s,  u"*"_s,  u"||"_s,     u"AND"_s,
                                           u"OR"_s, u"[]"_s, u"JSON[]"_s, u"JSON{}"_s};
    if (!expr)
        return u"NULL"_s;
    if (isQuery(*expr))
        return subquery(expr);
    if (expr->kind == Expr::Kind::Label && !expr->args.isEmpty() && m_shownLabel != expr.get())
        return operand(expr->args.first(), op, against);
    if (expr->kind == Expr::Kind::Cast && expr->flag)
        return operand(expr->args.value(0), op, against);
    const int own = precedenceOf(*expr);
    const QString ownOperator = !expr->schema.isEmpty()         ? QString()
                                : expr->kind == Expr::Kind::And ? u"AND"_s
                                : expr->kind == Expr::Kind::Or  ? u"OR"_s
                                                                : expr->text;
    const bool isSame = !op.isEmpty() && ownOperator == op && selfPrecedent.contains(op);
    const QString text = print(expr);
    return own != Atom && own <= against && !isSame ? u'(' + text + u')' : text;
}

SqlTypePtr ExpressionPrinter::typeOf(const ExprPtr &expr) const
{
    if (!expr)
        return nullptr;
    if (expr->type)
        return expr->type;
    if (expr->kind == Expr::Kind::Column && expr->table)
        for (const auto &[name, known] : expr->table->columns)
            if (name == expr->text)
                return known;
    if (expr->kind == Expr::Kind::Label || expr->kind == Expr::Kind::ScalarSubquery)
        return typeOf(expr->args.value(0));
    return nullptr;
}

TypeAffinity ExpressionPrinter::affinityOf(const ExprPtr &expr) const
{
    if (const SqlTypePtr type = typeOf(expr))
        return m_dialect.affinity(type);
    if (!expr || expr->kind != Expr::Kind::Value)
        return TypeAffinity::None;
    switch (expr->value.kind) {
    case Literal::Kind::Integer: return TypeAffinity::Integer;
    case Literal::Kind::Real:
    case Literal::Kind::Decimal: return TypeAffinity::Numeric;
    case Literal::Kind::Bool: return TypeAffinity::Boolean;
    default: return TypeAffinity::Other;
    }
}

/// Whether \a expr is a plain boolean: a column, a function, a constant.
bool ExpressionPrinter::isTruth(const ExprPtr &expr) const
{
    if (!expr)
        return false;
    switch (expr->kind) {
    case Expr::Kind::True:
    case Expr::Kind::False: return true;
    case Expr::Kind::Value:
        return expr->value.kind == Literal::Kind::Bool || affinityOf(expr) == TypeAffinity::Boolean;
    case Expr::Kind::Column:
    case Expr::Kind::Function:
    case Expr::Kind::Cast:
    case Expr::Kind::Case:
    case Expr::Kind::ScalarSubquery: return affinityOf(expr) == TypeAffinity::Boolean;
    default: return false;
    }
}

/// A plain boolean where a condition is meant: "c = 1" on a database without booleans. Empty:
/// \a expr is not such a one.
QString ExpressionPrinter::truthOf(const ExprPtr &expr, bool isNegated)
{
    if (!isTruth(expr))
        return {};
    const QString text = print(expr);
    if (m_dialect.backend() == Backend::PostgreSql)
        return isNegated ? u"NOT "_s + text : text;
    return text + (isNegated ? u" = 0"_s : u" = 1"_s);
}

QString ExpressionPrinter::condition(const ExprPtr &expr)
{
    const QString truth = truthOf(expr, false);
    return truth.isEmpty() ? operand(expr, {}, Logical) : truth;
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
    if (expr.flag)
        return print(expr.args.value(0));
    const QString type = m_dialect.castType(expr.type, m_rendering);
    return type.isEmpty() ? operand(expr.args.value(0), {}, Always)
                          : u"CAST(%1 AS %2)"_s.arg(print(expr.args.value(0)), type);
}

QString ExpressionPrinter::over(const Expr &expr)
{
    QStringList parts;
    const ExprPtr by = expr.args.value(1);
    const ExprPtr order = expr.args.value(2);
    const QString function = print(expr.args.value(0));
    if (by && !by->args.isEmpty())
        parts += u"PARTITION BY "_s + list(by->args);
    if (order && !order->args.isEmpty())
        parts += u"ORDER BY "_s + list(order->args);
    if (!expr.text.isEmpty())
        parts += expr.text;
    return u"%1 OVER (%2)"_s.arg(function, parts.join(u' '));
}

QString ExpressionPrinter::extract(const Expr &expr)
{
    return m_dialect.extract(expr.text, print(expr.args.value(0)), m_rendering);
}

QString ExpressionPrinter::array(const Expr &expr)
{
    if (!expr.flag)
        return m_dialect.array(list(expr.args), expr.type, m_rendering);
    if (!m_rendering.literalBinds)
        return marker(expr.type);
    const bool isPostgres = m_dialect.backend() == Backend::PostgreSql;
    QStringList items; // a list of Python's: SQLAlchemy writes it so on every database
    for (const ExprPtr &item : expr.args)
        items += item->kind == Expr::Kind::Array && !isPostgres ? array(*item).mid(5) : print(item);
    return u"ARRAY["_s + items.join(u", "_s) + u']';
}

/// [LATERAL ]f(x)[ WITH ORDINALITY] AS name[(a, b)]
QString ExpressionPrinter::tableFunction(const Expr &item, const QString &name)
{
    QString text = item.flag ? u"LATERAL "_s : QString();
    text += print(item.args.value(0));
    if (!item.value.text.isEmpty())
        text += u' ' + item.value.text;
    text += u" AS "_s + name;
    const ExprPtr derived = item.args.value(2);
    QStringList columns;
    for (const ExprPtr &column : derived ? derived->args : QList<ExprPtr>())
        columns += m_dialect.ident(column->text)
                   + (derived->flag ? u' ' + m_dialect.type(column->type, m_rendering) : QString());
    return columns.isEmpty() ? text : text + u'(' + columns.join(u", "_s) + u')';
}

QString ExpressionPrinter::statement(const ExprPtr &expr)
{
    ++m_statements;
    const QString sql =
        expr->kind == Expr::Kind::CompoundSelect ? compound(*expr) : statementText(*expr);
    return --m_statements ? sql : withCtes(sql);
}

QString ExpressionPrinter::withCtes(const QString &sql)
{
    return m_ctes.isEmpty() ? sql
                            : (m_isRecursive ? u"WITH RECURSIVE "_s : u"WITH "_s)
                                  + std::exchange(m_ctes, {}).join(u", \n"_s) + u"\n "_s + sql;
}

QString ExpressionPrinter::statementText(const Expr &expr)
{
    if (!expr.statement)
        return m_rendering.fail(u"A SQL statement without content can't be written"_s);
    switch (expr.kind) {
    case Expr::Kind::Insert: return insert(*expr.statement);
    case Expr::Kind::Update: return update(*expr.statement);
    case Expr::Kind::Delete: return remove(*expr.statement);
    default: return select(expr, *expr.statement);
    }
}

} // namespace tribikos
