#pragma once

#include "core/project/lostrevision.h"
#include "core/project/mergeforecast.h"
#include "ui/shell/chip.h"
#include "ui/shell/inlinebanner.h"

/// What the window says of the repository; no widget is needed for it.
namespace tribikos {

/// "1234567890 by Ada <ada@example.org>, 4 May 2021 12:00"
QString commitText(const Authorship &author);

/// Who committed a lost revision, what for, and on which branches it is.
QString lostFoundText(const LostRevision &lost);
QString lostNowhereText(const LostSearch &search);
/// Where its file goes, as seen from \a root, what comes along, and what is nowhere.
QString lostMoreText(const LostSearch &search, qsizetype choice, const QString &root);

/// What a merge would mean, for a banner.
struct ForecastVerdict
{
    InlineBanner::Kind kind = InlineBanner::Kind::Success;
    QString title{};
    QString text{};
};
ForecastVerdict forecastVerdict(const MergeForecast &forecast);
/// "only here", "only on feature", ...: by revision id, for the graph's chips.
QHash<QString, Chip> forecastMarks(const MergeForecast &forecast);
/// What can't be known, and what the merge would break, line by line.
QStringList forecastNotes(const MergeForecast &forecast);

} // namespace tribikos
