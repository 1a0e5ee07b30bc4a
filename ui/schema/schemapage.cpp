#include "ui/schema/schemapage.h"

#include "core/base/text.h"
#include "ui/schema/diagramview.h"
#include "ui/schema/schemamodel.h"
#include "ui/shell/emptystate.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/picturefile.h"
#include "ui/shell/theme.h"
#include "ui/sql/sqlpane.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

namespace tribikos {

using namespace Qt::StringLiterals;

SchemaPage::SchemaPage(QWidget *parent)
    : QWidget(parent)
    , m_model(new SchemaModel(this))
    , m_filter(new QSortFilterProxyModel(this))
    , m_banner(new InlineBanner(this, {10, 0, 10, 8}))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
    , m_splitter(new QSplitter(this))
{
    m_splitter->addWidget(buildTree());
    m_splitter->addWidget(buildDiagram());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    m_splitter->setSizes({480, 720});
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connect(m_empty, &EmptyState::actionTriggered, this, &SchemaPage::refresh);
    connect(&m_layoutJob, &JobSlot::runningChanged, this, &SchemaPage::busyChanged);
    connect(&m_exportJob, &JobSlot::runningChanged, this, &SchemaPage::busyChanged);
    setSources({}, false, {});
    updateStack();
}

QWidget *SchemaPage::buildBar()
{
    auto *bar = new QWidget(this);
    m_sourceBox = new QComboBox(bar);
    m_sourceBox->setAccessibleName(tr("Schema to show"));
    m_sourceBox->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_summary = new QLabel(bar);
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setProperty("role", u"dim"_s);
    m_filterField = new QLineEdit(bar);
    m_filterField->setPlaceholderText(tr("Find table or column"));
    m_filterField->setAccessibleName(tr("Find table or column"));
    m_filterField->setClearButtonEnabled(true);
    m_filterField->setMaximumWidth(fontMetrics().horizontalAdvance(u'm') * 22);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 6, 10, 6);
    row->addWidget(m_sourceBox);
    row->addSpacing(6);
    row->addWidget(m_summary, 1);
    row->addWidget(m_filterField);
    connect(m_sourceBox, &QComboBox::activated, this, &SchemaPage::setOutdated);
    connect(m_filterField, &QLineEdit::textChanged, this, &SchemaPage::setFilter);
    return bar;
}

QWidget *SchemaPage::buildTree()
{
    m_filter->setSourceModel(m_model);
    m_filter->setRecursiveFilteringEnabled(true);
    m_filter->setAutoAcceptChildRows(true);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setFilterKeyColumn(SchemaModel::ObjectColumn);
    m_tree = new QTreeView(this);
    m_tree->setModel(m_filter);
    m_tree->setAccessibleName(tr("Tables"));
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(18);
    m_tree->header()->setSectionsMovable(false);
    m_tree->header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int em = fontMetrics().horizontalAdvance(u'm');
    m_tree->setColumnWidth(SchemaModel::ObjectColumn, 14 * em);
    m_tree->setColumnWidth(SchemaModel::DefinitionColumn, 15 * em);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SchemaPage::showSelected);
    connect(m_tree, &QTreeView::activated, this, [this](const QModelIndex &index) {
        const QString id = index.data(SchemaModel::RevisionRole).toString();
        if (!m_filter->hasChildren(index.siblingAtColumn(0)) && !id.isEmpty())
            emit revisionRequested(id);
    });
    return m_tree;
}

QWidget *SchemaPage::buildDiagram()
{
    auto *side = new QSplitter(Qt::Vertical, this);
    auto *upper = new QWidget(side);
    m_diagram = new DiagramView(upper);
    auto *layout = new QVBoxLayout(upper);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildDiagramBar());
    layout->addWidget(m_diagram, 1);
    auto *lower = new QWidget(side);
    lower->setProperty("role", u"panel"_s);
    lower->setAttribute(Qt::WA_StyledBackground);
    m_title = new QLabel(lower);
    m_title->setTextFormat(Qt::PlainText);
    m_introducedBy = new QToolButton(lower);
    auto *titleRow = new QHBoxLayout;
    titleRow->setContentsMargins(12, 6, 10, 4);
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(m_introducedBy);
    m_definition = new SqlPane(tr("Definition"), lower);
    auto *definition = new QVBoxLayout(lower);
    definition->setContentsMargins(0, 0, 0, 0);
    definition->setSpacing(0);
    definition->addLayout(titleRow);
    definition->addWidget(m_definition, 1);
    side->addWidget(upper);
    side->addWidget(lower);
    side->setStretchFactor(0, 3);
    side->setStretchFactor(1, 1);
    side->setSizes({520, 220});
    side->setChildrenCollapsible(false);
    connect(m_introducedBy, &QToolButton::clicked, this, [this] {
        emit revisionRequested(m_tree->currentIndex().data(SchemaModel::RevisionRole).toString());
    });
    connect(m_diagram, &DiagramView::tableChosen, this, &SchemaPage::select);
    connect(m_diagram, &DiagramView::tableActivated, this, [this](const TableName &table) {
        select(table);
        setOnlyNeighbours(!m_neighbours->isChecked() || m_centre != table);
    });
    return side;
}

QWidget *SchemaPage::buildDiagramBar()
{
    auto *bar = new QWidget(this);
    bar->setProperty("role", u"panel"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    m_detailBox = new QComboBox(bar);
    m_detailBox->setAccessibleName(tr("Columns in the diagram"));
    m_detailBox->addItem(tr("Names only"), int(DiagramDetail::Names));
    m_detailBox->addItem(tr("Keys"), int(DiagramDetail::Keys));
    m_detailBox->addItem(tr("All columns"), int(DiagramDetail::Columns));
    m_detailBox->setCurrentIndex(2);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(10, 4, 10, 4);
    const auto button = [&](const QString &text, const QString &name) {
        auto *made = new QToolButton(bar);
        made->setText(text);
        made->setToolTip(name);
        made->setAccessibleName(name);
        made->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(made);
        return made;
    };
    row->addWidget(m_detailBox);
    m_neighbours = button(tr("Neighbours only"),
                          tr("Only what is one foreign key away from the chosen table (Enter)"));
    m_neighbours->setCheckable(true);
    row->addStretch();
    connect(button(u"−"_s, tr("Zoom out (Ctrl+−)")), &QToolButton::clicked, m_diagram,
            &DiagramView::zoomOut);
    connect(button(u"+"_s, tr("Zoom in (Ctrl++)")), &QToolButton::clicked, m_diagram,
            &DiagramView::zoomIn);
    connect(button(tr("Fit"), tr("The whole diagram (0)")), &QToolButton::clicked, m_diagram,
            &DiagramView::zoomToFit);
    m_export = button(tr("Export…"), tr("Save the diagram as SVG or PNG"));
    connect(m_export, &QToolButton::clicked, this, &SchemaPage::exportDiagram);
    connect(m_neighbours, &QToolButton::toggled, this, &SchemaPage::setOnlyNeighbours);
    connect(m_detailBox, &QComboBox::currentIndexChanged, this, &SchemaPage::drawDiagram);
    return bar;
}

void SchemaPage::setSources(const QString &revision, bool hasModels, const QString &environment)
{
    const SchemaSource chosen = source();
    const bool wasEmpty = m_sourceBox->count() == 0;
    const QSignalBlocker blocker(m_sourceBox);
    m_sourceBox->clear();
    const auto add = [this](const QString &text, const SchemaSource &one) {
        m_sourceBox->addItem(text, int(one.kind));
        m_sourceBox->setItemData(m_sourceBox->count() - 1, one.revision, Qt::UserRole + 1);
    };
    add(tr("Migrations at head"), {});
    if (!revision.isEmpty())
        add(tr("Migrations at %1").arg(visibleText(revision, false)), {.revision = revision});
    if (hasModels)
        add(tr("Models"), {.kind = SchemaSource::Kind::Models});
    if (!environment.isEmpty())
        add(tr("Database %1").arg(visibleText(environment, false)),
            {.kind = SchemaSource::Kind::Database});
    const bool wasAtRevision =
        chosen.kind == SchemaSource::Kind::Revision && !chosen.revision.isEmpty();
    if (!wasEmpty)
        choose(wasAtRevision ? SchemaSource{.revision = revision} : chosen);
    if (source() != chosen)
        setOutdated();
}

SchemaSource SchemaPage::source() const
{
    return {.kind = SchemaSource::Kind(m_sourceBox->currentData().toInt()),
            .revision = m_sourceBox->currentData(Qt::UserRole + 1).toString()};
}

void SchemaPage::setSource(const SchemaSource &source)
{
    const SchemaSource before = this->source();
    choose(source);
    if (this->source() != before)
        setOutdated();
}

/// The first entry where \a source is no longer among them.
void SchemaPage::choose(const SchemaSource &source)
{
    for (int i = m_sourceBox->count() - 1; i >= 0; --i) {
        m_sourceBox->setCurrentIndex(i);
        if (this->source() == source)
            return;
    }
}

void SchemaPage::setOutdated()
{
    m_isOutdated = true;
    if (isVisible())
        refresh();
}

void SchemaPage::refresh()
{
    if (m_sourceBox->count() == 0)
        return;
    m_isOutdated = false;
    setLoading();
    emit viewRequested(source());
}

void SchemaPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isOutdated)
        refresh();
}

void SchemaPage::setLoading()
{
    m_isLoading = true;
    if (!m_view)
        m_summary->setText(tr("Reading…"));
}

void SchemaPage::setView(const SchemaView &view, Backend backend)
{
    const std::optional<TableName> chosen = selectedTable();
    m_isLoading = false;
    m_view = std::make_shared<const SchemaView>(view);
    m_backend = backend;
    m_model->setView(m_view);
    m_banner->clear();
    if (!view.notes.isEmpty())
        m_banner->showMessage(InlineBanner::Kind::Info, {},
                              visibleText(redactedText(view.notes.join(u'\n'))));
    qsizetype columns = 0;
    for (const TableView &table : view.tables)
        columns += std::ranges::count_if(table.parts, [](const BlamedPart &part) {
            return part.part.kind == Difference::Kind::Column;
        });
    m_summary->setText(tr("%1 tables, %2 columns").arg(view.tables.size()).arg(columns));
    if (m_centre && !view.schema.table(*m_centre))
        m_centre.reset();
    updateStack();
    setFilter(m_filterField->text());
    if (chosen)
        select(*chosen);
    showSelected();
    drawDiagram();
}

void SchemaPage::setError(const Error &error)
{
    clear();
    m_banner->showError(error);
}

void SchemaPage::clear()
{
    m_isLoading = false;
    m_view.reset();
    m_centre.reset();
    m_layoutJob.cancel();
    m_model->setView(nullptr);
    m_banner->clear();
    m_summary->clear();
    m_diagram->setPicture({});
    updateStack();
    showSelected();
}

void SchemaPage::updateStack()
{
    if (!m_view)
        m_empty->setContent(tr("No schema to show"), {}, tr("Read again"));
    else
        m_empty->setContent(tr("No tables"), tr("Nothing has been made there yet."));
    const bool hasRows = m_view && (!m_view->tables.isEmpty() || !m_view->objects.isEmpty());
    m_stack->setCurrentWidget(hasRows ? static_cast<QWidget *>(m_splitter) : m_empty);
}

QString SchemaPage::summary() const
{
    return m_summary->text();
}

std::optional<TableName> SchemaPage::selectedTable() const
{
    const auto *table =
        m_view ? m_tree->currentIndex().data(SchemaModel::TableRole).value<const TableView *>()
               : nullptr;
    return table ? std::optional(table->name) : std::nullopt;
}

void SchemaPage::select(const TableName &table)
{
    if (selectedTable() == table)
        return;
    const QModelIndex index = m_filter->mapFromSource(m_model->indexOf(table));
    if (!index.isValid())
        return;
    m_tree->setCurrentIndex(index);
    m_tree->scrollTo(index);
}

void SchemaPage::showSelected()
{
    const QModelIndex index = m_tree->currentIndex();
    const QString revision = index.data(SchemaModel::RevisionRole).toString();
    m_introducedBy->setVisible(!revision.isEmpty());
    m_introducedBy->setText(tr("Show revision %1").arg(visibleText(revision, false)));
    m_title->setText(index.isValid() ? index.siblingAtColumn(0).data().toString()
                                     : tr("Select a table to see the statements that make it."));
    const auto *object =
        m_view ? index.data(SchemaModel::ObjectRole).value<const ObjectView *>() : nullptr;
    const std::optional<TableName> table = selectedTable();
    m_neighbours->setEnabled(table || m_centre);
    if (object && !object->object.definition.isEmpty())
        m_definition->setText(object->object.definition);
    else if (table)
        m_definition->setText(tableDefinition(*m_view->schema.table(*table), m_backend));
    else
        m_definition->setHint({});
    if (table)
        m_diagram->select(*table);
}

void SchemaPage::setFilter(const QString &text)
{
    m_filter->setFilterFixedString(text);
    if (text.isEmpty())
        return m_diagram->setFound(std::nullopt);
    std::set<TableName> found;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        if (const auto *table =
                m_filter->index(row, 0).data(SchemaModel::TableRole).value<const TableView *>())
            found.insert(table->name);
    m_diagram->setFound(found);
    for (int row = 0; row < m_filter->rowCount() && m_filter->rowCount() <= 20; ++row)
        m_tree->expand(m_filter->index(row, 0));
}

void SchemaPage::setOnlyNeighbours(bool isOn)
{
    const QSignalBlocker blocker(m_neighbours);
    const std::optional<TableName> centre = isOn ? selectedTable() : std::nullopt;
    m_neighbours->setChecked(centre.has_value());
    if (centre == m_centre)
        return;
    m_centre = centre;
    drawDiagram();
}

void SchemaPage::setDetail(DiagramDetail detail)
{
    m_detailBox->setCurrentIndex(m_detailBox->findData(int(detail)));
}

void SchemaPage::drawDiagram()
{
    if (!m_view)
        return;
    const auto detail = DiagramDetail(m_detailBox->currentData().toInt());
    m_layoutJob.start(
        [view = m_view, detail, centre = m_centre, font = font()](const std::stop_token &stop) {
            if (!centre)
                return makeDiagram(*view, detail, nullptr, font, stop);
            const std::set<TableName> near = neighbourhood(view->schema, *centre);
            return makeDiagram(*view, detail, &near, font, stop);
        },
        [this](const DiagramPicture &picture) {
            m_diagram->setPicture(picture);
            if (const auto table = selectedTable())
                m_diagram->select(*table);
            m_export->setEnabled(!picture.graph.tables.isEmpty());
        });
}

void SchemaPage::exportDiagram()
{
    const QString file = QFileDialog::getSaveFileName(this, tr("Export diagram"), u"schema.svg"_s,
                                                      tr("Pictures (*.svg *.png)"));
    if (!file.isEmpty())
        saveDiagram(file);
}

void SchemaPage::saveDiagram(const QString &file)
{
    m_exportJob.start(
        [picture = m_diagram->picture(), file](const std::stop_token &stop) {
            const QRectF bounds = diagramBounds(picture);
            const Picture drawing{.title = tr("Schema"),
                                  .size = bounds.size().toSize(),
                                  .paint = [&](QPainter &painter) {
                                      painter.fillRect(QRectF(QPointF(), bounds.size()),
                                                       lightTheme().window);
                                      painter.translate(-bounds.topLeft());
                                      paintDiagram(painter, picture, lightTheme(), bounds, 1);
                                  }};
            return savePicture(drawing, file, stop);
        },
        [this, file](const Status &status) {
            if (!status)
                m_banner->showError(status.error());
            else
                m_banner->showMessage(
                    InlineBanner::Kind::Success, {},
                    tr("The diagram was saved as %1.").arg(visibleText(file, false)));
        });
}

} // namespace tribikos
