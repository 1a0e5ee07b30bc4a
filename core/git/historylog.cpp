#include "core/git/historylog.h"

#include <QFile>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Walks through fields that end with NUL.
class FieldReader
{
public:
    explicit FieldReader(const QByteArray &text)
        : m_text(text)
    {}
    bool atEnd() const { return m_at >= m_text.size(); }
    bool isAt(char c) const { return !atEnd() && m_text[m_at] == c; }
    void skipSeparators()
    {
        while (isAt('\0') || isAt('\n'))
            ++m_at;
    }
    QByteArray take()
    {
        const qsizetype end = m_text.indexOf('\0', m_at);
        const QByteArray field = m_text.mid(m_at, (end < 0 ? m_text.size() : end) - m_at);
        m_at = end < 0 ? m_text.size() : end + 1;
        return field;
    }

private:
    const QByteArray &m_text;
    qsizetype m_at = 0;
};

bool isObjectId(const QByteArray &text)
{
    return (text.size() == 40 || text.size() == 64) && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

/// ":100644 100644 OLD NEW M", or with a colon, mode, id and letter more for each further parent.
std::optional<GitFileChange> takeChange(FieldReader *fields)
{
    const QByteArray facts = fields->take();
    qsizetype colons = 0;
    while (colons < facts.size() && facts[colons] == ':')
        ++colons;
    const QList<QByteArray> words = facts.mid(colons).split(' ');
    const qsizetype sides = colons + 1;
    if (colons == 0 || words.size() != 2 * sides + 1 || words.last().isEmpty())
        return {};
    const QByteArray letters = words.last();
    GitFileChange change{.kind = letters.front(),
                         .blob = words[2 * sides - 1],
                         .isLink = words[sides - 1] == "120000"};
    if (colons > 1) { // a merge: added only where every side says so
        const bool isAdded = letters.count('A') == letters.size();
        change.kind = isAdded ? 'A' : letters.contains('D') ? 'D' : 'M';
    } else if (change.kind == 'R' || change.kind == 'C') {
        change.from = QFile::decodeName(fields->take());
    }
    change.path = QFile::decodeName(fields->take());
    return change;
}

} // namespace

QStringList gitLogFormat()
{
    return {u"--raw"_s,
            u"-c"_s,
            u"-z"_s,
            u"--no-abbrev"_s,
            u"--root"_s,
            u"--no-color"_s,
            u"--no-ext-diff"_s,
            u"--no-textconv"_s,
            u"--no-show-signature"_s,
            u"--no-notes"_s,
            u"--ignore-submodules=all"_s,
            u"--encoding=UTF-8"_s,
            u"--format=%H%x00%an%x00%ae%x00%aI%x00%s"_s};
}

QList<GitCommit> parseGitLog(const QByteArray &text)
{
    QList<GitCommit> commits;
    FieldReader fields(text);
    fields.skipSeparators();
    while (!fields.atEnd()) {
        const QByteArray id = fields.take();
        if (!isObjectId(id))
            break;
        GitCommit commit;
        commit.author.commit = QString::fromLatin1(id);
        commit.author.name = QString::fromUtf8(fields.take());
        commit.author.email = QString::fromUtf8(fields.take());
        commit.author.date = QDateTime::fromString(QString::fromLatin1(fields.take()), Qt::ISODate);
        commit.author.summary = QString::fromUtf8(fields.take());
        fields.skipSeparators();
        while (fields.isAt(':')) {
            const auto change = takeChange(&fields);
            if (!change)
                return commits;
            commit.changes.append(*change);
        }
        fields.skipSeparators();
        commits.append(commit);
    }
    return commits;
}

Result<QList<GitCommit>> readGitLog(const GitRepository &repository, const GitLogRequest &request,
                                    const std::stop_token &stop)
{
    QStringList arguments{u"log"_s, u"--topo-order"_s, u"-M"_s, u"-l1000"_s};
    arguments += gitLogFormat();
    if (request.isFullHistory)
        arguments.append(u"--full-history"_s);
    arguments += request.from;
    arguments.append(u"--"_s);
    arguments += request.paths;
    const auto printed = repository.run(arguments, stop, {}, request.limits);
    if (!printed)
        return printed.error();
    return parseGitLog(*printed);
}

} // namespace tribikos
