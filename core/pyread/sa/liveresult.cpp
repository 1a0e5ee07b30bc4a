#include "core/pyread/sa/live.h"
#include "core/pyread/sa/liveunit.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/results.h"

#include <algorithm>

/// What a statement on a live database answers: CursorResult, Row.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// One row: a tuple whose items have names as well.
class LiveRow final : public Tuple
{
public:
    LiveRow(std::vector<Value> values, QStringList itsNames)
        : Tuple(std::move(values))
        , names(std::move(itsNames))
    {}
    QString typeName() const override { return u"Row"_s; }
    Class *type(Interpreter &interpreter) override { return interpreter.builtinClass(u"tuple"_s); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        const qsizetype at = key.isStr() ? names.indexOf(key.str()) : -1;
        return at >= 0 ? items[size_t(at)] : Tuple::getItem(interpreter, key);
    }
    Value mapping(Interpreter &interpreter) const
    {
        std::vector<std::pair<QString, Value>> pairs;
        for (size_t i = 0; i < items.size(); ++i)
            pairs.push_back({names.value(qsizetype(i)), items[i]});
        return interpreter.dict(pairs);
    }

    const QStringList names;
};

std::optional<Value> LiveRow::getAttr(Interpreter &interpreter, const QString &name)
{
    const auto giving = [&](const Value &value) {
        return interpreter.function(name,
                                    [value](Interpreter &, const CallArgs &) { return value; });
    };
    if (name == u"_mapping")
        return mapping(interpreter);
    if (name == u"_asdict")
        return giving(mapping(interpreter));
    if (name == u"_fields" || name == u"keys") {
        std::vector<Value> all(names.cbegin(), names.cend());
        return name == u"keys" ? giving(interpreter.list(all)) : interpreter.tuple(all);
    }
    if (name == u"_tuple" || name == u"tuple")
        return giving(Value(this));
    if (name == u"t" || name == u"_t")
        return Value(this);
    if (const auto method = Tuple::getAttr(interpreter, name))
        return method;
    const qsizetype at = names.indexOf(name);
    if (at < 0)
        return std::nullopt;
    if (names.count(name) > 1)
        interpreter.raise(
            classOf(interpreter, u"exc.InvalidRequestError"_s),
            u"Ambiguous column name '%1' in result set column descriptions"_s.arg(name));
    return items[size_t(at)];
}

class LiveResult final : public Object
{
public:
    /// What was read, and where whoever looks at it is: results made of one another share it.
    struct Reading
    {
        Fetched fetched{};
        ResultShape shape{};
        QStringList names{};
        std::vector<Value> key{};
        UnitOfWork *unit = nullptr;
        qsizetype next = 0;
    };
    enum class Form { Rows, Scalars, Mappings };

    LiveResult(std::shared_ptr<Reading> reading, Form form, qsizetype index)
        : m_reading(std::move(reading))
        , m_form(form)
        , m_index(index)
    {}
    QString typeName() const override { return u"CursorResult"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override;
    bool isIterable() const override { return true; }
    void iterate(Interpreter &interpreter, const Visitor &visit) override
    {
        while (const auto row = next(interpreter)) {
            if (!visit(*row))
                return;
        }
    }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return this; }
    bool exit(Interpreter &, const Value &) override { return false; }

    static std::vector<Value> rowValues(Interpreter &interpreter, const Reading &reading,
                                        const QList<QVariant> &row);

private:
    std::optional<Value> next(Interpreter &interpreter);
    std::vector<Value> rest(Interpreter &interpreter, qint64 most);
    Value one(Interpreter &interpreter, const QString &name);
    std::optional<Value> fetching(Interpreter &interpreter, const QString &name);
    std::optional<Value> fact(Interpreter &interpreter, const QString &name) const;

    const std::shared_ptr<Reading> m_reading;
    const Form m_form;
    const qsizetype m_index; // of Scalars
    QSet<QString> m_seen{};  // of unique()
    bool m_isUnique = false;
};

std::vector<Value> LiveResult::rowValues(Interpreter &interpreter, const Reading &reading,
                                         const QList<QVariant> &row)
{
    std::vector<Value> values;
    const auto value = [&](qsizetype column) {
        return liveValue(interpreter, row.at(column), reading.fetched.columns.at(column),
                         reading.shape.types.value(column));
    };
    if (reading.shape.parts.empty()) {
        for (qsizetype column = 0; column < row.size(); ++column)
            values.push_back(value(column));
        return values;
    }
    qsizetype column = 0;
    for (const ResultShape::Part &part : reading.shape.parts) {
        std::vector<Value> own;
        for (qsizetype i = 0; i < part.columns && column < row.size(); ++i)
            own.push_back(value(column++));
        if (part.entity)
            values.push_back(reading.unit->loaded(interpreter, part.entity, own));
        else
            values.insert(values.end(), own.begin(), own.end());
    }
    return values;
}

std::optional<Value> LiveResult::next(Interpreter &interpreter)
{
    if (!m_reading->fetched.hasRows)
        interpreter.raise(classOf(interpreter, u"exc.ResourceClosedError"_s),
                          u"This result object does not return rows. It has been closed "
                          u"automatically."_s);
    while (m_reading->next < m_reading->fetched.rows.size()) {
        interpreter.step();
        const QList<QVariant> row = std::exchange(m_reading->fetched.rows[m_reading->next++], {});
        std::vector<Value> values = rowValues(interpreter, *m_reading, row);
        Value made;
        if (m_form == Form::Scalars) {
            made = size_t(m_index) < values.size() ? values[size_t(m_index)] : Value();
        } else {
            auto *whole = interpreter.make<LiveRow>(std::move(values), m_reading->names);
            made = m_form == Form::Mappings ? whole->mapping(interpreter) : Value(whole);
        }
        if (m_isUnique) {
            const QString key = made.as<EntityObject>() ? QString::number(quintptr(made.object()))
                                                        : interpreter.repr(made);
            if (m_seen.contains(key))
                continue;
            m_seen.insert(key);
        }
        return made;
    }
    return std::nullopt;
}

std::vector<Value> LiveResult::rest(Interpreter &interpreter, qint64 most)
{
    std::vector<Value> values;
    while (qint64(values.size()) < most) {
        const auto row = next(interpreter);
        if (!row)
            break;
        values.push_back(*row);
    }
    interpreter.checkLength(qsizetype(values.size()));
    return values;
}

/// one(), one_or_none(), scalar_one() …: no more than one row.
Value LiveResult::one(Interpreter &interpreter, const QString &name)
{
    const auto row = next(interpreter);
    if (row && next(interpreter))
        interpreter.raise(classOf(interpreter, u"exc.MultipleResultsFound"_s),
                          u"Multiple rows were found when exactly one was required"_s);
    if (!row && !name.endsWith(u"_or_none"))
        raiseNoResult(interpreter);
    if (!row)
        return {};
    return name.startsWith(u"scalar") ? interpreter.getItem(*row, Value(0)) : *row;
}

std::optional<Value> LiveResult::fetching(Interpreter &interpreter, const QString &name)
{
    constexpr qint64 all = std::numeric_limits<qint64>::max();
    static const QStringList ones{u"one"_s, u"one_or_none"_s, u"scalar_one"_s,
                                  u"scalar_one_or_none"_s};
    const auto method = [&](const std::function<Value(Interpreter &, const CallArgs &)> &body) {
        return interpreter.function(name, body);
    };
    if (name == u"fetchall" || name == u"all")
        return method([this](Interpreter &in, const CallArgs &) { return in.list(rest(in, all)); });
    if (name == u"fetchone")
        return method(
            [this](Interpreter &in, const CallArgs &) { return next(in).value_or(Value()); });
    if (name == u"fetchmany" || name == u"partitions")
        return method([this, name](Interpreter &in, const CallArgs &args) {
            const Value size = args.positional.empty() ? Value(1) : args.positional.front();
            const qint64 most = size.isInt() ? std::max<qint64>(1, size.toInt()) : all;
            if (name == u"fetchmany")
                return in.list(rest(in, most));
            std::vector<Value> parts;
            for (std::vector<Value> part = rest(in, most); !part.empty(); part = rest(in, most))
                parts.push_back(in.list(part));
            return in.list(parts);
        });
    if (name == u"first" || name == u"scalar")
        return method([this, name](Interpreter &in, const CallArgs &) {
            const Value row = next(in).value_or(Value());
            m_reading->next = m_reading->fetched.rows.size(); // it is closed then
            return name == u"scalar" && !row.isNone() && m_form != Form::Scalars
                       ? in.getItem(row, Value(0))
                       : row;
        });
    if (ones.contains(name))
        return method([this, name](Interpreter &in, const CallArgs &) { return one(in, name); });
    return std::nullopt;
}

/// What is known of the result beside its rows.
std::optional<Value> LiveResult::fact(Interpreter &interpreter, const QString &name) const
{
    static const QStringList given{u"rowcount"_s, u"lastrowid"_s, u"inserted_primary_key"_s};
    if (m_reading->fetched.isRepeated && given.contains(name))
        interpreter.unsupported(
            u"asks for %1 of a statement that a run which broke off has done: set "
            "the database right by hand, then stamp it with --interrupted done"_s.arg(name));
    if (name == u"rowcount")
        return Value(m_reading->fetched.changed >= 0 ? m_reading->fetched.changed
                                                     : qint64(m_reading->fetched.rows.size()));
    if (name == u"returns_rows")
        return Value(m_reading->fetched.hasRows);
    if (name == u"lastrowid")
        return Value(m_reading->fetched.lastId);
    if (name == u"inserted_primary_key") {
        if (m_reading->key.empty())
            interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                              u"Statement is not an insert() expression construct."_s);
        return interpreter.tuple(m_reading->key);
    }
    return std::nullopt;
}

std::optional<Value> LiveResult::getAttr(Interpreter &interpreter, const QString &name)
{
    static const QStringList passing{u"yield_per"_s, u"execution_options"_s, u"tuples"_s,
                                     u"unique"_s};
    if (auto found = fetching(interpreter, name))
        return found;
    if (auto found = fact(interpreter, name))
        return found;
    if (passing.contains(name))
        return interpreter.function(name, [this, name](Interpreter &, const CallArgs &) {
            m_isUnique = m_isUnique || name == u"unique";
            return Value(this);
        });
    if (name == u"scalars" || name == u"mappings")
        return interpreter.function(name, [this, name](Interpreter &in, const CallArgs &args) {
            const bool isScalars = name == u"scalars";
            const qsizetype index =
                isScalars && !args.positional.empty() && args.positional.front().isInt()
                    ? qsizetype(args.positional.front().toInt())
                    : 0;
            return Value(
                in.make<LiveResult>(m_reading, isScalars ? Form::Scalars : Form::Mappings, index));
        });
    if (name == u"keys")
        return interpreter.function(name, [this](Interpreter &in, const CallArgs &) {
            return in.list({m_reading->names.cbegin(), m_reading->names.cend()});
        });
    if (name == u"close")
        return interpreter.function(name, [this](Interpreter &, const CallArgs &) {
            m_reading->next = m_reading->fetched.rows.size();
            return Value();
        });
    return std::nullopt;
}

QStringList namesOf(const Fetched &fetched, const ResultShape &shape)
{
    QStringList names;
    qsizetype column = 0;
    for (const ResultShape::Part &part : shape.parts) {
        names.append(part.entity ? part.entity->name : fetched.columns.value(column).name);
        column += part.columns;
    }
    for (; shape.parts.empty() && column < fetched.columns.size(); ++column)
        names.append(fetched.columns.at(column).name);
    return names;
}

} // namespace

Value makeLiveResult(Interpreter &interpreter, Fetched fetched, ResultShape shape, UnitOfWork *unit,
                     std::vector<Value> key)
{
    auto reading = std::make_shared<LiveResult::Reading>();
    reading->names = namesOf(fetched, shape);
    reading->fetched = std::move(fetched);
    reading->shape = std::move(shape);
    reading->unit = unit;
    reading->key = std::move(key);
    return interpreter.make<LiveResult>(std::move(reading), LiveResult::Form::Rows, 0);
}

} // namespace tribikos::py::sa
