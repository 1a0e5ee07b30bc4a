#include "core/sqlread/sqlscript.h"

#include "core/base/sqltokenizer.h"
#include "core/sqlread/splitter.h"

#include <QRegularExpression>
#include <QSet>
#include <QStringDecoder>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

inline constexpr qsizetype maxScriptBytes = 4 << 20;

/// A "-- key: value" line; section lines have an empty value or a dialect.
struct Annotation
{
    QString key{};
    QString value{};
    int line = 0;
    qsizetype start = 0; // offset of the line
    qsizetype end = 0;   // offset behind the line
    bool isSection() const { return key == u"upgrade" || key == u"downgrade"; }
};

/// Every comment line that has the shape of an annotation, wherever it stands.
QList<Annotation> annotations(const QString &text)
{
    static const QRegularExpression section(
        u"^--\\s*(upgrade|downgrade)\\s*(?::\\s*(\\S+))?\\s*$"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression fact(u"^--\\s*([A-Za-z][A-Za-z_-]*)\\s*:\\s*(.*)$"_s);
    QList<Annotation> found;
    int number = 0;
    for (qsizetype start = 0; start < text.size();) {
        qsizetype end = text.indexOf(u'\n', start);
        end = end < 0 ? text.size() : end + 1;
        const QString line = text.mid(start, end - start).trimmed();
        ++number;
        if (line.startsWith(u"--")) {
            QRegularExpressionMatch match = section.match(line);
            if (!match.hasMatch())
                match = fact.match(line);
            if (match.hasMatch())
                found.append({match.captured(1).toLower().replace(u'_', u'-'),
                              match.captured(2).trimmed(), number, start, end});
        }
        start = end;
    }
    return found;
}

QStringList listed(const QString &value)
{
    static const QRegularExpression separator(u"[\\s,]+"_s);
    QStringList values = value.split(separator, Qt::SkipEmptyParts);
    if (values.size() == 1 && values[0].compare(u"none", Qt::CaseInsensitive) == 0)
        values.clear();
    return values;
}

Error scriptError(ErrorCode code, const QString &file, int line, const QString &message)
{
    const QString place = line > 0 ? u"%1:%2"_s.arg(file).arg(line) : file;
    return {.code = code, .message = u"%1: %2"_s.arg(place, message), .file = file, .line = line};
}

/// The first of \a sections that answers for \a backend.
const SqlSection *findSection(const QList<SqlSection> &sections, bool isUpgrade, Backend backend)
{
    QList<std::optional<Backend>> wanted{backend};
    if (backend == Backend::MariaDb)
        wanted.append(Backend::MySql);
    wanted.append(std::nullopt);
    for (const std::optional<Backend> &candidate : std::as_const(wanted))
        for (const SqlSection &section : sections)
            if (section.isUpgrade == isUpgrade && section.backend == candidate)
                return &section;
    return nullptr;
}

class Reader
{
public:
    Reader(const QString &text, const QString &file)
        : m_text(text)
        , m_file(file)
    {}
    Result<SqlScript> read();

private:
    Status readHeader(const QList<Annotation> &facts);
    Status readFact(const Annotation &fact);
    Status readSection(const Annotation &head, qsizetype end);
    Status checkOutside(qsizetype end) const;
    Error error(ErrorCode code, int line, const QString &message) const
    {
        return scriptError(code, m_file, line, message);
    }

    const QString &m_text;
    const QString &m_file;
    SqlScript m_script{.file = m_file};
};

Status Reader::readFact(const Annotation &fact)
{
    const auto refuse = [&](const QString &message) {
        return error(ErrorCode::ProjectRefused, fact.line, message);
    };
    if (fact.key == u"revision") {
        if (listed(fact.value).size() != 1)
            return refuse(u"A revision has exactly one id; write \"-- revision: ID\"."_s);
        m_script.revision = listed(fact.value).constFirst();
        m_script.revisionLine = fact.line;
    } else if (fact.key == u"revises") {
        m_script.downRevisions = listed(fact.value);
    } else if (fact.key == u"label") {
        m_script.labels = listed(fact.value);
    } else if (fact.key == u"depends-on") {
        m_script.dependsOn = listed(fact.value);
    } else if (fact.key == u"message") {
        m_script.message = fact.value;
    } else if (fact.key == u"created") {
        m_script.created = fact.value;
    } else if (fact.key == u"transaction") {
        const QString value = fact.value.toLower();
        if (value != u"none" && value != u"per-revision")
            return refuse(
                u"\"transaction: %1\" is not known; write none, or leave the line out."_s.arg(
                    fact.value));
        m_script.hasTransaction = value != u"none";
    }
    return done();
}

Status Reader::readHeader(const QList<Annotation> &facts)
{
    static const QSet<QString> known{u"revision"_s, u"revises"_s, u"label"_s,      u"depends-on"_s,
                                     u"message"_s,  u"created"_s, u"transaction"_s};
    QSet<QString> seen;
    for (const Annotation &fact : facts) {
        if (!known.contains(fact.key))
            continue; // "-- Note: ..." is a comment
        if (seen.contains(fact.key))
            return error(
                ErrorCode::ProjectRefused, fact.line,
                u"\"%1\" stands here a second time; keep one of the lines."_s.arg(fact.key));
        seen.insert(fact.key);
        const Status status = readFact(fact);
        if (!status)
            return status;
    }
    if (m_script.revision.isEmpty())
        return error(ErrorCode::ProjectRefused, 0,
                     u"The script has no \"-- revision: ID\" line before its first statement."_s);
    return done();
}

/// Statements before the first section would belong to no direction.
Status Reader::checkOutside(qsizetype end) const
{
    const QList<SqlToken> tokens = sqlTokens(m_text.left(end));
    if (tokens.size() == 1)
        return done();
    return error(ErrorCode::ProjectRefused, tokens[0].line,
                 u"A statement stands before \"-- upgrade\"; move it below that line."_s);
}

Status Reader::readSection(const Annotation &head, qsizetype end)
{
    SqlSection section{.isUpgrade = head.key == u"upgrade", .line = head.line};
    if (!head.value.isEmpty()) {
        section.backend = backendFromName(head.value);
        if (!section.backend)
            return error(
                ErrorCode::ProjectRefused, head.line,
                u"\"%1\" is no dialect that is known here; write sqlite, postgresql, mysql or "
                "mariadb."_s.arg(head.value));
    }
    for (const SqlSection &other : std::as_const(m_script.sections))
        if (other.isUpgrade == section.isUpgrade && other.backend == section.backend)
            return error(
                ErrorCode::ProjectRefused, head.line,
                u"This section stands in line %1 already; put the two together."_s.arg(other.line));
    section.body = m_text.mid(head.end, end - head.end);
    m_script.sections.append(section);
    return done();
}

Result<SqlScript> Reader::read()
{
    const QList<Annotation> all = annotations(m_text);
    const auto first = std::ranges::find_if(all, &Annotation::isSection);
    const qsizetype headerEnd = first == all.cend() ? m_text.size() : first->start;
    Status status = readHeader(all.mid(0, first - all.cbegin()));
    if (status)
        status = checkOutside(headerEnd);
    QList<Annotation> heads;
    std::copy_if(first, all.cend(), std::back_inserter(heads),
                 [](const Annotation &annotation) { return annotation.isSection(); });
    for (qsizetype i = 0; status && i < heads.size(); ++i)
        status = readSection(heads[i], i + 1 < heads.size() ? heads[i + 1].start : m_text.size());
    if (!status)
        return status.error();
    return m_script;
}

} // namespace

Result<Operations> SqlScript::operations(bool isUpgrade, Backend backend) const
{
    Operations operations;
    const SqlSection *section = findSection(sections, isUpgrade, backend);
    if (!section)
        return operations;
    for (const SqlStatement &statement : splitStatements(section->body, backend)) {
        const int line = section->line + statement.line;
        if (!statement.isComplete)
            return scriptError(
                ErrorCode::Syntax, file, line,
                u"The statement is not finished: a quote or a trigger's END is missing."_s);
        const int lines = int(statement.text.count(u'\n'));
        operations.append({.kind = Execute{.statement = textExpr(statement.text)},
                           .span = {.line = line, .column = 1, .endLine = line + lines}});
    }
    if (!hasTransaction && !operations.isEmpty()) {
        operations.prepend({.kind = AutocommitBegin{}, .span = operations.first().span});
        operations.append({.kind = AutocommitEnd{}, .span = operations.last().span});
    }
    return operations;
}

bool SqlScript::hasSection(bool isUpgrade) const
{
    return std::ranges::any_of(sections,
                               [&](const SqlSection &s) { return s.isUpgrade == isUpgrade; });
}

Result<SqlScript> readSqlScript(const QByteArray &bytes, const QString &file)
{
    const auto refuse = [&](const QString &message) {
        return scriptError(ErrorCode::Unreadable, file, 0, message);
    };
    if (bytes.size() > maxScriptBytes)
        return refuse(
            u"The script is larger than 4 MiB; load bulk data outside of the migrations."_s);
    if (bytes.contains('\0'))
        return refuse(u"The script has a NUL byte in it; it is no SQL text."_s);
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(bytes);
    if (decoder.hasError())
        return refuse(u"The script is not UTF-8; save it with that encoding."_s);
    return Reader(text, file).read();
}

} // namespace tribikos
