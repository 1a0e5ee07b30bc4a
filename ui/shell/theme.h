#pragma once

#include <QColor>
#include <QList>
#include <QPalette>
#include <QString>

class QApplication;
class QWidget;

/*!
    All colours of the window, light and dark, in one table. Painted code asks themeFor() with the
    widget's palette, so that a change of palette is the only thing that switches a theme. Contrast
    (4.5:1 for text, 3:1 for glyphs) is tested over this table.
*/
namespace tribikos {

enum class ThemeChoice { Auto, Light, Dark };
/// "auto", "light", "dark": as in the settings and on the command line.
QString themeChoiceName(ThemeChoice choice);
ThemeChoice themeChoiceFromName(const QString &name);

struct ThemeColors
{
    bool isDark = false;
    QColor window{}; // behind the panels
    QColor panel{};  // lists, bars
    QColor line{};   // hairlines, frames
    QColor text{};
    QColor dim{};        // second-rank text
    QColor accent{};     // text, glyphs and marks in the accent colour
    QColor accentFill{}; // the primary button, the "is here" chip
    QColor onAccent{};   // text on accentFill
    QColor selection{};  // the selected row; text on it stays text
    QColor ok{};
    QColor warn{};
    QColor bad{};
    QColor badRow{};  // behind a statement that failed
    QColor badFill{}; // dangerous buttons
    QColor onBad{};
    QColor pending{}; // hollow nodes
    QColor chip{};
    QColor code{}; // behind SQL
    QColor keyword{};
    QColor string{};
    QColor comment{};
    QColor number{};
    QList<QColor> lanes{}; // the graph's lines, by lane
};

const ThemeColors &lightTheme();
const ThemeColors &darkTheme();
/// The theme that \a palette belongs to, by the lightness of its window colour.
const ThemeColors &themeFor(const QPalette &palette);

/// WCAG's contrast ratio, 1 to 21.
qreal contrastRatio(const QColor &a, const QColor &b);

/// Gives the application Fusion, our palette and the style sheet. Auto follows the desktop's
/// palette.
void applyTheme(QApplication &application, ThemeChoice choice);

/// Gives \a widget the style sheet's \a role, and has the sheet looked at again.
void setRole(QWidget *widget, const QString &role);

} // namespace tribikos
