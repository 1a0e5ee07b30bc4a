#include "ui/shell/sidebar.h"

#include "core/base/text.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/problems.h"
#include "ui/shell/theme.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

enum Role {
    IdRole = Qt::UserRole + 1,
    GlyphRole,
    ToneRole,
    ChipsRole,
    MonoRole,
    ProblemRole, // index into the problems
    DetailRole,  // QString, a second line
};

constexpr int margin = 14;
constexpr int shownProblems = 200; // a broken project may have thousands: the rest is counted

class SidebarDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const bool isGroup = !index.parent().isValid();
        const int lines = index.data(DetailRole).toString().isEmpty() ? 1 : 2;
        return {option.fontMetrics.horizontalAdvance(u'm') * 10,
                lines * option.fontMetrics.height() + (isGroup ? 16 : 9)};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        QStyleOptionViewItem item = option;
        const ThemeColors &theme = themeFor(item.palette);
        painter->save();
        if (!index.parent().isValid()) {
            paintHeading(*painter, item, index, theme);
        } else {
            item.rect.setLeft(0); // the row is marked in its whole width
            const QStyle *style = item.widget ? item.widget->style() : QApplication::style();
            item.text.clear();
            const bool hasFocus = item.state.testFlag(QStyle::State_HasFocus);
            item.state.setFlag(QStyle::State_HasFocus, false); // ours is a bar at the left
            style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
            if (hasFocus)
                painter->fillRect(QRect(0, item.rect.top(), 3, item.rect.height()), theme.accent);
            paintLine(*painter, option, index, theme);
        }
        painter->restore();
    }

private:
    static void paintHeading(QPainter &painter, const QStyleOptionViewItem &item,
                             const QModelIndex &index, const ThemeColors &theme)
    {
        QFont font = chipFont(item.font);
        font.setWeight(QFont::DemiBold);
        font.setLetterSpacing(QFont::PercentageSpacing, 105);
        painter.setFont(font);
        painter.setPen(theme.dim);
        const QRect area(margin, item.rect.top(), item.rect.right() - margin,
                         item.rect.height() - 3);
        const QString text = index.data().toString();
        painter.drawText(
            area, Qt::AlignBottom | Qt::TextSingleLine,
            QFontMetrics(font).elidedText(text, Qt::ElideRight, area.width() - margin));
    }

    static void paintLine(QPainter &painter, const QStyleOptionViewItem &item,
                          const QModelIndex &index, const ThemeColors &theme)
    {
        const QString detail = index.data(DetailRole).toString();
        const QRect area(item.rect.left(), item.rect.top(), item.rect.width() - 8,
                         detail.isEmpty() ? item.rect.height()
                                          : item.fontMetrics.height() + 5);
        int left = area.left();
        const QString glyph = index.data(GlyphRole).toString();
        if (!glyph.isEmpty()) {
            painter.setPen(chipTextColor(Chip::Tone(index.data(ToneRole).toInt()), theme));
            painter.drawText(QRect(left, area.top(), 16, area.height()), Qt::AlignVCenter, glyph);
            left += 19;
        }
        int right = area.right();
        const QList<Chip> chips =
            fitting(index.data(ChipsRole).value<QList<Chip>>(), area.width() * 2 / 3 - 19, item.font);
        for (auto chip = chips.crbegin(); chip != chips.crend(); ++chip) {
            const int width = chipWidth(*chip, item.font);
            paintChip(painter, *chip, item.rect, right - width, item.font, theme);
            right -= width + 5;
        }
        QFont font = item.font;
        if (index.data(MonoRole).toBool()) {
            font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
            font.setPointSizeF(item.font.pointSizeF() * 0.92);
        }
        painter.setFont(font);
        painter.setPen(theme.text);
        painter.drawText(QRect(left, area.top(), right - left - 4, area.height()),
                         Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideRight,
                                                       right - left - 4));
        if (!detail.isEmpty())
            paintDetail(painter, item, QRect(left, area.bottom(), right - left - 4,
                                             item.rect.bottom() - area.bottom() - 3),
                        detail, theme);
    }

    /// The first chips matter most: they stay when not all fit.
    static QList<Chip> fitting(const QList<Chip> &chips, int room, const QFont &font)
    {
        QList<Chip> kept;
        for (const Chip &chip : chips) {
            room -= chipWidth(chip, font) + 5;
            if (room < 0)
                break;
            kept << chip;
        }
        return kept;
    }

    static void paintDetail(QPainter &painter, const QStyleOptionViewItem &item, const QRect &area,
                            const QString &text, const ThemeColors &theme)
    {
        const QFont small = chipFont(item.font);
        painter.setFont(small);
        painter.setPen(theme.dim);
        painter.drawText(area, Qt::AlignVCenter | Qt::TextSingleLine,
                         QFontMetrics(small).elidedText(text, Qt::ElideMiddle, area.width()));
    }
};

QString severityGlyph(Severity severity)
{
    switch (severity) {
    case Severity::Error: return u"●"_s;
    case Severity::Warning: return u"▲"_s;
    case Severity::Info: break;
    }
    return u"ℹ"_s;
}

Chip::Tone severityTone(Severity severity)
{
    switch (severity) {
    case Severity::Error: return Chip::Tone::Bad;
    case Severity::Warning: return Chip::Tone::Warn;
    case Severity::Info: break;
    }
    return Chip::Tone::Neutral;
}

} // namespace

Sidebar::Sidebar(QWidget *parent)
    : QTreeWidget(parent)
{
    setAccessibleName(tr("Navigator"));
    setHeaderHidden(true);
    setFrameShape(QFrame::NoFrame);
    setRootIsDecorated(false);
    setIndentation(margin);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new SidebarDelegate(this));
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMinimumWidth(120);
    m_environments = addGroup(tr("Environments"));
    m_heads = addGroup(tr("Heads & labels"));
    m_schema = addGroup({});
    m_problemGroup = addGroup(tr("Problems"));
    m_schema->setHidden(true);
    connect(this, &QTreeWidget::itemClicked, this, &Sidebar::choose);
    connect(this, &QTreeWidget::itemActivated, this, &Sidebar::choose);
}

QSize Sidebar::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(u'm') * 20, 400};
}

QTreeWidgetItem *Sidebar::addGroup(const QString &title)
{
    auto *group = new QTreeWidgetItem(this, {title.toUpper()});
    group->setFlags(Qt::ItemIsEnabled);
    group->setData(0, Qt::AccessibleTextRole, title);
    group->setExpanded(true);
    return group;
}

QTreeWidgetItem *Sidebar::addLine(QTreeWidgetItem *group, const SidebarLine &line,
                                  const QString &glyph, bool isMono)
{
    auto *item = new QTreeWidgetItem(group, {visibleText(line.text, false)});
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setData(0, IdRole, line.id);
    item->setData(0, GlyphRole, glyph);
    item->setData(0, ToneRole, int(line.tone));
    item->setData(0, ChipsRole, QVariant::fromValue(line.chips));
    item->setData(0, MonoRole, isMono);
    QStringList words{item->text(0)};
    for (const Chip &chip : line.chips)
        words << chip.text;
    item->setData(0, Qt::AccessibleTextRole, words.join(u", "_s));
    item->setToolTip(0, words.join(u" · "_s).toHtmlEscaped());
    return item;
}

void Sidebar::setEnvironments(const QList<SidebarLine> &environments, const QString &current)
{
    qDeleteAll(m_environments->takeChildren());
    for (const SidebarLine &line : environments) {
        QTreeWidgetItem *item =
            addLine(m_environments, line, line.tone == Chip::Tone::Neutral ? u"○"_s : u"●"_s);
        if (line.id == current)
            setCurrentItem(item);
    }
    addLine(m_environments, {.id = {}, .text = tr("Add environment…")}, u"+"_s);
}

void Sidebar::setHeads(const QList<SidebarLine> &heads)
{
    qDeleteAll(m_heads->takeChildren());
    for (const SidebarLine &line : heads)
        addLine(m_heads, line, u"◆"_s, true);
    m_heads->setHidden(heads.isEmpty());
}

void Sidebar::setSchema(const QString &revision, const Schema &schema)
{
    QStringList open;
    for (int i = 0; i < m_schema->childCount(); ++i) {
        if (m_schema->child(i)->isExpanded())
            open << m_schema->child(i)->data(0, IdRole).toString();
    }
    qDeleteAll(m_schema->takeChildren());
    m_schema->setHidden(revision.isEmpty());
    const QString title = tr("Schema at %1").arg(visibleText(revision, false));
    m_schema->setText(0, title.toUpper());
    m_schema->setData(0, Qt::AccessibleTextRole, title);
    if (!schema.opaqueReasons.isEmpty()) {
        QTreeWidgetItem *note = addLine(
            m_schema,
            {.text = tr("incomplete: %1").arg(schema.opaqueReasons.first()), .tone = Chip::Tone::Warn},
            u"▲"_s);
        note->setToolTip(0, visibleText(schema.opaqueReasons.join(u'\n')).toHtmlEscaped());
    }
    for (const Table &table : schema.tables) {
        const QString name = table.name.text();
        QTreeWidgetItem *item =
            addLine(m_schema,
                    {.id = name,
                     .text = name,
                     .chips = {Chip{(int(table.columns.size()) == 1
                                         ? tr("1 column")
                                         : tr("%n columns", nullptr, int(table.columns.size())))}}},
                    {});
        for (const Column &column : table.columns)
            addLine(item, {.text = column.name}, {}, true);
        item->setExpanded(open.contains(name));
    }
}

void Sidebar::setProblems(const Diagnostics &problems)
{
    m_problems = problems;
    qDeleteAll(m_problemGroup->takeChildren());
    for (int i = 0; i < problems.size() && i < shownProblems; ++i) {
        const Diagnostic &problem = problems[i];
        QTreeWidgetItem *item = addLine(m_problemGroup,
                                        {.id = problem.revision,
                                         .text = problemText(problem),
                                         .tone = severityTone(problem.severity)},
                                        severityGlyph(problem.severity));
        item->setData(0, ProblemRole, i);
        const QString place = placeText(problem.file, problem.span.line);
        item->setData(0, DetailRole, place);
        item->setData(0, Qt::AccessibleTextRole, QString(item->text(0) + u", "_s + place));
        item->setToolTip(0, QString(problemText(problem)
                                    + (place.isEmpty() ? QString() : u"\n"_s + place))
                                .toHtmlEscaped()
                                .replace(u'\n', u"<br>"_s));
    }
    if (problems.size() > shownProblems) {
        QTreeWidgetItem *more =
            addLine(m_problemGroup,
                    {.text = tr("and %n more", nullptr, int(problems.size()) - shownProblems)}, {});
        more->setFlags(Qt::ItemIsEnabled);
    }
    m_problemGroup->setHidden(problems.isEmpty());
}

void Sidebar::contextMenuEvent(QContextMenuEvent *event)
{
    const QTreeWidgetItem *item = event->reason() == QContextMenuEvent::Keyboard
                                      ? currentItem()
                                      : itemAt(event->pos());
    const QString name = item ? item->data(0, IdRole).toString() : QString();
    if (item && item->parent() == m_environments && !name.isEmpty())
        emit environmentMenuRequested(name, event->globalPos());
}

void Sidebar::choose(QTreeWidgetItem *item)
{
    const QString id = item->data(0, IdRole).toString();
    if (item->parent() == m_environments) {
        if (id.isEmpty())
            emit addEnvironmentRequested();
        else
            emit environmentChosen(id);
    } else if (item->parent() == m_heads) {
        emit revisionChosen(id);
    } else if (item->parent() == m_schema) {
        item->setExpanded(!item->isExpanded());
    } else if (item->parent() == m_problemGroup) {
        const int at = item->data(0, ProblemRole).toInt();
        if (at >= 0 && at < m_problems.size())
            emit problemChosen(m_problems[at]);
    }
}

} // namespace tribikos
