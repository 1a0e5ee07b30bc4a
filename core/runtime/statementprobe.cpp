#include "core/runtime/statementprobe.h"

#include "core/base/sqltokenizer.h"
#include "core/db/sqltext.h"
#include "core/ops/knownrows.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <algorithm>
#include <initializer_list>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The words of a statement's head, read one after another.
class Head
{
public:
    Head(const QString &sql, Backend backend)
        : m_tokens(sqlTokens(sql, backend))
    {}

    bool accept(std::initializer_list<QStringView> words)
    {
        qsizetype at = m_at;
        for (const QStringView word : words) {
            if (!m_tokens.at(at).isWord(word))
                return false;
            ++at;
        }
        m_at = at;
        return true;
    }
    bool acceptAny(std::initializer_list<QStringView> words)
    {
        return std::any_of(words.begin(), words.end(),
                           [this](QStringView word) { return accept({word}); });
    }
    bool isAtName() const { return m_tokens.at(m_at).isName(); }
    bool acceptSymbol(QStringView symbol)
    {
        const bool is = m_tokens.at(m_at).isSymbol(symbol);
        m_at += is ? 1 : 0;
        return is;
    }
    TableName name() { return takeTableName(m_tokens, m_at); }
    /// Moves behind the first \a word that stands outside of parentheses.
    bool find(QStringView word)
    {
        const qsizetype last = m_tokens.size() - 1;
        const qsizetype at = findWord(m_tokens, m_at, last, word);
        m_at = std::min(at + 1, last);
        return at < last;
    }

private:
    QList<SqlToken> m_tokens;
    qsizetype m_at = 0;
};

/// Something that SHOW CREATE knows.
struct Definition
{
    QString kind = QStringLiteral("TABLE");
    TableName name{};
};

QList<Definition> tableList(Head &head)
{
    QList<Definition> all;
    do {
        if (head.isAtName())
            all.append({.name = head.name()});
    } while (head.acceptSymbol(u","));
    return all;
}

void skipIfExists(Head &head)
{
    head.accept({u"IF", u"NOT", u"EXISTS"}) || head.accept({u"IF", u"EXISTS"});
}

QList<Definition> renamed(Head &head)
{
    QList<Definition> all;
    do {
        all.append({.name = head.name()});
        if (head.accept({u"TO"}))
            all.append({.name = head.name()});
    } while (head.acceptSymbol(u","));
    return all;
}

QList<Definition> objectOf(Head &head)
{
    for (const QStringView kind :
         {u"VIEW", u"TRIGGER", u"PROCEDURE", u"FUNCTION", u"EVENT", u"SEQUENCE"}) {
        if (!head.accept({kind}))
            continue;
        skipIfExists(head);
        return {{.kind = kind == u"VIEW" ? u"TABLE"_s : kind.toString(), .name = head.name()}};
    }
    return {};
}

/// The definitions that a MySQL statement changes; none: it can't be told.
QList<Definition> changedDefinitions(const QString &sql, Backend backend)
{
    Head head(sql, backend);
    if (head.accept({u"RENAME", u"TABLE"}))
        return renamed(head);
    if (head.accept({u"TRUNCATE"})) {
        head.accept({u"TABLE"});
        return tableList(head);
    }
    if (!head.acceptAny({u"CREATE", u"ALTER", u"DROP"}))
        return {};
    head.accept({u"OR", u"REPLACE"});
    while (
        head.acceptAny({u"TEMPORARY", u"UNIQUE", u"FULLTEXT", u"SPATIAL", u"ONLINE", u"IGNORE"})) {
    }
    if (head.accept({u"TABLE"})) {
        skipIfExists(head);
        QList<Definition> all = tableList(head);
        const bool isRenamed =
            head.find(u"RENAME") && !head.acceptAny({u"COLUMN", u"INDEX", u"KEY"});
        if (isRenamed) {
            head.acceptAny({u"TO", u"AS"});
            all.append({.name = head.name()});
        }
        return all;
    }
    if (head.accept({u"INDEX"}))
        return head.find(u"ON") ? QList<Definition>{{.name = head.name()}} : QList<Definition>();
    return objectOf(head);
}

/// The server's number for "no such table", "… routine", "… trigger", "… database", "… event", "… sequence".
bool isMissing(const Error &error)
{
    static const QRegularExpression missing(u"\\((?:1146|1305|1360|1049|1539|4091), SQLSTATE"_s);
    return missing.match(error.detail).hasMatch();
}

/// Eight digits for each definition, in the statement's order.
Result<QString> mySqlStamp(Session &session, const QString &sql)
{
    constexpr qsizetype mostDefinitions = 8;
    const QList<Definition> changed = changedDefinitions(sql, session.backend());
    if (changed.isEmpty() || changed.size() > mostDefinitions)
        return QString();
    QString stamp;
    for (const Definition &definition : changed) {
        if (definition.name.name.isEmpty())
            return QString();
        const QString name = quotedIdentifier(definition.name.name, session.backend());
        const auto shown = session.query(u"SHOW CREATE %1 %2"_s.arg(
            definition.kind,
            definition.name.schema.isEmpty()
                ? name
                : quotedIdentifier(definition.name.schema, session.backend()) + u'.' + name));
        if (!shown && shown.error().code != ErrorCode::Statement)
            return shown.error();
        if (!shown && !isMissing(shown.error()))
            return QString(); // no right to look, or somebody holds it
        QString text;
        for (const QVariant &value : shown && !shown->isEmpty() ? shown->constFirst() : Row())
            text += value.toString() + u'\n';
        static const QRegularExpression counter(u" AUTO_INCREMENT=\\d+"_s); // moves with every row
        const QByteArray digest =
            QCryptographicHash::hash(text.remove(counter).toUtf8(), QCryptographicHash::Sha256);
        stamp += QString::fromLatin1(digest.toHex().first(8));
    }
    return stamp;
}

/// All of it changed, nothing of it, or something in between.
Effect comparedStamps(const QString &before, const QString &now)
{
    if (before.isEmpty() || before.size() != now.size())
        return Effect::Unknown;
    if (before == now)
        return Effect::None;
    for (qsizetype at = 0; at < now.size(); at += 8) {
        if (QStringView(before).mid(at, 8) == QStringView(now).mid(at, 8))
            return Effect::Unknown;
    }
    return Effect::Whole;
}

struct ConcurrentIndex
{
    bool isCreated = false; // else dropped
    QString name{};         // as written; empty: it isn't about one, or the server names it
};

ConcurrentIndex concurrentIndex(const QString &sql)
{
    static const QRegularExpression create(
        u"^\\s*CREATE\\s+(?:UNIQUE\\s+)?INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?(?!"
        u"ON\\b)"
        "((?:\"(?:[^\"]|\"\")+\"|\\w+))\\s+ON\\s+(?:ONLY\\s+)?(?:(\"(?:[^\"]|\"\")+\"|\\w+)\\s*\\.\\s*)?"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression drop(
        u"^\\s*DROP\\s+INDEX\\s+CONCURRENTLY\\s+(?:IF\\s+EXISTS\\s+)?((?:\"(?:[^\"]|\"\")+\"|[\\w.])+)\\s*(?:CASCADE|RESTRICT)?\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (const auto match = create.match(sql); match.hasMatch())
        return {.isCreated = true,
                .name = match.captured(2).isEmpty() ? match.captured(1)
                                                    : match.captured(2) + u'.' + match.captured(1)};
    if (const auto match = drop.match(sql); match.hasMatch())
        return {.isCreated = false, .name = match.captured(1)};
    return {};
}

Result<Effect> postgresEffect(Session &session, const QString &sql)
{
    static const QStringList harmless{u"VACUUM"_s, u"ANALYZE"_s, u"REINDEX"_s, u"CLUSTER"_s,
                                      u"CHECKPOINT"_s};
    if (harmless.contains(leadingKeyword(sql)))
        return Effect::None;
    const ConcurrentIndex index = concurrentIndex(sql);
    if (index.name.isEmpty())
        return Effect::Unknown;
    const auto rows = session.query(u"SELECT coalesce((SELECT CASE WHEN i.indisvalid THEN 'valid' "
                                    u"ELSE 'invalid' END FROM pg_index i "
                                    "WHERE i.indexrelid = to_regclass(?)), 'none')"_s,
                                    {index.name});
    if (!rows)
        return rows.error();
    const QString state = rows->constFirst().value(0).toString();
    if (index.isCreated)
        return state == u"valid"     ? Effect::Whole
               : state == u"invalid" ? Effect::Remains
                                     : Effect::None;
    return state == u"none" ? Effect::Whole : Effect::None; // dropping goes on from an invalid one
}

} // namespace

Result<QString> stampOf(Session &session, const QString &sql)
{
    return session.backend() == Backend::PostgreSql ? Result<QString>(QString())
                                                    : mySqlStamp(session, sql);
}

Result<Effect> effectOf(Session &session, const QString &sql, const QString &before)
{
    if (session.backend() == Backend::PostgreSql)
        return postgresEffect(session, sql);
    static const QRegularExpression harmless(
        u"^(?:(?:ANALYZE|OPTIMIZE|CHECK|REPAIR)\\s+(?:LOCAL\\s+|NO_WRITE_TO_BINLOG\\s+)?TABLE|FLUSH)\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (harmless.match(withoutPadding(sql)).hasMatch())
        return Effect::None;
    if (before.isEmpty())
        return Effect::Unknown;
    const Result<QString> now = mySqlStamp(session, sql);
    if (!now)
        return now.error();
    return comparedStamps(before, *now);
}

QString removalOfRemains(const QString &sql)
{
    return u"DROP INDEX CONCURRENTLY IF EXISTS "_s + concurrentIndex(sql).name;
}

} // namespace tribikos
