#include "ui/git/gitwording.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

struct GitWording
{
    Q_DECLARE_TR_FUNCTIONS(GitWording)
};

QString listed(const QStringList &ids)
{
    return visibleText(ids.join(u", "_s), false);
}

/// "a1 (here) and b2 (on feature)"
QString sidedText(const MergeForecast &forecast, const QStringList &ids)
{
    QStringList parts;
    for (const QString &id : ids) {
        switch (forecast.sides.value(id)) {
        case RevisionSide::Here: parts << GitWording::tr("%1 (here)").arg(id); break;
        case RevisionSide::There:
            parts << GitWording::tr("%1 (on %2)").arg(id, forecast.ref);
            break;
        case RevisionSide::Both: parts << id; break;
        }
    }
    const QString last = parts.takeLast();
    const QString text =
        parts.isEmpty() ? last : GitWording::tr("%1 and %2").arg(parts.join(u", "_s), last);
    return visibleText(text, false);
}

QString newText(const MergeForecast &forecast)
{
    return GitWording::tr("%1 new here, %2 new on %3.")
        .arg(forecast.onlyHere.size())
        .arg(forecast.onlyThere.size())
        .arg(visibleText(forecast.ref, false));
}

ForecastVerdict splitVerdict(const MergeForecast &forecast)
{
    ForecastVerdict verdict{.kind = InlineBanner::Kind::Warning};
    verdict.title = GitWording::tr("%1 heads that have grown apart: %2")
                        .arg(forecast.split.size())
                        .arg(sidedText(forecast, forecast.split));
    QString way = GitWording::tr("A merge revision joins them");
    if (const auto &other = forecast.reparenting)
        way += GitWording::tr(", or %1 is put on %2")
                   .arg(visibleText(other->revision, false), listed(other->parents));
    verdict.text =
        newText(forecast) + u' '
        + GitWording::tr("“Upgrade to head” will be refused until they are one. %1.").arg(way);
    return verdict;
}

} // namespace

QString commitText(const Authorship &author)
{
    constexpr int shortCommit = 10;
    return visibleText(
        GitWording::tr("%1 by %2 <%3>, %4")
            .arg(author.commit.left(shortCommit), author.name, author.email,
                 QLocale().toString(author.date.toLocalTime(), u"d MMM yyyy HH:mm"_s)),
        false);
}

QString lostFoundText(const LostRevision &lost)
{
    const QString where = lost.refs.isEmpty()
                              ? GitWording::tr("on no branch any more, only in the reflog")
                              : GitWording::tr("on %1").arg(listed(lost.refs));
    return GitWording::tr("Found in commit %1, “%2”, %3.")
        .arg(commitText(lost.author), visibleText(lost.author.summary, false), where);
}

QString lostNowhereText(const LostSearch &search)
{
    return search.isWhole
               ? GitWording::tr("No branch, tag, stash or reflog entry of this repository has it. "
                                "Fetch the branch that it is on, and look again.")
               : GitWording::tr("It is not in the part of the repository that was looked through; "
                                "the repository is too large to search all of it.");
}

QString lostMoreText(const LostSearch &search, qsizetype choice, const QString &root)
{
    const LostRevision &one = search.found[choice];
    QStringList lines{GitWording::tr("Its file goes to %1.")
                          .arg(visibleText(QDir(root).relativeFilePath(one.revision.file), false))};
    if (!search.ancestors.isEmpty()) {
        QStringList ids;
        for (const LostRevision &ancestor : search.ancestors)
            ids << ancestor.revision.id;
        lines << GitWording::tr("It needs what no file has either, which comes along: %1.")
                     .arg(listed(ids));
    }
    if (!search.missing.isEmpty())
        lines << GitWording::tr("It needs what is nowhere to be found: %1.")
                     .arg(listed(search.missing));
    return lines.join(u'\n');
}

ForecastVerdict forecastVerdict(const MergeForecast &forecast)
{
    if (forecast.needsMerge())
        return splitVerdict(forecast);
    ForecastVerdict verdict;
    if (!forecast.isClean()) {
        verdict.kind = InlineBanner::Kind::Error;
        verdict.title = GitWording::tr("The merge would break the history.");
        verdict.text = newText(forecast);
    } else if (forecast.onlyThere.isEmpty() && forecast.changedThere.isEmpty()
               && forecast.removedThere.isEmpty()) {
        verdict.title = GitWording::tr("%1 has no revision that isn’t here.")
                            .arg(visibleText(forecast.ref, false));
    } else {
        verdict.title =
            forecast.heads.size() == 1
                ? GitWording::tr("One head after the merge: %1").arg(listed(forecast.heads))
                : GitWording::tr("Nothing grows apart; heads after the merge: %1")
                      .arg(listed(forecast.heads));
        verdict.text = newText(forecast);
    }
    return verdict;
}

QHash<QString, Chip> forecastMarks(const MergeForecast &forecast)
{
    QHash<QString, Chip> marks;
    constexpr int shortRef = 24; // letters, so that the chip finds room beside the message
    const QString ref =
        forecast.ref.size() > shortRef ? forecast.ref.left(shortRef - 1) + u'…' : forecast.ref;
    const auto mark = [&marks](const QStringList &ids, const QString &text, Chip::Tone tone) {
        for (const QString &id : ids)
            marks.insert(id, {visibleText(text, false), tone});
    };
    mark(forecast.onlyHere, GitWording::tr("only here"), Chip::Tone::Ok);
    mark(forecast.onlyThere, GitWording::tr("only on %1").arg(ref), Chip::Tone::Accent);
    mark(forecast.changedHere, GitWording::tr("changed here"), Chip::Tone::Warn);
    mark(forecast.changedThere, GitWording::tr("changed on %1").arg(ref), Chip::Tone::Warn);
    return marks;
}

QStringList forecastNotes(const MergeForecast &forecast)
{
    QStringList lines;
    for (const Diagnostic &problem : forecast.problems)
        lines << (problem.severity == Severity::Error ? u"✖ "_s : u"▲ "_s) + problem.message;
    if (!forecast.removedHere.isEmpty())
        lines << GitWording::tr("Removed here: %1").arg(forecast.removedHere.join(u", "_s));
    if (!forecast.removedThere.isEmpty())
        lines << GitWording::tr("Removed on %1: %2")
                     .arg(forecast.ref, forecast.removedThere.join(u", "_s));
    lines << forecast.notes;
    for (QString &line : lines)
        line = visibleText(line);
    return lines;
}

} // namespace tribikos
