#include "comparison.h"

#include "app/cli/cli.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonValue>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr int alembicRefusal = 255;

QStringList lines(const QJsonValue &value)
{
    QStringList list;
    for (const QJsonValue &line : value.toArray())
        list.append(line.toString());
    return list;
}

/// What a statement on the version table does to the set of rows: "-a", "+b"; empty for other text.
QStringList rowEffects(const QString &line)
{
    static const QRegularExpression insert(
        u"^INSERT INTO \\S+ \\(version_num\\) VALUES \\('([^']*)'\\)"_s);
    static const QRegularExpression update(
        u"^UPDATE \\S+ SET version_num='([^']*)' WHERE \\S+ = '([^']*)'"_s);
    static const QRegularExpression remove(u"^DELETE FROM \\S+ WHERE \\S+ = '([^']*)'"_s);
    if (const auto match = insert.match(line); match.hasMatch())
        return {u"+"_s + match.captured(1)};
    if (const auto match = update.match(line); match.hasMatch())
        return {u"-"_s + match.captured(2), u"+"_s + match.captured(1)};
    if (const auto match = remove.match(line); match.hasMatch())
        return {u"-"_s + match.captured(1)};
    return {};
}

/// A script with the row statements of each step as one sorted line: at merges it is chance which
/// row Alembic updates.
QStringList withRowSets(const QStringList &text)
{
    QStringList canonical;
    QStringList effects;
    const auto flush = [&] {
        effects.sort();
        if (!effects.isEmpty())
            canonical.append(effects.join(u' '));
        effects.clear();
    };
    for (const QString &line : text) {
        const QStringList found = rowEffects(line);
        if (found.isEmpty() && !line.isEmpty())
            flush();
        effects += found;
        if (found.isEmpty() && !line.isEmpty())
            canonical.append(line);
    }
    flush();
    return canonical;
}

/// A listing in a form in which nothing is left of an order that Alembic takes from a set.
QStringList unordered(QStringList text)
{
    for (QString &line : text) {
        for (const QString &head : {u"Branches into: "_s, u"Branch names: "_s}) {
            if (!line.startsWith(head))
                continue;
            QStringList names = line.mid(head.size()).split(u", "_s);
            names.sort();
            line = head + names.join(u", "_s);
        }
    }
    text.sort();
    return text;
}

/// Alembic keeps the options of a MySQL table in a set.
QStringList withSortedTableOptions(QStringList text)
{
    for (QString &line : text) {
        QStringList words = line.split(u' ');
        if (line.startsWith(u')') && line.size() > 2) {
            words.first().remove(0, 1);
            words.last().remove(u';');
            words.sort();
            line = u')' + words.join(u' ') + u';';
        }
    }
    return text;
}

bool isSameText(const QJsonObject &command, const QJsonObject &expected, const QStringList &found)
{
    const QStringList text = lines(expected[u"stdout"_s]);
    if (text == found)
        return true;
    const QString verb = command[u"argv"_s].toArray().at(0).toString();
    if (verb == u"current") // its lines come from a set, whether a run showed it or not
        return unordered(text) == unordered(found);
    if (!expected[u"unstable"_s].toBool())
        return false;
    for (const QJsonValue &variant : expected[u"variants"_s].toArray()) {
        if (lines(variant[u"stdout"_s]) == found)
            return true;
    }
    const bool isScript = verb == u"upgrade" || verb == u"downgrade";
    return isScript ? withSortedTableOptions(withRowSets(text))
                          == withSortedTableOptions(withRowSets(found))
                    : unordered(text) == unordered(found);
}

bool isSameExit(int expected, int found)
{
    if (expected == 0 || expected == cli::Misused)
        return found == expected;
    return found != 0;
}

QStringList runningLines(const QStringList &log)
{
    QStringList list;
    for (const QString &line : log) {
        const qsizetype running = line.indexOf(u"] Running "_s);
        if (running >= 0)
            list.append(line.mid(running + 2).section(u'\n', 0, 0));
    }
    list.sort();
    return list;
}

QStringList dumpedRows(const QStringList &dump)
{
    QStringList rows;
    for (const QString &line : dump) {
        static const QStringList heads{u"-- row alembic_version: "_s, u"-- row schema_history: "_s};
        for (const QString &head : heads) {
            const auto row = QJsonDocument::fromJson(line.mid(head.size()).toUtf8());
            if (line.startsWith(head))
                rows.append(row.array().at(0).toString());
        }
    }
    rows.sort();
    return rows;
}

/// A dump in a form in which neither the order of clauses nor the moment of the run counts.
QStringList clauses(const QStringList &dump)
{
    static const QRegularExpression moment(
        u"\"20(?:2[5-9]|[3-9]\\d)-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\""_s);
    QStringList all;
    for (QString line : dump) {
        if (line.startsWith(u"-- row "_s)) {
            const qsizetype colon = line.indexOf(u": "_s) + 2;
            const auto cells = QJsonDocument::fromJson(line.mid(colon).toUtf8());
            line = line.left(colon) + QString::fromUtf8(cells.toJson(QJsonDocument::Compact));
        }
        line = line.replace(moment, u"now"_s).replace(u'\t', u"    "_s).trimmed();
        while (line.endsWith(u',') || line.endsWith(u' '))
            line.chop(1);
        if (!line.isEmpty())
            all.append(line);
    }
    return all;
}

/// Everything that Alembic's database holds is in ours, and what ours holds beside it stood there
/// before the command: a rebuild may keep more than Alembic's, never less.
QString dumpDifference(const QStringList &expected, const Outcome &outcome)
{
    QStringList missing = clauses(expected);
    QStringList more;
    for (const QString &line : clauses(outcome.after)) {
        if (!missing.removeOne(line))
            more.append(line);
    }
    const QStringList before = clauses(outcome.before);
    more.removeIf([&before](const QString &line) { return before.contains(line); });
    if (missing.isEmpty() && more.isEmpty())
        return {};
    return u"database\n  missing:\n    |%1\n  beside it:\n    |%2\n"_s.arg(
        missing.join(u"\n    |"_s), more.join(u"\n    |"_s));
}

QString listing(const QString &title, const QStringList &expected, const QStringList &found)
{
    return u"%1\n  expected:\n    |%2\n  found:\n    |%3\n"_s.arg(
        title, expected.join(u"\n    |"_s), found.join(u"\n    |"_s));
}

/// The files that the command wrote, word for word.
QString filesDifference(const QJsonObject &expected, const Outcome &outcome)
{
    QMap<QString, QStringList> wanted;
    for (auto it = expected.begin(); it != expected.end(); ++it)
        wanted.insert(it.key(), lines(it.value()));
    QString text;
    const QStringList paths = wanted.keys() + outcome.files.keys();
    for (const QString &path : QSet<QString>(paths.cbegin(), paths.cend())) {
        if (wanted.value(path) != outcome.files.value(path))
            text += listing(path, wanted.value(path), outcome.files.value(path));
    }
    return text;
}

/// The files of the outcome, or of another one that was seen: Alembic's order is now and then a set's.
QString anyFilesDifference(const QJsonObject &expected, const Outcome &outcome)
{
    const QString text = filesDifference(expected[u"files"_s].toObject(), outcome);
    for (const QJsonValue &variant : expected[u"variants"_s].toArray())
        if (filesDifference(variant[u"files"_s].toObject(), outcome).isEmpty())
            return {};
    return text;
}

/// What `check` found, by Alembic's names: ('add_table', …; its values are Python's.
QStringList foundKinds(const QStringList &text)
{
    static const QRegularExpression kind(u"\\('((?:add|remove|modify)_\\w+)'"_s);
    QStringList kinds;
    for (auto found = kind.globalMatch(text.join(u'\n')); found.hasNext();)
        kinds.append(found.next().captured(1));
    kinds.sort();
    return kinds;
}

/// What autogenerate says that it has seen.
QStringList detectedLines(const QStringList &log)
{
    static const QRegularExpression object(u"<[^>]*> "_s);
    QStringList list;
    for (QString line : log)
        if (line.contains(u"[alembic.autogenerate."))
            list.append(line.mid(line.indexOf(u'[')).remove(object));
    list.sort();
    return list;
}

} // namespace

QString difference(const QJsonObject &command, const QJsonObject &expected, const Outcome &outcome)
{
    const int exitCode = expected[u"exit"_s].toInt();
    QString text;
    if (!isSameExit(exitCode, outcome.exitCode))
        text += u"exit code: expected %1, found %2\n"_s.arg(exitCode).arg(outcome.exitCode);
    const bool isScript = command[u"argv"_s].toArray().contains(u"--sql"_s);
    const bool wordsCount = exitCode == 0 || (exitCode == alembicRefusal && !isScript);
    const bool isCheck = command[u"argv"_s].toArray().at(0) == u"check"_s;
    if (const QStringList kinds = foundKinds(lines(expected[u"stdout"_s]));
        isCheck && kinds != foundKinds(outcome.out))
        text += listing(u"kinds"_s, kinds, foundKinds(outcome.out));
    if (const QStringList detected = detectedLines(lines(expected[u"log"_s]));
        detected != detectedLines(outcome.err))
        text += listing(u"detected"_s, detected, detectedLines(outcome.err));
    if (wordsCount && !isCheck && !isSameText(command, expected, outcome.out))
        text += listing(u"output"_s, lines(expected[u"stdout"_s]), outcome.out);
    if (const QStringList log = runningLines(lines(expected[u"log"_s]));
        wordsCount && expected.contains(u"log"_s) && log != runningLines(outcome.err))
        text += listing(u"log"_s, log, runningLines(outcome.err));
    if (const QStringList rows = dumpedRows(lines(expected[u"dump"_s]));
        wordsCount && expected.contains(u"dump"_s) && rows != outcome.rows)
        text += listing(u"version rows"_s, rows, outcome.rows);
    text += anyFilesDifference(expected, outcome);
    if (exitCode == 0 && expected.contains(u"dump"_s))
        text += dumpDifference(lines(expected[u"dump"_s]), outcome);
    return text;
}

} // namespace tribikos
