#include "suites.h"

#include "ui/shell/theme.h"

#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_Theme : public QObject
{
    Q_OBJECT
private slots:
    void textIsReadable_data();
    void textIsReadable();
    void glyphsAreVisible_data();
    void glyphsAreVisible();
    void paletteTellsTheTheme();
    void choiceNamesRoundTrip();
    void contrastOfKnownPairs();
};

namespace {
void bothThemes()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}
} // namespace

void tst_Theme::textIsReadable_data()
{
    bothThemes();
}

void tst_Theme::textIsReadable()
{
    QFETCH(bool, dark);
    const ThemeColors &t = dark ? darkTheme() : lightTheme();
    const auto readable = [](const QColor &ink, const QColor &paper, const char *what) {
        const qreal ratio = contrastRatio(ink, paper);
        if (ratio < 4.5)
            qWarning("%s: %s on %s is %.2f", what, qPrintable(ink.name()), qPrintable(paper.name()),
                     ratio);
        return ratio >= 4.5;
    };
    for (const QColor &paper : {t.window, t.panel, t.selection, t.chip, t.code}) {
        QVERIFY(readable(t.text, paper, "text"));
        QVERIFY(readable(t.dim, paper, "dim"));
        QVERIFY(readable(t.ok, paper, "ok"));
        QVERIFY(readable(t.warn, paper, "warn"));
        QVERIFY(readable(t.bad, paper, "bad"));
        QVERIFY(readable(t.accent, paper, "accent"));
    }
    for (const QColor &ink : {t.keyword, t.string, t.comment, t.number})
        QVERIFY(readable(ink, t.code, "code"));
    for (const QColor &ink : {t.text, t.keyword, t.string})
        QVERIFY(readable(ink, t.badRow, "failed statement"));
    QVERIFY(readable(t.onAccent, t.accentFill, "primary button"));
    QVERIFY(readable(t.onBad, t.badFill, "dangerous button"));
}

void tst_Theme::glyphsAreVisible_data()
{
    bothThemes();
}

void tst_Theme::glyphsAreVisible()
{
    QFETCH(bool, dark);
    const ThemeColors &t = dark ? darkTheme() : lightTheme();
    for (const QColor &paper : {t.panel, t.selection})
        QVERIFY2(contrastRatio(t.pending, paper) >= 3, qPrintable(paper.name()));
    for (const QColor &lane : t.lanes)
        QVERIFY2(contrastRatio(lane, t.panel) >= 3, qPrintable(lane.name()));
}

void tst_Theme::paletteTellsTheTheme()
{
    QPalette palette;
    palette.setColor(QPalette::Window, lightTheme().window);
    QVERIFY(!themeFor(palette).isDark);
    palette.setColor(QPalette::Window, darkTheme().window);
    QVERIFY(themeFor(palette).isDark);
}

void tst_Theme::choiceNamesRoundTrip()
{
    for (const ThemeChoice choice : {ThemeChoice::Auto, ThemeChoice::Light, ThemeChoice::Dark})
        QCOMPARE(themeChoiceFromName(themeChoiceName(choice)), choice);
    QCOMPARE(themeChoiceFromName(u"mauve"_s), ThemeChoice::Auto);
}

void tst_Theme::contrastOfKnownPairs()
{
    QVERIFY(qAbs(contrastRatio(Qt::black, Qt::white) - 21) < 0.01);
    QVERIFY(qAbs(contrastRatio(Qt::red, Qt::red) - 1) < 0.01);
}

int runTheme(int argc, char **argv)
{
    tst_Theme test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_theme.moc"
