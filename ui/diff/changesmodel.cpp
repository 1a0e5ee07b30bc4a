#include "ui/diff/changesmodel.h"

#include "core/base/text.h"

#include <QCoreApplication>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr quintptr topLevel = 0; // internal id: 0 for headings, 1 + group for leaves

QString shown(const QString &text)
{
    return visibleText(text, false);
}

QString objectText(const Difference &difference)
{
    QString text = differenceKindName(difference.kind);
    if (difference.kind == Difference::Kind::Table)
        return text + u' ' + shown(difference.table.text());
    if (!difference.name.isEmpty())
        text += u' ' + shown(difference.name);
    if (!difference.aspect.isEmpty())
        text += u' ' + difference.aspect;
    return text;
}

} // namespace

Chip verdictChip(Verdict verdict)
{
    const auto tone = [verdict] {
        switch (verdict) {
        case Verdict::Pending: return Chip::Tone::Warn;
        case Verdict::NeedsRevision:
        case Verdict::NeedsRemoval: return Chip::Tone::Accent;
        case Verdict::Drift:
        case Verdict::Conflict: return Chip::Tone::Bad;
        case Verdict::AdoptableDrift: return Chip::Tone::Warn;
        }
        return Chip::Tone::Neutral;
    };
    return {verdictText(verdict), tone()};
}

QString differenceSign(const Difference &difference, bool hasModels)
{
    const bool wanted = hasModels ? difference.inModels : difference.inMigrations;
    if (!wanted)
        return u"−"_s;
    const bool everywhere = difference.inMigrations && difference.inDatabase;
    return everywhere ? u"~"_s : u"+"_s;
}

QString changeSign(const Difference &difference)
{
    if (!difference.inDatabase)
        return u"−"_s;
    return difference.inMigrations ? u"~"_s : u"+"_s;
}

Chip changeChip(const Difference &difference)
{
    if (!difference.inDatabase)
        return {ChangesModel::tr("dropped"), Chip::Tone::Bad};
    if (difference.inMigrations)
        return {ChangesModel::tr("changed"), Chip::Tone::Warn};
    return {ChangesModel::tr("new"), Chip::Tone::Ok};
}

QString ChangesModel::lineOf(const Difference &difference) const
{
    QString line = shown(difference.table.text()) + u": "_s + objectText(difference) + u" — "_s
                   + chipOf(difference).text;
    if (!difference.explanation.isEmpty())
        line += u", "_s + shown(difference.explanation);
    return line;
}

void ChangesModel::setRenames(const QList<Rename> &renames)
{
    if (renames == m_renames)
        return;
    m_renames = renames;
    for (int group = 0; group < m_groups.size(); ++group) {
        const QModelIndex heading = index(group, ObjectColumn);
        emit dataChanged(heading, index(group, VerdictColumn));
        const int rows = rowCount(heading);
        if (rows > 0)
            emit dataChanged(index(0, ObjectColumn, heading),
                             index(rows - 1, VerdictColumn, heading));
    }
}

Chip ChangesModel::chipOf(const Difference &difference) const
{
    if (renameOf(difference, m_renames))
        return {tr("rename"), Chip::Tone::Ok};
    return areSources() ? changeChip(difference) : verdictChip(difference.verdict);
}

QString ChangesModel::signOf(const Difference &difference) const
{
    return areSources() ? changeSign(difference) : differenceSign(difference, m_hasModels);
}

QString sideSql(const Difference &difference, const QString &side)
{
    const bool isUnique = side.startsWith(u"UNIQUE ("_s);
    if (difference.kind != Difference::Kind::Index || !(isUnique || side.startsWith(u'(')))
        return side;
    return u"CREATE %1INDEX %2 ON %3 %4"_s.arg(isUnique ? u"UNIQUE "_s : QString(), difference.name,
                                               difference.table.text(),
                                               isUnique ? side.mid(7) : side);
}

void ChangesModel::setDifferences(const QList<Difference> &differences)
{
    if (differences == m_differences)
        return; // selection, ticks and scroll survive a refresh that found the same
    beginResetModel();
    m_differences = differences;
    m_ticked.clear();
    m_groups.clear();
    for (int i = 0; i < m_differences.size(); ++i) {
        const Difference &difference = m_differences[i];
        if (m_groups.isEmpty() || !(m_groups.last().table == difference.table))
            m_groups.append({difference.table, {}, difference.kind == Difference::Kind::Table});
        m_groups.last().differences.append(i);
    }
    for (Group &group : m_groups)
        group.isWholeTable = group.isWholeTable && group.differences.size() == 1;
    endResetModel();
    emit tickedChanged();
}

void ChangesModel::setSides(bool hasModels, const QString &database)
{
    m_hasModels = hasModels;
    m_database = database;
    m_from.clear();
    m_to.clear();
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

void ChangesModel::setSources(const QString &from, const QString &to)
{
    m_from = from;
    m_to = to;
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

QString ChangesModel::sideTitle(Column column) const
{
    if (areSources() && column != ModelsColumn)
        return shown(column == MigrationsColumn ? m_from : m_to);
    switch (column) {
    case ModelsColumn: return tr("Models");
    case MigrationsColumn: return tr("Migrations at head");
    default: return tr("Database");
    }
}

QList<Difference> ChangesModel::ticked() const
{
    QList<int> rows(m_ticked.cbegin(), m_ticked.cend());
    std::sort(rows.begin(), rows.end());
    QList<Difference> result;
    for (const int row : rows)
        result << m_differences[row];
    return result;
}

void ChangesModel::setAllTicked(bool ticked)
{
    m_ticked.clear();
    for (int i = 0; ticked && i < m_differences.size(); ++i)
        m_ticked.insert(i);
    for (int group = 0; group < m_groups.size(); ++group) {
        const QModelIndex heading = index(group, ObjectColumn);
        emit dataChanged(heading, heading, {Qt::CheckStateRole});
        const int rows = rowCount(heading);
        if (rows > 0)
            emit dataChanged(index(0, ObjectColumn, heading),
                             index(rows - 1, ObjectColumn, heading), {Qt::CheckStateRole});
    }
    emit tickedChanged();
}

QModelIndex ChangesModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : topLevel);
}

QModelIndex ChangesModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == topLevel)
        return {};
    return createIndex(int(child.internalId() - 1), 0, topLevel);
}

int ChangesModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_groups.size());
    if (parent.internalId() != topLevel || parent.column() != 0
        || m_groups[parent.row()].isWholeTable)
        return 0;
    return int(m_groups[parent.row()].differences.size());
}

int ChangesModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

int ChangesModel::differenceAt(const QModelIndex &index) const
{
    if (index.internalId() != topLevel)
        return m_groups[int(index.internalId() - 1)].differences[index.row()];
    const Group &group = m_groups[index.row()];
    return group.isWholeTable ? group.differences.first() : -1;
}

QVariant ChangesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::DisplayRole)
        return displayText(index);
    const int at = differenceAt(index);
    if (at < 0) {
        if (role == DifferenceRole)
            return QVariant::fromValue<const Difference *>(nullptr);
        return role == Qt::AccessibleTextRole && index.column() == 0 ? displayText(index)
                                                                     : QVariant();
    }
    const Difference &difference = m_differences[at];
    switch (role) {
    case DifferenceRole: return QVariant::fromValue(&difference);
    case Qt::CheckStateRole:
        return index.column() == ObjectColumn
                   ? QVariant(m_ticked.contains(at) ? Qt::Checked : Qt::Unchecked)
                   : QVariant();
    case ChipRole:
        return index.column() == VerdictColumn ? QVariant::fromValue(chipOf(difference))
                                               : QVariant();
    case SideMissingRole: return isMissing(difference, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == ObjectColumn ? accessibleText(difference) : QVariant();
    case Qt::ToolTipRole: return displayText(index).toString().toHtmlEscaped();
    default: return {};
    }
}

QVariant ChangesModel::displayText(const QModelIndex &index) const
{
    const int at = differenceAt(index);
    if (at < 0)
        return index.column() == ObjectColumn ? QVariant(shown(m_groups[index.row()].table.text()))
                                              : QVariant();
    const Difference &difference = m_differences[at];
    if (index.column() == ObjectColumn)
        return signOf(difference) + u' ' + objectText(difference);
    if (const Rename *rename = renameOf(difference, m_renames);
        rename && index.column() == VerdictColumn)
        return tr("%1 becomes %2")
            .arg(shown(rename->column.isEmpty() ? rename->table.name : rename->column),
                 shown(rename->newName));
    if (index.column() == VerdictColumn)
        return QString(
            shown(difference.explanation)
            + (difference.uncertain ? tr(" (uncertain: raw SQL may explain it)") : QString()));
    return sideText(difference, index.column());
}

QVariant ChangesModel::sideText(const Difference &difference, int column) const
{
    if (isMissing(difference, column))
        return tr("— missing");
    const QString text = column == ModelsColumn       ? difference.models
                         : column == MigrationsColumn ? difference.migrations
                                                      : difference.database;
    return text.isEmpty() ? tr("present") : visibleText(text, false);
}

bool ChangesModel::isMissing(const Difference &difference, int column) const
{
    switch (column) {
    case ModelsColumn: return !difference.inModels;
    case MigrationsColumn: return !difference.inMigrations;
    case DatabaseColumn: return !difference.inDatabase;
    default: return false;
    }
}

QString ChangesModel::accessibleText(const Difference &difference) const
{
    return lineOf(difference);
}

bool ChangesModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || index.column() != ObjectColumn)
        return false;
    const int at = differenceAt(index);
    if (at < 0)
        return false;
    if (value.toInt() == Qt::Checked)
        m_ticked.insert(at);
    else
        m_ticked.remove(at);
    emit dataChanged(index, index, {Qt::CheckStateRole});
    emit tickedChanged();
    return true;
}

QVariant ChangesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const bool isSide = section >= ModelsColumn && section <= DatabaseColumn;
    if (areSources() && isSide)
        return sideTitle(Column(section));
    switch (section) {
    case ObjectColumn: return tr("Object");
    case ModelsColumn: return tr("Models (wanted)");
    case MigrationsColumn: return tr("Migrations at head");
    case DatabaseColumn:
        return m_database.isEmpty() ? tr("Database") : tr("Database (%1)").arg(m_database);
    case VerdictColumn: return areSources() ? tr("Change") : tr("Verdict");
    default: return {};
    }
}

Qt::ItemFlags ChangesModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (index.column() == ObjectColumn && differenceAt(index) >= 0)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

} // namespace tribikos
