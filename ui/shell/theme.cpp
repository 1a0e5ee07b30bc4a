#include "ui/shell/theme.h"

#include <QApplication>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>
#include <cmath>

// Resources of a static library must be asked for, from outside of any namespace.
static void initResources()
{
    Q_INIT_RESOURCE(ui);
}

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

ThemeColors makeLight()
{
    return {
        .isDark = false,
        .window = 0xf6f7f9,
        .panel = 0xffffff,
        .line = 0xd9dde3,
        .text = 0x1d2430,
        .dim = 0x586174,
        .accent = 0x205cd0,
        .accentFill = 0x2563d9,
        .onAccent = 0xffffff,
        .selection = 0xdfeaff,
        .ok = 0x14713c,
        .warn = 0x855400,
        .bad = 0xb3261e,
        .badRow = 0xfff0ee,
        .badFill = 0xc62f35,
        .onBad = 0xffffff,
        .pending = 0x6b7484,
        .chip = 0xeef1f5,
        .code = 0xfbfcfe,
        .keyword = 0x7a3cc8,
        .string = 0x1a7f4b,
        .comment = 0x697386,
        .number = 0xa34a20,
        .lanes = {0x2f6feb, 0xa86c14, 0x158047, 0xa347c4, 0xd1383d, 0x0b7f8a, 0x7a5af0, 0x8a6d3b}};
}

ThemeColors makeDark()
{
    return {
        .isDark = true,
        .window = 0x1f232a,
        .panel = 0x262b33,
        .line = 0x3f4753,
        .text = 0xe4e8ee,
        .dim = 0xa6b0bf,
        .accent = 0x85afff,
        .accentFill = 0x3670dc,
        .onAccent = 0xffffff,
        .selection = 0x2b3f63,
        .ok = 0x5fd39a,
        .warn = 0xe8b765,
        .bad = 0xff9a9a,
        .badRow = 0x55292c,
        .badFill = 0xc9363b,
        .onBad = 0xffffff,
        .pending = 0x9aa4b3,
        .chip = 0x323944,
        .code = 0x20252c,
        .keyword = 0xc39bff,
        .string = 0x8fd6a5,
        .comment = 0x8c97a6,
        .number = 0xf0a977,
        .lanes = {0x5b93ff, 0xe0a84a, 0x4ac585, 0xc77fe0, 0xf0696d, 0x3fb8c4, 0xa08bff, 0xc2a36b}};
}

QPalette paletteOf(const ThemeColors &t)
{
    QPalette palette;
    palette.setColor(QPalette::Window, t.window);
    palette.setColor(QPalette::WindowText, t.text);
    palette.setColor(QPalette::Base, t.panel);
    palette.setColor(QPalette::AlternateBase, t.window);
    palette.setColor(QPalette::Text, t.text);
    palette.setColor(QPalette::PlaceholderText, t.dim);
    palette.setColor(QPalette::Button, t.panel);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::BrightText, t.bad);
    palette.setColor(QPalette::ToolTipBase, t.panel);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Highlight, t.selection);
    palette.setColor(QPalette::HighlightedText, t.text);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::LinkVisited, t.accent);
    palette.setColor(QPalette::Light, t.isDark ? t.line.lighter(120) : QColor(Qt::white));
    palette.setColor(QPalette::Midlight, t.line);
    palette.setColor(QPalette::Mid, t.line.darker(115));
    palette.setColor(QPalette::Dark, t.line.darker(140));
    palette.setColor(QPalette::Shadow, t.isDark ? QColor(0, 0, 0) : t.dim);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.pending);
    return palette;
}

// Lengths are in em or come from the font, so that a larger font enlarges the whole window.
constexpr auto sheetTemplate = R"(
QToolTip { color: @text; background: @panel; border: 1px solid @line; padding: 3px; }
QMenuBar { background: @panel; border-bottom: 1px solid @line; padding: 1px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: @selection; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: @selection; }
QMenu::item:disabled { color: @pending; }
QMenu::separator { height: 1px; background: @line; margin: 4px 6px; }
QToolBar { background: @panel; border: none; border-bottom: 1px solid @line; spacing: 6px; padding: 6px 10px; }
QToolBar::separator { width: 1px; background: @line; margin: 4px 4px; }
QToolButton, QPushButton { background: @panel; color: @text; border: 1px solid @line;
    border-radius: 5px; padding: 4px 10px; }
QToolButton[popupMode="1"] { padding-right: 22px; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton:hover, QPushButton:hover { border-color: @pending; }
QToolButton:pressed, QPushButton:pressed { background: @selection; }
QToolButton:focus, QPushButton:focus, QComboBox:focus, QLineEdit:focus,
QSpinBox:focus { border: 1px solid @accent;
    outline: none; }
QToolButton:disabled, QPushButton:disabled { color: @pending; background: @window; }
QToolButton::menu-button { border: none; border-left: 1px solid @line; width: 18px;
    border-top-right-radius: 5px; border-bottom-right-radius: 5px; }
QToolButton[role="primary"]::menu-button:enabled { border-left: 1px solid @onAccent; }
QToolButton::menu-arrow, QToolButton::menu-indicator, QComboBox::down-arrow { image: url(@arrow);
    width: 9px; height: 9px; }
QToolButton[role="primary"]::menu-arrow:enabled { image: url(@arrowOnAccent); }
QToolButton::menu-arrow:disabled, QToolButton::menu-indicator:disabled, QComboBox::down-arrow:disabled {
    image: url(:/ui/arrow-dim.svg); }
QFileDialog QToolButton { padding: 3px; }
QToolButton::menu-indicator { subcontrol-position: right center; right: 7px; }
*[role="primary"]:enabled { background: @accentFill; border-color: @accentFill; color: @onAccent; }
QToolButton[role="primary"]:enabled:focus, QPushButton[role="primary"]:enabled:focus {
    border: 2px solid @text; padding: 3px 9px; }
QToolButton[role="primary"]:enabled:focus { padding-right: 21px; }
*[role="danger"]:enabled { background: @badFill; border-color: @badFill; color: @onBad; }
QPushButton[role="danger"]:enabled:focus { border: 2px solid @text; padding: 3px 9px; }
QToolButton[role="flat"], QPushButton[role="flat"] { background: transparent; border-color: transparent; }
QToolButton[role="flat"]:hover, QPushButton[role="flat"]:hover { border-color: @line; }
QToolButton[role="flat"]:focus, QPushButton[role="flat"]:focus { border-color: @accent; }
QComboBox { background: @panel; color: @text; border: 1px solid @line; border-radius: 5px;
    padding: 3px 24px 3px 9px; }
QComboBox:hover { border-color: @pending; }
QComboBox:disabled { color: @pending; background: @window; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; outline: none;
    selection-background-color: @selection; selection-color: @text; }
QLineEdit { background: @window; color: @text; border: 1px solid @line; border-radius: 5px;
    padding: 4px 8px; }
QSpinBox { background: @window; color: @text; border: 1px solid @line; border-radius: 5px;
    padding: 4px 8px; }
QSpinBox::up-button, QSpinBox::down-button { width: 0; border: none; } /* the arrow keys and the wheel do */
QTabWidget::pane { border: none; border-top: 1px solid @line; top: -1px; }
QTabWidget::tab-bar { left: 10px; }
QTabBar { background: transparent; }
QTabBar::tab { padding: 6px 13px; border: 1px solid transparent; border-bottom: none; color: @dim;
    border-top-left-radius: 6px; border-top-right-radius: 6px; margin-top: 4px; margin-right: 2px; }
QTabBar::tab:selected { background: @panel; border-color: @line; color: @text; font-weight: 600; }
QTabBar::tab:hover:!selected { color: @text; }
QTabBar:focus { outline: none; }
QTabBar::tab:selected:focus { border-color: @accent; }
QHeaderView { background: @window; border: none; }
QHeaderView::section { background: @window; color: @dim; border: none;
    border-bottom: 1px solid @line; padding: 4px 8px; }
QTreeView, QListView, QTableView, QPlainTextEdit, QTextEdit { background: @panel; border: none;
    outline: none; selection-background-color: @selection; selection-color: @text; }
QTreeView::item, QListView::item { border: none; }
QTreeView[role="rows"]::item, QListView[role="rows"]::item { padding: 4px 4px; }
QTreeView::item:selected, QListView::item:selected { background: @selection; color: @text; }
QTreeView::branch:selected { background: @selection; }
QTreeView::indicator, QListView::indicator, QCheckBox::indicator { width: 13px; height: 13px; background: @window;
    border: 1px solid @pending; border-radius: 3px; }
QTreeView::indicator:checked, QListView::indicator:checked, QCheckBox::indicator:checked { background: @accentFill;
    border-color: @accentFill; image: url(:/ui/check.svg); }
QCheckBox::indicator:focus { border-color: @accent; }
QRadioButton::indicator { width: 13px; height: 13px; background: @window; border: 1px solid @pending; border-radius: 7px; }
QRadioButton::indicator:checked { background: @accentFill; border-color: @accentFill; }
QRadioButton::indicator:focus { border-color: @accent; }
QToolButton:checked { background: @selection; border-color: @accent; }
*[boxed="true"] { border: 1px solid @line; border-radius: 5px; }
*[boxed="true"]:focus { border-color: @accent; }
QPlainTextEdit[boxed="true"] { background: @window; padding: 2px 4px; }
QMessageBox QLabel#qt_msgbox_label { font-weight: 600; min-width: 26em; }
QMessageBox QLabel#qt_msgbox_informativelabel { min-width: 26em; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QSplitter::handle { background: @line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { background: @panel; border-top: 1px solid @line; color: @dim; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: @dim; }
QProgressBar { background: @chip; border: none; border-radius: 4px; max-height: 8px; min-height: 8px; }
QProgressBar::chunk { background: @accentFill; border-radius: 4px; }
QLabel[role="dim"] { color: @dim; }
QLabel[role="title"] { font-weight: 600; }
QLabel[role="chip"] { background: @chip; color: @dim; border-radius: 8px; padding: 1px 7px; }
QLabel[role="chip-bad"] { background: @badFill; color: @onBad; border-radius: 8px; padding: 1px 7px; }
QLabel[role="bad"] { color: @bad; }
QLabel[role="warn"] { color: @warn; }
QFrame[role="banner-info"] QLabel#glyph { color: @accent; }
QFrame[role="banner-success"] QLabel#glyph { color: @ok; }
QFrame[role="banner-warning"] QLabel#glyph { color: @warn; }
QFrame[role="banner-error"] QLabel#glyph { color: @bad; }
QWidget[role="code"] { background: @code; }
QWidget[role="header"] { background: @panel; border-bottom: 1px solid @line; }
QWidget[role="header-protected"] { background: @panel; border-top: 4px solid @badFill;
    border-bottom: 1px solid @line; }
QToolBar[role="protected"] { border-bottom: 2px solid @badFill; }
QWidget[role="footer"] { background: @panel; border-top: 1px solid @line; }
QWidget[role="panel"] { background: @panel; }
QFrame[role="banner-info"] { background: @panel; border: 1px solid @accent; border-radius: 6px; }
QFrame[role="banner-warning"] { background: @panel; border: 1px solid @warn; border-radius: 6px; }
QFrame[role="banner-error"] { background: @panel; border: 1px solid @bad; border-radius: 6px; }
QFrame[role="banner-success"] { background: @panel; border: 1px solid @ok; border-radius: 6px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 4px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @pending; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
)";

QString styleSheetOf(const ThemeColors &t)
{
    QString sheet = QString::fromLatin1(sheetTemplate);
    const QString arrows = u":/ui/arrow-%1.svg"_s;
    // longer names first, so that "@text" never eats the head of another name
    const QList<std::pair<QString, QString>> values{
        {u"@arrowOnAccent"_s, arrows.arg(u"dark"_s)},
        {u"@accentFill"_s, t.accentFill.name()},
        {u"@selection"_s, t.selection.name()},
        {u"@onAccent"_s, t.onAccent.name()},
        {u"@pending"_s, t.pending.name()},
        {u"@badFill"_s, t.badFill.name()},
        {u"@accent"_s, t.accent.name()},
        {u"@window"_s, t.window.name()},
        {u"@scroll"_s, t.isDark ? u"#4a5361"_s : u"#c3c9d2"_s},
        {u"@arrow"_s, arrows.arg(t.isDark ? u"dark"_s : u"light"_s)},
        {u"@panel"_s, t.panel.name()},
        {u"@onBad"_s, t.onBad.name()},
        {u"@warn"_s, t.warn.name()},
        {u"@line"_s, t.line.name()},
        {u"@text"_s, t.text.name()},
        {u"@chip"_s, t.chip.name()},
        {u"@dim"_s, t.dim.name()},
        {u"@bad"_s, t.bad.name()},
        {u"@ok"_s, t.ok.name()},
    };
    for (const auto &[name, value] : values)
        sheet.replace(name, value);
    return sheet;
}

qreal luminance(const QColor &color)
{
    const auto linear = [](qreal c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
           + 0.0722 * linear(color.blueF());
}

} // namespace

QString themeChoiceName(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::Light: return u"light"_s;
    case ThemeChoice::Dark: return u"dark"_s;
    case ThemeChoice::Auto: break;
    }
    return u"auto"_s;
}

ThemeChoice themeChoiceFromName(const QString &name)
{
    if (name == u"light"_s)
        return ThemeChoice::Light;
    return name == u"dark"_s ? ThemeChoice::Dark : ThemeChoice::Auto;
}

const ThemeColors &lightTheme()
{
    static const ThemeColors theme = makeLight();
    return theme;
}

const ThemeColors &darkTheme()
{
    static const ThemeColors theme = makeDark();
    return theme;
}

const ThemeColors &themeFor(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightnessF() < 0.5 ? darkTheme() : lightTheme();
}

qreal contrastRatio(const QColor &a, const QColor &b)
{
    const qreal la = luminance(a);
    const qreal lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

void setRole(QWidget *widget, const QString &role)
{
    widget->setProperty("role", role);
    widget->style()->unpolish(widget); // a style sheet looks at properties only then
    widget->style()->polish(widget);
    widget->update();
}

void applyTheme(QApplication &application, ThemeChoice choice)
{
    initResources();
    application.setPalette(QPalette()); // back to the desktop's own, to see what it wants
    const ThemeColors &theme = choice == ThemeChoice::Light  ? lightTheme()
                               : choice == ThemeChoice::Dark ? darkTheme()
                                                             : themeFor(application.palette());
    if (application.style()->name() != u"fusion"_s)
        application.setStyle(QStyleFactory::create(u"Fusion"_s));
    application.setPalette(paletteOf(theme));
    const QString sheet = styleSheetOf(theme);
    if (application.styleSheet() != sheet)
        application.setStyleSheet(sheet);
}

} // namespace tribikos
