#include "core/sqlread/sqlscript.h"

#include "core/base/sqlscanner.h"
#include "core/sqlread/sqlsections.h"

#include <QRegularExpression>
#include <QSet>
#include <QUtf8StringView>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A "-- key: value" line.
struct Fact
{
    QString key{};
    QString value{};
    int line = 0;
};

/// Every comment line of \a header that has the shape of a fact.
QList<Fact> factsOf(const QString &header)
{
    static const QRegularExpression shape(u"^--\\s*([A-Za-z][A-Za-z_-]*)\\s*:\\s*(.*)$"_s);
    QList<Fact> facts;
    int number = 0;
    for (const QString &line : header.split(u'\n')) {
        ++number;
        QString text = line.trimmed();
        if (number == 1 && text.startsWith(QChar::ByteOrderMark))
            text = text.mid(1).trimmed();
        if (const auto match = shape.match(text); match.hasMatch())
            facts.append({match.captured(1).toLower().replace(u'_', u'-'),
                          match.captured(2).trimmed(), number});
    }
    return facts;
}

QStringList listed(const QString &value)
{
    static const QRegularExpression separator(u"[\\s,]+"_s);
    QStringList values = value.split(separator, Qt::SkipEmptyParts);
    if (values.size() == 1 && values[0].compare(u"none", Qt::CaseInsensitive) == 0)
        values.clear();
    return values;
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

class HeaderReader
{
public:
    HeaderReader(const QByteArray &text, const QString &file)
        : m_text(text)
        , m_file(file)
    {}
    Result<SqlScript> read();

private:
    Status findEnd();
    Status readFact(const Fact &fact);
    Error error(ErrorCode code, int line, const QString &message) const
    {
        return scriptError(code, m_file, line, message);
    }

    const QByteArray &m_text;
    const QString &m_file;
    SqlScript m_script{.file = m_file};
};

Status HeaderReader::readFact(const Fact &fact)
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

/// The header ends with the first section's line; a statement before would belong to no direction.
Status HeaderReader::findEnd()
{
    SqlScanner<char> scanner({m_text.constData(), size_t(m_text.size())}, Backend::Sqlite);
    scanner.setEnd(isSectionLine);
    const SqlSpan token = scanner.next();
    if (token.kind != SqlToken::Kind::End)
        return error(ErrorCode::ProjectRefused, token.line,
                     u"A statement stands before \"-- upgrade\"; move it below that line."_s);
    m_script.headerEnd = token.start;
    m_script.headerLines = token.line;
    return done();
}

Result<SqlScript> HeaderReader::read()
{
    static const QSet<QString> known{u"revision"_s, u"revises"_s, u"label"_s,      u"depends-on"_s,
                                     u"message"_s,  u"created"_s, u"transaction"_s};
    const Status outside = findEnd();
    const qsizetype end = outside ? m_script.headerEnd : m_text.size();
    QSet<QString> seen;
    const QList<Fact> facts = factsOf(
        QString::fromUtf8(m_text.constData(), std::min<qsizetype>(end, largestSqlHeaderBytes)));
    for (const Fact &fact : facts) {
        if (!known.contains(fact.key))
            continue; // "-- Note: ..." is a comment
        if (outside && seen.contains(fact.key))
            return error(
                ErrorCode::ProjectRefused, fact.line,
                u"\"%1\" stands here a second time; keep one of the lines."_s.arg(fact.key));
        seen.insert(fact.key);
        if (const Status status = readFact(fact); !status)
            return status.error();
    }
    if (!outside)
        return outside.error();
    if (m_script.revision.isEmpty())
        return error(ErrorCode::ProjectRefused, 0,
                     u"The script has no \"-- revision: ID\" line before its first statement."_s);
    m_script.text = m_text;
    return m_script;
}

Status checkText(const QByteArray &bytes, const QString &file)
{
    const auto refuse = [&](const QString &message) {
        return scriptError(ErrorCode::Unreadable, file, 0, message);
    };
    if (bytes.contains('\0'))
        return refuse(u"The script has a NUL byte in it; it is no SQL text."_s);
    if (!QUtf8StringView(bytes).isValidUtf8())
        return refuse(u"The script is not UTF-8; save it with that encoding."_s);
    return done();
}

} // namespace

Result<Operations> SqlScript::operations(bool isUpgrade, Backend backend) const
{
    const auto sections = sqlSections(text, headerEnd, headerLines, backend, file);
    if (!sections)
        return sections.error();
    const bool hasDirection =
        std::ranges::any_of(*sections, [&](const SqlSection &s) { return s.isUpgrade == isUpgrade; });
    if (!isUpgrade && !hasDirection)
        return scriptError(ErrorCode::ProjectRefused, file, 0,
                           u"There is no \"-- downgrade\" section: this revision can't be taken back."_s);
    const SqlSection *section = findSection(*sections, isUpgrade, backend);
    if (!section)
        return Operations{};
    auto read = sectionOperations(text, *section, backend, file);
    if (!read || read->isEmpty() || hasTransaction)
        return read;
    Operations operations = read.take();
    operations.prepend({.kind = AutocommitBegin{}, .span = operations.first().span});
    operations.append({.kind = AutocommitEnd{}, .span = operations.last().span});
    return operations;
}

QString SqlScript::missingSection(bool isUpgrade, Backend backend) const
{
    const auto sections = sqlSections(text, headerEnd, headerLines, backend, file);
    if (!sections || findSection(*sections, isUpgrade, backend))
        return {};
    QStringList others;
    for (const SqlSection &section : *sections)
        if (section.isUpgrade == isUpgrade && section.backend)
            others += backendTitle(*section.backend);
    return others.isEmpty() ? QString()
                            : u"The script has SQL for %1 only, so nothing is done on %2: give it a "
                              "section for it, or a plain one"_s.arg(others.join(u" and "_s),
                                                                    backendTitle(backend));
}

Result<SqlScript> readSqlScript(const QByteArray &bytes, const QString &file)
{
    if (bytes.size() > largestSqlScriptBytes)
        return scriptError(ErrorCode::Unreadable, file, 0,
                           u"The script is larger than %1 MiB; load bulk data outside of the migrations."_s.arg(
                               largestSqlScriptBytes >> 20));
    if (const Status fine = checkText(bytes, file); !fine)
        return fine.error();
    return HeaderReader(bytes, file).read();
}

Result<SqlScript> readSqlHeader(QByteArray bytes, const QString &file)
{
    bytes.truncate(bytes.lastIndexOf('\n') + 1); // the last line, or a letter of it, may be cut in two
    if (const Status fine = checkText(bytes, file); !fine)
        return fine.error();
    Result<SqlScript> script = HeaderReader(bytes, file).read();
    if (script && script->headerEnd == bytes.size())
        return scriptError(ErrorCode::ProjectRefused, file, 0,
                           u"No \"-- upgrade\" line stands in the first %1 KiB; move it up."_s.arg(
                               largestSqlHeaderBytes >> 10));
    return script;
}

} // namespace tribikos
