#include "ui/shell/wording.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QLocale>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

struct Wording
{
    Q_DECLARE_TR_FUNCTIONS(Wording)
};

} // namespace

QString revisionsText(int count)
{
    return count == 1 ? Wording::tr("1 revision") : Wording::tr("%n revisions", nullptr, count);
}

QString statementsText(int count)
{
    return count == 1 ? Wording::tr("1 statement") : Wording::tr("%n statements", nullptr, count);
}

QString shownPosition(const QStringList &rows)
{
    constexpr int shown = 2;
    if (rows.isEmpty())
        return Wording::tr("base");
    const QString text = visibleText(rows.mid(0, shown).join(u", "_s), false);
    return rows.size() > shown
               ? Wording::tr("%1 and %n more", nullptr, int(rows.size()) - shown).arg(text)
               : text;
}

QString durationText(qint64 microseconds)
{
    const QLocale locale;
    const double seconds = double(microseconds) / 1e6;
    if (seconds < 60)
        return Wording::tr("%1 s").arg(locale.toString(seconds, 'f', seconds < 10 ? 2 : 1));
    const qint64 whole = qint64(seconds);
    return Wording::tr("%1:%2 min").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
}

} // namespace tribikos
