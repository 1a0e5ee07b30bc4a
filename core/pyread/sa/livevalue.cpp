#include "core/pyread/sa/connection.h"
#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/live.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"
#include "core/pyread/stdlib/datetime.h"
#include "core/pyread/stdlib/decimal.h"
#include "core/pyread/wholenumber.h"

#include <QRegularExpression>

/// What a database's values are in Python. Sources: psycopg2's and PyMySQL's conversions, Python's sqlite3, and
/// SQLAlchemy's result processors.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

using Type = FetchedColumn::Type;

Value className(Interpreter &interpreter, const QString &module, const QString &name)
{
    return interpreter.getAttr(interpreter.importModule(module), name);
}

Value fromIsoText(Interpreter &interpreter, const QString &kind, const QString &text)
{
    static const QRegularExpression plain(
        u"^(?:\\d{4}-\\d\\d-\\d\\d)?[ T]?(?:\\d{1,2}:\\d\\d.*)?$"_s);
    if (!plain.match(text).hasMatch()) // "infinity", years before Christ
        return interpreter.unknown(u"a value of the database"_s,
                                   u"Python has no %1 for %2"_s.arg(kind, text.left(40)));
    return interpreter.callMethod(className(interpreter, u"datetime"_s, kind), u"fromisoformat"_s,
                                  {Value(text)});
}

/// "1 year 2 mons -3 days 04:05:06.789", "-838:59:59": months have 30 days for psycopg2, years 365.
Value fromIntervalText(Interpreter &interpreter, const QString &text)
{
    static const QRegularExpression part(
        u"([+-]?\\d+) (year|mon|day)s?|([+-]?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?"_s);
    constexpr qint64 second = 1'000'000;
    qint64 length = 0;
    for (auto it = part.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        const qint64 days = match.captured(2) == u"year"  ? 365
                            : match.captured(2) == u"mon" ? 30
                                                          : 1;
        if (!match.captured(2).isEmpty()) {
            length += match.captured(1).toLongLong() * days * 86400 * second;
            continue;
        }
        const qint64 time = (match.captured(4).toLongLong() * 3600
                             + match.captured(5).toLongLong() * 60 + match.captured(6).toLongLong())
                                * second
                            + match.captured(7).leftJustified(6, u'0').toLongLong();
        length += match.captured(3) == u"-" ? -time : time;
    }
    const Value made = className(interpreter, u"datetime"_s, u"timedelta"_s);
    return interpreter.make<TimeDelta>(made.as<Class>(), length);
}

Value fromJson(Interpreter &interpreter, const QString &text)
{
    return interpreter.call(className(interpreter, u"json"_s, u"loads"_s), {Value(text)});
}

Value fromText(Interpreter &interpreter, const QString &text, Type type)
{
    switch (type) {
    case Type::Decimal:
        return interpreter.call(className(interpreter, u"decimal"_s, u"Decimal"_s), {Value(text)});
    case Type::Date: return fromIsoText(interpreter, u"date"_s, text);
    case Type::Time: return fromIsoText(interpreter, u"time"_s, text);
    case Type::DateTime: return fromIsoText(interpreter, u"datetime"_s, text);
    case Type::Interval: return fromIntervalText(interpreter, text);
    case Type::Json: return fromJson(interpreter, text);
    case Type::Uuid:
        return interpreter.call(className(interpreter, u"uuid"_s, u"UUID"_s), {Value(text)});
    case Type::Opaque:
        return interpreter.unknown(u"a value of the database"_s,
                                   u"its type is one that only the database's driver knows"_s);
    case Type::Plain: break;
    }
    return Value(text);
}

Value driverValue(Interpreter &interpreter, const QVariant &cell, Type type)
{
    switch (cell.typeId()) {
    case QMetaType::UnknownType: return {};
    case QMetaType::Bool: return Value(cell.toBool());
    case QMetaType::Int:
    case QMetaType::LongLong: return Value(cell.toLongLong());
    case QMetaType::ULongLong: return wholeFromText(interpreter, cell.toString());
    case QMetaType::Double: return Value(cell.toDouble());
    case QMetaType::QByteArray:
        interpreter.charge(cell.toByteArray().size());
        return interpreter.bytes(cell.toByteArray());
    case QMetaType::QVariantList: {
        std::vector<Value> items;
        for (const QVariant &item : cell.toList())
            items.push_back(driverValue(interpreter, item, type));
        return interpreter.list(std::move(items));
    }
    default: break;
    }
    const QString text = cell.toString();
    interpreter.charge(2 * text.size());
    return fromText(interpreter, text, type);
}

bool isFloatType(const QString &name)
{
    static const QStringList names{u"float"_s, u"real"_s, u"double"_s, u"double_precision"_s};
    return names.contains(name.toLower());
}

/// Numeric: Decimals, from a float with ten digits behind the point where the type says no other number.
Value asNumeric(Interpreter &interpreter, const Value &value, const SqlType &type)
{
    const auto *decimal = value.as<DecimalValue>();
    if (isFloatType(type.name))
        return decimal         ? Value(decimal->text.toDouble())
               : value.isInt() ? Value(double(value.toInt()))
                               : value;
    if (!value.isNumber())
        return value;
    const QString text = QString::number(value.toDouble(), 'f', type.scale.value_or(10));
    return fromText(interpreter, text, Type::Decimal);
}

Value asUuid(Interpreter &interpreter, const Value &value, const SqlType &type)
{
    const Value uuid = value.isStr() ? fromText(interpreter, value.str(), Type::Uuid) : value;
    return type.asText ? Value(interpreter.str(uuid)) : uuid;
}

/// SQLite and MySQL keep an interval as the moment that long after 1970.
Value asInterval(Interpreter &interpreter, const Value &value)
{
    const Value moment =
        value.isStr() ? fromIsoText(interpreter, u"datetime"_s, value.str()) : value;
    const auto *time = moment.as<DateTimeValue>();
    if (!time)
        return value;
    return interpreter.make<TimeDelta>(
        className(interpreter, u"datetime"_s, u"timedelta"_s).as<Class>(), time->microseconds());
}

/// MySQL's drivers give a TIME as the time since midnight.
Value asTime(Interpreter &interpreter, const Value &value)
{
    const auto *delta = value.as<TimeDelta>();
    if (!delta || delta->microseconds < 0 || delta->microseconds >= 86'400'000'000)
        return value;
    const qint64 seconds = delta->microseconds / 1'000'000;
    const auto two = [](qint64 number) { return QString::number(number).rightJustified(2, u'0'); };
    return fromIsoText(
        interpreter, u"time"_s,
        two(seconds / 3600) + u':' + two(seconds / 60 % 60) + u':' + two(seconds % 60) + u'.'
            + QString::number(delta->microseconds % 1'000'000).rightJustified(6, u'0'));
}

Value asEnum(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    const auto &classes = State::of(interpreter).enumClasses;
    const auto found = classes.constFind(type.get());
    const auto *cls = found == classes.cend() ? nullptr : found->second.as<Class>();
    if (!cls || !value.isStr())
        return value;
    const qsizetype at = type->labels.indexOf(value.str());
    if (at < 0 || size_t(at) >= cls->members.size())
        interpreter.raise(u"LookupError"_s,
                          u"'%1' is not among the defined enum values"_s.arg(value.str()));
    return cls->members[size_t(at)];
}

/// What SQLAlchemy makes of a driver's value for a column of \a type.
Value typedValue(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    if (const auto *list = value.as<List>(); list && type->item) {
        std::vector<Value> items;
        for (const Value &item : std::vector<Value>(list->items))
            items.push_back(typedValue(
                interpreter, item, type->dimensions > 1 && item.as<List>() ? type : type->item));
        return interpreter.list(std::move(items));
    }
    if (!type->labels.isEmpty())
        return asEnum(interpreter, value, type);
    if (value.isNone())
        return value;
    const bool isText = value.isStr();
    switch (affinityOf(type)) {
    case TypeAffinity::Boolean: return value.isInt() ? Value(value.toInt() != 0) : value;
    case TypeAffinity::Numeric: return asNumeric(interpreter, value, *type);
    case TypeAffinity::Date:
        return isText ? fromIsoText(interpreter, u"date"_s, value.str().left(10)) : value;
    case TypeAffinity::Time:
        return isText ? fromIsoText(interpreter, u"time"_s, value.str())
                      : asTime(interpreter, value);
    case TypeAffinity::DateTime:
        return isText ? fromIsoText(interpreter, u"datetime"_s, value.str()) : value;
    case TypeAffinity::Interval: return asInterval(interpreter, value);
    case TypeAffinity::Json: {
        const bool isParsed = hostOf(interpreter).backend() == Backend::PostgreSql;
        return isText && !isParsed ? fromJson(interpreter, value.str()) : value;
    }
    case TypeAffinity::Uuid: return asUuid(interpreter, value, *type);
    default: break;
    }
    if (type->name == u"PickleType")
        interpreter.unsupported(u"reads a pickled value, which nobody but Python can"_s);
    return value;
}

/// What process_result_value() of the decorator behind \a type makes of \a value.
Value decoratedValue(Interpreter &interpreter, const Value &value, const SqlTypePtr &type)
{
    const auto &decorated = State::of(interpreter).decorated;
    const auto found = decorated.constFind(type.get());
    const auto *decorator = found == decorated.cend() ? nullptr : found->second.as<TypeObject>();
    const Value *method = decorator ? decorator->cls->lookup(u"process_result_value"_s) : nullptr;
    if (!method || method->as<NativeFunction>())
        return value;
    return interpreter.callMethod(
        found->second, u"process_result_value"_s,
        {value, makeDialect(interpreter, *hostOf(interpreter).backend())});
}

SqlTypePtr typeOfExpr(const ExprPtr &expression)
{
    static const QStringList ofArgument{u"max"_s, u"min"_s, u"coalesce"_s, u"sum"_s};
    if (!expression)
        return nullptr;
    const bool isPassing = expression->kind == Expr::Kind::Label
                           || expression->kind == Expr::Kind::Distinct
                           || (expression->kind == Expr::Kind::Function && !expression->type
                               && ofArgument.contains(expression->text.toLower()));
    if (isPassing)
        return typeOfExpr(expression->args.value(0));
    return expression->type;
}

} // namespace

Value databaseException(Interpreter &interpreter, const Error &error)
{
    static const QRegularExpression integrity(
        u"constraint failed|violates|Duplicate entry|cannot be null|foreign key constraint"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression absent(u"doesn't exist|Unknown column|SQL syntax"_s);
    const bool isPostgres = hostOf(interpreter).backend() == Backend::PostgreSql;
    const QString name = integrity.match(error.message).hasMatch() ? u"exc.IntegrityError"_s
                         : isPostgres || absent.match(error.message).hasMatch()
                             ? u"exc.ProgrammingError"_s
                             : u"exc.OperationalError"_s;
    return interpreter.call(classOf(interpreter, name), {Value(error.message)});
}

Value liveValue(Interpreter &interpreter, const QVariant &cell, const FetchedColumn &column,
                const SqlTypePtr &type)
{
    const Value value = driverValue(interpreter, cell, column.type);
    if (!type)
        return value;
    return decoratedValue(interpreter, typedValue(interpreter, value, type), type);
}

ResultShape shapeOf(const ExprPtr &statement)
{
    ResultShape shape;
    ExprPtr whole = statement;
    while (whole && whole->kind == Expr::Kind::CompoundSelect && !whole->args.isEmpty())
        whole = whole->args.first();
    if (!whole || !whole->statement)
        return shape;
    const bool isSelect = whole->kind == Expr::Kind::Select;
    for (const ExprPtr &column : isSelect ? whole->statement->columns : whole->statement->returning)
        shape.types.append(typeOfExpr(column));
    return shape;
}

ResultShape shapeOf(const ExprPtr &statement, const std::vector<Value> &entities)
{
    ResultShape shape = shapeOf(statement);
    bool hasEntity = false;
    for (const Value &value : entities) {
        auto *cls = value.as<Class>();
        TableObject *table = cls ? mappedTable(cls) : value.as<TableObject>();
        const qsizetype columns = table ? qsizetype(table->columns.size()) : 1;
        if (cls && table)
            shape.parts.push_back({.entity = cls, .columns = columns});
        else
            shape.parts.insert(shape.parts.end(), size_t(columns), ResultShape::Part{});
        hasEntity = hasEntity || (cls && table);
    }
    if (!hasEntity)
        shape.parts.clear();
    return shape;
}

} // namespace tribikos::py::sa
