#include "core/ops/operationarchive.h"

#include "core/base/bytestream.h"
#include "core/ops/operationfields.h"

#include <QHash>

#include <tuple>
#include <utility>
#include <vector>

namespace tribikos {

namespace {

/// A revision beyond these is quicker to read again than it is worth to keep.
constexpr qsizetype mostBytes = 1 << 20;
constexpr qsizetype longestText = 1 << 16;
constexpr int deepest = 400;

/// Of a pointer: null, to something that follows, and from there on to what came before.
constexpr quint64 none = 0;
constexpr quint64 firstNew = 1;

template<typename T>
concept Whole = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// A difference in sign, too, in few bytes.
quint64 folded(qint64 value)
{
    return (quint64(value) << 1) ^ quint64(value >> 63);
}

qint64 unfolded(quint64 value)
{
    return qint64(value >> 1) ^ -qint64(value & 1);
}

} // namespace

/// Writes one set of operations; the texts and types that it meets go to the tables.
struct OperationWriter::Private
{
    void operator()(const auto &...members) { (one(members), ...); }

    void one(Whole auto value) { m_out.small(folded(qint64(value))); }
    void one(const QString &text)
    {
        auto known = m_textNumbers.constFind(text);
        if (known == m_textNumbers.cend()) {
            isRefused = isRefused || text.size() > longestText || !text.isValidUtf16();
            if (isRefused)
                return;
            known = m_textNumbers.insert(text, m_textNumbers.size());
            m_texts.text(text);
        }
        m_out.small(quint64(*known));
    }
    template<typename T>
    void one(const QList<T> &values)
    {
        m_out.small(quint64(values.size()));
        for (const T &value : values)
            nested([&] { one(value); });
    }
    template<typename T>
    void one(const std::optional<T> &value)
    {
        one(value.has_value());
        if (value)
            one(*value);
    }
    template<typename A, typename B>
    void one(const std::pair<A, B> &value)
    {
        one(value.first);
        one(value.second);
    }
    template<typename K, typename T>
    void one(const QMap<K, T> &values)
    {
        m_out.small(quint64(values.size()));
        for (auto it = values.cbegin(); it != values.cend(); ++it) {
            one(it.key());
            one(it.value());
        }
    }
    template<typename... T>
    void one(const std::variant<T...> &value)
    {
        m_out.small(value.index());
        std::visit([this](const auto &held) { one(held); }, value);
    }
    /// One that was met before is a reference: whether two are the same is a part of what is said, an alias for one.
    template<typename T>
    void one(const std::shared_ptr<const T> &value)
    {
        auto &known = std::get<Numbers<T>>(m_known);
        const quint64 number = value ? known.value(value.get(), firstNew) : none;
        m_out.small(number);
        if (number != firstNew)
            return;
        known.insert(value.get(), firstNew + 1 + quint64(known.size()));
        nested([&] { one(*value); });
    }
    void one(const SqlStretchPtr &) { isRefused = true; }
    void one(const SqlTypePtr &type) { m_out.small(type ? numberOf(type) : 0); }
    template<typename T>
    requires std::is_class_v<T>
    void one(const T &value) { OperationFields::each(*this, value); }

    /// An expression may have one part in many places, so that it is larger as text than in memory.
    template<typename Write>
    void nested(const Write &write)
    {
        isRefused = isRefused || ++m_depth > deepest || m_out.bytes.size() > mostBytes;
        if (!isRefused)
            write();
        --m_depth;
    }

    /// From 1; a type stands behind those that it is made of.
    quint64 numberOf(const SqlTypePtr &type)
    {
        const auto known = m_typeNumbers.constFind(type.get());
        if (known != m_typeNumbers.cend())
            return known->second;
        ByteWriter around = std::exchange(m_out, {});
        nested([&] { one(*type); });
        const QByteArray bytes = std::exchange(m_out, std::move(around)).bytes;
        if (isRefused)
            return 0;
        auto same = m_typeBytes.constFind(bytes);
        if (same == m_typeBytes.cend()) {
            same = m_typeBytes.insert(bytes, quint64(m_typeBytes.size()) + 1);
            m_types.bytes.append(bytes);
        }
        m_typeNumbers.insert(type.get(), {type, *same});
        return *same;
    }

    std::optional<QByteArray> add(const Operations &operations)
    {
        m_out = {};
        m_known = {};
        m_depth = 0;
        isRefused = false;
        one(operations);
        return isRefused || m_out.bytes.size() > mostBytes ? std::nullopt
                                                           : std::optional(m_out.bytes);
    }
    qsizetype sharedSize() const { return m_texts.bytes.size() + m_types.bytes.size(); }
    QByteArray shared() const
    {
        ByteWriter out;
        out.small(quint64(m_textNumbers.size()));
        out.bytes.append(m_texts.bytes);
        out.small(quint64(m_typeBytes.size()));
        out.bytes.append(m_types.bytes);
        return out.bytes;
    }

    bool isRefused = false;

private:
    template<typename T>
    using Numbers = QHash<const T *, quint64>;

    ByteWriter m_out{};
    std::tuple<Numbers<Expr>, Numbers<TableRef>, Numbers<Expr::Statement>> m_known{};
    int m_depth = 0;
    QHash<QString, qsizetype> m_textNumbers{};
    ByteWriter m_texts{};
    /// By address for as long as it is held here.
    QHash<const SqlType *, std::pair<SqlTypePtr, quint64>> m_typeNumbers{};
    QHash<QByteArray, quint64> m_typeBytes{};
    ByteWriter m_types{};
};

OperationWriter::OperationWriter()
    : d(std::make_unique<Private>())
{}

OperationWriter::~OperationWriter() = default;

std::optional<QByteArray> OperationWriter::add(const Operations &operations)
{
    return d->add(operations);
}

qsizetype OperationWriter::sharedSize() const
{
    return d->sharedSize();
}

QByteArray OperationWriter::shared() const
{
    return d->shared();
}

namespace {

/// Reads what OperationWriter::Private wrote, member by member.
class PartReader
{
public:
    PartReader(QByteArrayView bytes, const std::vector<QString> &texts,
               const std::vector<SqlTypePtr> &types)
        : in(bytes)
        , m_texts(texts)
        , m_types(types)
    {}

    void operator()(auto &...members) { (one(members), ...); }

    template<Whole T>
    void one(T &value)
    {
        value = T(unfolded(in.small()));
    }
    void one(QString &text)
    {
        const quint64 number = in.small();
        in.isWhole = in.isWhole && number < m_texts.size();
        if (in.isWhole)
            text = m_texts[number];
    }
    template<typename T>
    void one(QList<T> &values)
    {
        const qsizetype count = in.count();
        values.reserve(count);
        for (qsizetype i = 0; i < count && in.isWhole; ++i)
            nested([&] { one(values.emplace_back()); });
    }
    template<typename T>
    void one(std::optional<T> &value)
    {
        bool has = false;
        one(has);
        if (has)
            one(value.emplace());
    }
    template<typename A, typename B>
    void one(std::pair<A, B> &value)
    {
        one(value.first);
        one(value.second);
    }
    template<typename K, typename T>
    void one(QMap<K, T> &values)
    {
        for (qsizetype left = in.count(); left > 0 && in.isWhole; --left) {
            K key{};
            one(key);
            one(values[key]);
        }
    }
    template<typename... T>
    void one(std::variant<T...> &value)
    {
        using Make = void (*)(std::variant<T...> &);
        static constexpr Make makers[] = {
            [](std::variant<T...> &made) { made.template emplace<T>(); }...};
        const quint64 index = in.small();
        in.isWhole = in.isWhole && index < sizeof...(T);
        if (!in.isWhole)
            return;
        makers[index](value);
        std::visit([this](auto &held) { one(held); }, value);
    }
    template<typename T>
    void one(std::shared_ptr<const T> &value)
    {
        auto &known = std::get<Known<T>>(m_known);
        const quint64 number = in.small();
        if (number == none)
            return;
        if (number != firstNew) {
            in.isWhole = in.isWhole && number - firstNew <= known.size();
            value = in.isWhole ? known[number - firstNew - 1] : nullptr;
            in.isWhole = value != nullptr; // one that isn't finished would hold itself
            return;
        }
        const size_t place = known.size();
        known.emplace_back();
        auto made = std::make_shared<T>();
        nested([&] { one(*made); });
        value = std::move(made);
        known[place] = value;
    }
    void one(SqlStretchPtr &) { in.isWhole = false; }
    void one(SqlTypePtr &type)
    {
        const quint64 number = in.small();
        in.isWhole = in.isWhole && number <= m_types.size();
        if (in.isWhole && number > 0)
            type = m_types[number - 1];
    }
    template<typename T>
    requires std::is_class_v<T>
    void one(T &value) { OperationFields::each(*this, value); }

    ByteReader in;

private:
    template<typename Read>
    void nested(const Read &read)
    {
        in.isWhole = in.isWhole && ++m_depth <= deepest;
        if (in.isWhole)
            read();
        --m_depth;
    }
    template<typename T>
    using Known = std::vector<std::shared_ptr<const T>>;

    const std::vector<QString> &m_texts;
    const std::vector<SqlTypePtr> &m_types;
    std::tuple<Known<Expr>, Known<TableRef>, Known<Expr::Statement>> m_known{};
    int m_depth = 0;
};

} // namespace

struct OperationReader::Private
{
    std::vector<QString> texts{};
    std::vector<SqlTypePtr> types{};
};

OperationReader::OperationReader(QByteArrayView shared)
    : d(std::make_unique<Private>())
{
    PartReader reader(shared, d->texts, d->types);
    const qsizetype texts = reader.in.count();
    d->texts.reserve(size_t(texts));
    for (qsizetype i = 0; i < texts && reader.in.isWhole; ++i)
        d->texts.push_back(reader.in.text());
    const qsizetype types = reader.in.count();
    d->types.reserve(size_t(types));
    for (qsizetype i = 0; i < types && reader.in.isWhole; ++i) {
        auto type = std::make_shared<SqlType>();
        reader.one(*type);
        d->types.push_back(std::move(type));
    }
    if (!reader.in.isWhole || !reader.in.isAtEnd())
        *d = {};
}

OperationReader::~OperationReader() = default;

std::optional<Operations> OperationReader::operations(QByteArrayView bytes) const
{
    PartReader reader(bytes, d->texts, d->types);
    Operations operations;
    reader.one(operations);
    return reader.in.isWhole && reader.in.isAtEnd() ? std::optional(operations) : std::nullopt;
}

} // namespace tribikos
