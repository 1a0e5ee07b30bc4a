#include "core/sqlread/pgtree.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QThread>
#include <memory>
#include <pg_query.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The tree takes some hundred times the memory of its text.
constexpr qsizetype mostBytes = 512 * 1024;

/// 1+1+1+… nests a level every other byte, and the parser writes its tree down by recursion: 67 bytes of stack for
/// each of the text. Of what nests to the right its own stack holds 10 000 levels, 1.5 MB of ours.
constexpr qsizetype stackPerByte = 96;
constexpr qsizetype usualStack = 4 << 20;
constexpr qsizetype harmlessBytes = 16 * 1024;

struct Parsed
{
    QByteArray tree{};
    QString problem{};
    int place = 0; // characters before the problem, counted from 1; 0: not known
};

Parsed parsedHere(const QByteArray &utf8)
{
    const PgQueryParseResult result = pg_query_parse(utf8.constData());
    Parsed parsed;
    if (result.error) {
        parsed.problem = QString::fromUtf8(result.error->message);
        parsed.place = result.error->cursorpos;
    } else {
        parsed.tree = result.parse_tree;
    }
    pg_query_free_parse_result(result);
    return parsed;
}

Parsed parsed(const QByteArray &utf8)
{
    if (utf8.size() <= harmlessBytes)
        return parsedHere(utf8);
    Parsed result;
    const std::unique_ptr<QThread> thread(QThread::create([&] { result = parsedHere(utf8); }));
    thread->setStackSize(uint(usualStack + utf8.size() * stackPerByte));
    thread->start();
    thread->wait();
    return result;
}

Error refused(const QString &sql, const QString &why, int place)
{
    const qsizetype line = 1 + QStringView(sql).left(std::max(place - 1, 0)).count(u'\n');
    return {.code = ErrorCode::Syntax,
            .message = u"The grammar of PostgreSQL %1 refuses this statement: %2."_s.arg(
                QString::fromLatin1(PG_MAJORVERSION), why),
            .detail = why,
            .line = int(line)};
}

} // namespace

PgNode::PgNode(const QJsonValue &value)
    : m_fields(value.toObject())
{
    if (m_fields.size() != 1 || !m_fields.constBegin().key().at(0).isUpper())
        return;
    m_kind = m_fields.constBegin().key();
    m_fields = QJsonObject(m_fields.constBegin().value().toObject());
}

QList<PgNode> PgNode::list(QStringView field) const
{
    QList<PgNode> nodes;
    for (const QJsonValue item : m_fields.value(field).toArray())
        nodes.append(PgNode(item));
    return nodes;
}

QStringList PgNode::texts(QStringView field) const
{
    QStringList texts;
    for (const PgNode &node : list(field))
        texts.append(node.text(u"sval"));
    return texts;
}

std::optional<qint64> PgNode::whole() const
{
    if (is(u"Integer"))
        return number(u"ival");
    bool isWhole = false;
    const qint64 number = text(u"fval").toLongLong(&isWhole);
    return isWhole ? std::optional(number) : std::nullopt;
}

Result<PgNode> parsePostgres(const QString &sql)
{
    const QByteArray utf8 = sql.toUtf8();
    if (utf8.size() > mostBytes)
        return refused(sql, u"it is longer than %1 KiB"_s.arg(mostBytes / 1024), 0);
    if (utf8.contains('\0'))
        return refused(sql, u"there is a NUL in it"_s, 0);
    const Parsed result = parsed(utf8);
    if (!result.problem.isEmpty())
        return refused(sql, result.problem, result.place);
    const QJsonDocument tree = QJsonDocument::fromJson(result.tree);
    if (tree.isNull())
        return refused(sql, u"it is nested too deeply"_s, 0);
    const QJsonArray statements = tree.object().value(u"stmts").toArray();
    if (statements.size() != 1)
        return refused(sql, u"it is no single statement"_s, 0);
    return PgNode(statements[0].toObject().value(u"stmt"));
}

QList<PgNode> pgNodesOf(const PgNode &root, QStringView kind)
{
    QList<PgNode> nodes;
    QList<QJsonValue> open{root.fields()};
    while (!open.isEmpty()) {
        const QJsonValue value = open.takeLast();
        for (const QJsonValue item : value.toArray())
            open.append(item);
        const QJsonObject fields = value.toObject();
        for (auto field = fields.constBegin(); field != fields.constEnd(); ++field) {
            if (field.key() == kind)
                nodes.append(PgNode(QJsonObject{{field.key(), field.value()}}));
            open.append(field.value());
        }
    }
    return nodes;
}

} // namespace tribikos
