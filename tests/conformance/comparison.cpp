#include "comparison.h"

#include "app/cli/cli.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonValue>
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

/// A form in which nothing is left of an order that Alembic takes from a set.
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

bool isSameText(const QJsonObject &expected, const QStringList &found)
{
    if (lines(expected[u"stdout"_s]) == found)
        return true;
    if (!expected[u"unstable"_s].toBool())
        return false;
    for (const QJsonValue &variant : expected[u"variants"_s].toArray()) {
        if (lines(variant[u"stdout"_s]) == found)
            return true;
    }
    return unordered(lines(expected[u"stdout"_s])) == unordered(found);
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
            list.append(line.mid(running + 2));
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

QString listing(const QString &title, const QStringList &expected, const QStringList &found)
{
    return u"%1\n  expected:\n    |%2\n  found:\n    |%3\n"_s.arg(
        title, expected.join(u"\n    |"_s), found.join(u"\n    |"_s));
}

} // namespace

QString difference(const QJsonObject &expected, const Outcome &outcome)
{
    const int exitCode = expected[u"exit"_s].toInt();
    QString text;
    if (!isSameExit(exitCode, outcome.exitCode))
        text += u"exit code: expected %1, found %2\n"_s.arg(exitCode).arg(outcome.exitCode);
    const bool wordsCount = exitCode == 0 || exitCode == alembicRefusal;
    if (wordsCount && !isSameText(expected, outcome.out))
        text += listing(u"output"_s, lines(expected[u"stdout"_s]), outcome.out);
    if (const QStringList log = runningLines(lines(expected[u"log"_s]));
        wordsCount && expected.contains(u"log"_s) && log != runningLines(outcome.err))
        text += listing(u"log"_s, log, runningLines(outcome.err));
    if (const QStringList rows = dumpedRows(lines(expected[u"dump"_s]));
        wordsCount && expected.contains(u"dump"_s) && rows != outcome.rows)
        text += listing(u"version rows"_s, rows, outcome.rows);
    return text;
}

} // namespace tribikos
