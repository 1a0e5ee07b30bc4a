#include "core/autogenerate/modelcomparison.h"
#include "core/autogenerate/pythontypes.h"
#include "core/autogenerate/typecomparison.h"

#include <QRegularExpression>

/// alembic/autogenerate/compare: types.py, server_defaults.py, comments.py, and the columns' part of tables.py and
/// constraints.py.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

DefaultChange defaultChange(const Column &column)
{
    return {.expression = column.serverDefault,
            .identity = column.identity,
            .computed = column.computed};
}

bool hasDefault(const Column &column)
{
    return column.serverDefault || column.identity || column.computed || column.serverDefaultOpaque;
}

std::optional<QString> commentOf(const Column &column)
{
    return column.hasComment ? std::optional(column.comment) : std::nullopt;
}

/// A computed column's text, without what a server may print otherwise.
QString plainExpression(const Computed &computed, Backend backend)
{
    static const QRegularExpression noise(u"[ \\(\\)'\"`\\[\\]\\t\\r\\n]"_s);
    const RenderContext context{.offline = false};
    const Result<QString> text = dialectFor(backend).expression(computed.expression, context);
    return QString(text ? *text : computed.expression->text).remove(noise).toLower();
}

/// What takes \a alter back: AlterColumnOp.reverse(), which swaps what was modified with what was there.
AlterColumn reversed(const AlterColumn &alter)
{
    AlterColumn back = alter;
    if (alter.type)
        std::swap(back.type, back.existingType);
    if (alter.nullable)
        std::swap(back.nullable, back.existingNullable);
    if (alter.serverDefault) {
        back.serverDefault = alter.existingServerDefault.value_or(DefaultChange());
        back.existingServerDefault = alter.serverDefault;
    }
    if (alter.comment || alter.clearComment) {
        back.comment = alter.existingComment;
        back.clearComment = !alter.existingComment;
        back.existingComment = alter.comment;
    }
    return back;
}

/// Identity options that are not what an identity has anyway, or said by the model.
bool hasOtherOptions(const Identity *wanted, const Identity *had)
{
    // SQLAlchemy's Identity() says nothing but always: what the model leaves open is not compared.
    const auto differs = [](const auto &model, const auto &database) {
        return model && model != database;
    };
    const Identity none;
    const Identity &w = wanted ? *wanted : none;
    const Identity &h = had ? *had : none;
    return w.always != h.always || differs(w.start, h.start) || differs(w.increment, h.increment)
           || differs(w.minValue, h.minValue) || differs(w.maxValue, h.maxValue)
           || differs(w.cycle, h.cycle) || differs(w.cache, h.cache) || w.noMinValue
           || w.noMaxValue;
}

} // namespace

void ModelComparison::addColumns(const Table &reflected, const Table &modelled)
{
    for (const Column &column : modelled.columns)
        if (!reflected.column(column.name))
            push(Kind::AddColumn, column.name, AddColumn{.table = m_block.table, .column = column},
                 DropColumn{.table = m_block.table, .column = column.name},
                 u"tables: Detected added column '%1.%2'"_s.arg(shownTable(), column.name));
}

void ModelComparison::removeColumns(const Table &reflected, const Table &modelled)
{
    for (const Column &column : reflected.columns)
        if (!modelled.column(column.name))
            push(Kind::RemoveColumn, column.name,
                 DropColumn{.table = m_block.table, .column = column.name},
                 AddColumn{.table = m_block.table, .column = column},
                 u"tables: Detected removed column '%1.%2'"_s.arg(shownTable(), column.name));
}

void ModelComparison::alterColumn(const Table &modelled, const Column &had, const Column &wanted)
{
    AlterColumn alter{.table = m_block.table, .column = wanted.name};
    m_block.changes.append(
        ModelChange{.kind = Kind::ModifyColumn, .table = m_block.table, .name = wanted.name});
    compareNullable(had, wanted, alter);
    compareComment(had, wanted, alter);
    compareDefault(modelled, had, wanted, alter);
    compareType(had, wanted, alter);
    ModelChange &change = m_block.changes.last();
    const std::pair<bool, QString> aspects[] = {
        {alter.type != nullptr, u"type"_s},
        {alter.nullable.has_value(), u"nullable"_s},
        {alter.serverDefault.has_value(), u"default"_s},
        {alter.comment || alter.clearComment, u"comment"_s}};
    for (const auto &[isChanged, aspect] : aspects)
        if (isChanged)
            change.aspects.append(aspect);
    if (change.aspects.isEmpty()) {
        m_block.changes.removeLast();
        return;
    }
    change.upgrade = {.kind = alter};
    change.downgrade = {.kind = reversed(alter)};
}

void ModelComparison::compareNullable(const Column &had, const Column &wanted, AlterColumn &alter)
{
    alter.existingNullable = had.isNullable();
    if (had.isNullable() == wanted.isNullable())
        return;
    const bool isComputed = (had.computed || wanted.computed) && !wanted.nullable;
    if (isComputed || had.identity || wanted.identity)
        return;
    alter.nullable = wanted.isNullable();
    m_block.changes.last().detected.append(u"constraints: Detected %1 on column '%2.%3'"_s.arg(
        *alter.nullable ? u"NULL"_s : u"NOT NULL"_s, shownTable(), wanted.name));
}

void ModelComparison::compareComment(const Column &had, const Column &wanted, AlterColumn &alter)
{
    if (m_input.backend == Backend::Sqlite)
        return;
    const std::optional<QString> before = commentOf(had);
    const std::optional<QString> after = commentOf(wanted);
    alter.existingComment = before;
    if (before == after)
        return;
    alter.comment = after;
    alter.clearComment = !after;
    m_block.changes.last().detected.append(
        u"comments: Detected column comment '%1.%2'"_s.arg(shownTable(), wanted.name));
}

void ModelComparison::compareType(const Column &had, const Column &wanted, AlterColumn &alter)
{
    if (!m_input.compareType)
        return;
    alter.existingType = had.type;
    QString problem;
    if (m_types.isOther(had.type, wanted.type, &problem)) {
        alter.type = wanted.type;
        m_block.changes.last().detected.append(
            u"types: Detected type change from %1 to %2 on '%3.%4'"_s.arg(
                typeRepr(had.type), typeRepr(wanted.type), shownTable(), wanted.name));
    }
    if (!problem.isEmpty())
        m_found.remarks.append(
            u"The type of %1.%2 is not compared: %3"_s.arg(shownTable(), wanted.name, problem));
}

void ModelComparison::compareDefault(const Table &modelled, const Column &had, const Column &wanted,
                                     AlterColumn &alter)
{
    if (hasDefault(had) || hasDefault(wanted)) {
        alter.existingServerDefault = defaultChange(had);
        if (!m_input.compareServerDefault)
            return;
    }
    if (compareComputed(had, wanted, alter) || compareIdentity(had, wanted, alter))
        return;
    const Column *counter = m_dialect.countingColumn(modelled);
    const bool isCounter = counter && counter->name == wanted.name;
    if (isCounter || wanted.autoincrement == AutoIncrement::Yes)
        alter.autoincrement = true;
    else if (wanted.autoincrement == AutoIncrement::No)
        alter.autoincrement = false;
    const auto isPlain = [](const Column &column) {
        return !column.identity && !column.computed && !column.serverDefaultOpaque;
    };
    if ((!had.serverDefault && !wanted.serverDefault) || !isPlain(had) || !isPlain(wanted))
        return;
    const bool isKey =
        modelled.primaryKey() && modelled.primaryKey()->columns.contains(wanted.name);
    const DefaultSides sides{.reflected = had, .modelled = wanted, .isCounter = isKey && isCounter};
    if (!isOtherDefault(sides, m_input.backend, m_input.ask))
        return;
    alter.serverDefault = defaultChange(wanted);
    m_block.changes.last().detected.append(
        u"server_defaults: Dialect impl detected server default on column '%1.%2'"_s.arg(
            shownTable(), wanted.name));
}

/// True: nothing more is to be compared. A computed column's expression can't be altered.
bool ModelComparison::compareComputed(const Column &had, const Column &wanted,
                                      const AlterColumn &alter)
{
    if (!had.computed && !wanted.computed)
        return false;
    const auto text = [this](const Column &column) {
        return column.computed ? plainExpression(*column.computed, m_input.backend) : QString();
    };
    if (!wanted.computed || text(had) != text(wanted))
        m_found.warnings.append(
            u"Computed default on %1.%2 cannot be modified"_s.arg(alter.table.name, alter.column));
    return true;
}

/// True: nothing more is to be compared.
bool ModelComparison::compareIdentity(const Column &had, const Column &wanted, AlterColumn &alter)
{
    if (!had.identity && !wanted.identity)
        return false;
    const bool isOther = hasOtherOptions(wanted.identity ? &*wanted.identity : nullptr,
                                         had.identity ? &*had.identity : nullptr);
    if (!isOther && had.identity.has_value() == wanted.identity.has_value())
        return false;
    alter.serverDefault = defaultChange(wanted);
    if (isOther)
        m_block.changes.last().detected.append(
            u"server_defaults: Detected server default on column '%1.%2': identity options "
            "attributes"_s.arg(shownTable(), wanted.name));
    return isOther;
}

} // namespace tribikos
