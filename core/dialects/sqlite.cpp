#include "core/dialects/basedialect.h"
#include "core/dialects/reservedwords.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Alembic's own refusal, which for us means: rebuild the table.
const QString noAlter = u"SQLite can't alter the constraints of an existing table"_s;

class SqliteDialect final : public BaseDialect
{
public:
    Backend backend() const override { return Backend::Sqlite; }
    bool hasTransactionalDdl() const override { return false; }
    int maxIdentifierLength() const override { return 9999; }
    bool rebuildsTables() const override { return true; }
    QString boolean(bool value) const override { return value ? u"1"_s : u"0"_s; }
    QString function(const QString &name, const QString &arguments,
                     bool hasArguments) const override;
    QString distinction(const QString &left, const QString &right, bool isNegated) const override;
    QString division(const QString &left, const QString &right, const SqlTypePtr &,
                     Rendering &) const override;
    QString extract(const QString &field, const QString &from, Rendering &rendering) const override;
    QString regexpReplace(const QString &, const QString &, const QString &, const QString &,
                          Rendering &rendering) const override;
    QString limit(const QString &count, const QString &offset) const override;
    QString bindMarker(const QString &name, const RenderContext &context) const override;
    QString versionInsertSuffix(const TableName &, bool) const override
    {
        return u" RETURNING version_num"_s;
    }

protected:
    using BaseDialect::add;

    const QSet<QString> &reservedWords() const override { return sqliteReservedWords(); }
    QString dateTimeText(const QString &value) const override;
    QString timeText(const QString &value) const override;
    QString typeSpec(const SqlType &type, Rendering &rendering) const override;
    QString columnSpec(const Table &table, const Column &column,
                       Rendering &rendering) const override;
    QString primaryKeyText(const Table &table, const PrimaryKey &key,
                           Rendering &rendering) const override;
    QString uniqueText(const Table &table, const UniqueConstraint &unique,
                       Rendering &) const override;
    QString checkText(const CheckConstraint &check, Rendering &rendering) const override;
    bool writesForeignKey(const TableName &table, const ForeignKey &key) const override;
    QString referencedTable(const ForeignKey &key) const override { return ident(key.target.name); }
    QString tableOptions(const Table &table, Rendering &rendering) const override;
    void createTypes(const Table &, RenderContext &, Rendering &, QStringList &) const override;
    QString createIndexText(const CreateIndex &create, Rendering &rendering) const override;
    void add(const AddConstraint &, Rendering &, QStringList &) const override;
    void add(const DropConstraint &, Rendering &, QStringList &) const override;
    void dropOldTypeChecks(const AlterColumn &, Rendering &, QStringList &) const override {}

private:
    bool isInlineKey(const Table &table, const QString &column) const;
};

QString withMicroseconds(const QString &time)
{
    const qsizetype dot = time.indexOf(u'.');
    return dot < 0 ? time + u".000000"_s : time.left(dot + 7).leftJustified(dot + 7, u'0');
}

QString SqliteDialect::dateTimeText(const QString &value) const
{
    static const QRegularExpression zone(u"[+-]\\d\\d:\\d\\d(:\\d\\d)?$"_s);
    QString local = value;
    local.remove(zone);
    if (local.size() == 10)
        local += u" 00:00:00"_s;
    return withMicroseconds(local);
}

QString SqliteDialect::timeText(const QString &value) const
{
    static const QRegularExpression zone(u"[+-]\\d\\d:\\d\\d(:\\d\\d)?$"_s);
    return withMicroseconds(QString(value).remove(zone));
}

QString SqliteDialect::function(const QString &name, const QString &arguments,
                                bool hasArguments) const
{
    const QString lower = name.toLower();
    if (lower == u"now")
        return u"CURRENT_TIMESTAMP"_s;
    if (lower == u"localtimestamp")
        return u"DATETIME(CURRENT_TIMESTAMP, 'localtime')"_s;
    if (lower == u"aggregate_strings")
        return u"group_concat("_s + arguments + u')';
    if (lower == u"char_length")
        return u"length("_s + arguments + u')';
    return BaseDialect::function(name, arguments, hasArguments);
}

QString SqliteDialect::distinction(const QString &left, const QString &right, bool isNegated) const
{
    return left + (isNegated ? u" IS "_s : u" IS NOT "_s) + right;
}

QString SqliteDialect::division(const QString &left, const QString &right, const SqlTypePtr &,
                                Rendering &) const
{
    return left + u" / ("_s + right + u" + 0.0)"_s;
}

QString SqliteDialect::extract(const QString &field, const QString &from, Rendering &rendering) const
{
    static const QHash<QString, QString> formats{
        {u"month"_s, u"%m"_s}, {u"day"_s, u"%d"_s},    {u"year"_s, u"%Y"_s},  {u"second"_s, u"%S"_s},
        {u"hour"_s, u"%H"_s},  {u"doy"_s, u"%j"_s},    {u"minute"_s, u"%M"_s}, {u"epoch"_s, u"%s"_s},
        {u"dow"_s, u"%w"_s},   {u"week"_s, u"%W"_s}};
    const QString format = formats.value(field);
    if (format.isEmpty())
        return rendering.fail(u"SQLite can't extract the %1 of a date"_s.arg(field));
    return u"CAST(STRFTIME('%1', %2) AS INTEGER)"_s.arg(format, from);
}

QString SqliteDialect::regexpReplace(const QString &, const QString &, const QString &, const QString &,
                                     Rendering &rendering) const
{
    return rendering.fail(u"SQLite has no regular expressions that replace; use replace()"_s);
}

QString SqliteDialect::limit(const QString &count, const QString &offset) const
{
    return u"\n LIMIT "_s + (count.isEmpty() ? u"-1"_s : count) + u" OFFSET "_s
           + (offset.isEmpty() ? u"0"_s : offset);
}

QString SqliteDialect::bindMarker(const QString &name, const RenderContext &context) const
{
    return context.doublePercent ? u"?"_s : u':' + name;
}

QString SqliteDialect::typeSpec(const SqlType &type, Rendering &rendering) const
{
    if (type.name == u"JSONB" && type.module == u"sqlite")
        return u"JSONB"_s;
    if (type.name == u"DOMAIN" || type.name == u"ARRAY")
        return {};
    // FLOAT has no precision here.
    return BaseDialect::typeSpec(type, rendering);
}

bool SqliteDialect::isInlineKey(const Table &table, const QString &name) const
{
    const Column *column = table.column(name);
    const PrimaryKey *key = table.primaryKey();
    if (!column || !key || key->columns != QStringList{name}
        || !optionFlag(table.options, u"sqlite_autoincrement"_s).value_or(false)
        || affinity(column->type) != TypeAffinity::Integer)
        return false;
    for (const Constraint &constraint : table.constraints)
        if (const auto *foreign = std::get_if<ForeignKey>(&constraint);
            foreign && foreign->columns.contains(name))
            return false;
    return true;
}

QString conflictText(const QString &own, const DialectOptions &options, const QString &option)
{
    const QString clause = own.isEmpty() ? optionText(options, option).value_or(QString()) : own;
    return clause.isEmpty() ? QString() : u" ON CONFLICT "_s + clause;
}

/// SQLite takes an expression as default only in parentheses.
QString defaultClause(const QString &text)
{
    static const QRegularExpression standsAlone(u"^\\s*['\"(]"_s);
    static const QRegularExpression other(u"\\W"_s, QRegularExpression::UseUnicodePropertiesOption);
    if (text.isEmpty())
        return {};
    const bool wraps = !text.contains(standsAlone) && text.section(u'\n', 0, 0).contains(other);
    return u" DEFAULT "_s + (wraps ? u'(' + text + u')' : text);
}

QString SqliteDialect::columnSpec(const Table &table, const Column &column,
                                  Rendering &rendering) const
{
    // Only a catalogue knows a column without a type.
    const bool isUntyped =
        column.type && column.type->module == u"reflected" && column.type->name.isEmpty();
    QString spec =
        columnIdent(column) + (isUntyped ? QString() : u' ' + type(column.type, rendering));
    if (!column.collation.isEmpty())
        spec += u" COLLATE "_s + ident(column.collation);
    spec += defaultClause(defaultText(column.serverDefault, rendering));
    if (!isNullable(table, column))
        spec += u" NOT NULL"_s
                + conflictText(column.onConflict, column.options, u"sqlite_on_conflict_not_null"_s);
    const PrimaryKey *key = table.primaryKey();
    if (key && key->columns.size() > 1 && key->columns.contains(column.name)
        && column.autoincrement == AutoIncrement::Yes)
        rendering.fail(u"SQLite does not count in a key of several columns"_s);
    if (isInlineKey(table, column.name))
        spec += u" PRIMARY KEY"_s
                + conflictText(key->onConflict, column.options, u"sqlite_on_conflict_primary_key"_s)
                + u" AUTOINCREMENT"_s;
    if (column.computed)
        spec += u' ' + computedText(*column.computed, rendering);
    return spec;
}

QString SqliteDialect::primaryKeyText(const Table &table, const PrimaryKey &key,
                                      Rendering &rendering) const
{
    if (key.columns.size() == 1 && isInlineKey(table, key.columns.first()))
        return {};
    QString clause = conflictText(key.onConflict, key.options, u"sqlite_on_conflict"_s);
    const Column *only = key.columns.size() == 1 ? table.column(key.columns.first()) : nullptr;
    if (clause.isEmpty() && only)
        clause = conflictText({}, only->options, u"sqlite_on_conflict_primary_key"_s);
    return BaseDialect::primaryKeyText(table, key, rendering) + clause;
}

QString SqliteDialect::uniqueText(const Table &table, const UniqueConstraint &unique,
                                  Rendering &rendering) const
{
    QString clause = conflictText(unique.onConflict, unique.options, u"sqlite_on_conflict"_s);
    const Column *only =
        unique.columns.size() == 1 ? table.column(unique.columns.first()) : nullptr;
    if (clause.isEmpty() && only)
        clause = conflictText({}, only->options, u"sqlite_on_conflict_unique"_s);
    return BaseDialect::uniqueText(table, unique, rendering) + clause;
}

QString SqliteDialect::checkText(const CheckConstraint &check, Rendering &rendering) const
{
    return BaseDialect::checkText(check, rendering)
           + conflictText({}, check.options, u"sqlite_on_conflict"_s);
}

bool SqliteDialect::writesForeignKey(const TableName &table, const ForeignKey &key) const
{
    // A foreign key can't leave its database file; and there is no later ALTER for use_alter.
    return key.target.schema == table.schema;
}

QString SqliteDialect::tableOptions(const Table &table, Rendering &) const
{
    QStringList options;
    if (!optionFlag(table.options, u"sqlite_with_rowid"_s).value_or(true))
        options += u"WITHOUT ROWID"_s;
    if (optionFlag(table.options, u"sqlite_strict"_s).value_or(false))
        options += u"STRICT"_s;
    return options.isEmpty() ? QString() : u"\n "_s + options.join(u",\n "_s);
}

void SqliteDialect::createTypes(const Table &table, RenderContext &, Rendering &rendering,
                                QStringList &) const
{
    for (const Column &column : table.columns)
        if (const SqlType *shown = variantOf(column.type); shown && shown->name == u"DOMAIN")
            unsupportedType(*shown, rendering);
}

QString SqliteDialect::createIndexText(const CreateIndex &create, Rendering &rendering) const
{
    const QString name = objectName(create.index.name, rendering);
    return u"CREATE "_s + (create.index.unique ? u"UNIQUE "_s : QString()) + u"INDEX "_s
           + (create.ifNotExists ? u"IF NOT EXISTS "_s : QString())
           + (create.table.schema.isEmpty() ? name : ident(create.table.schema) + u'.' + name)
           + u" ON "_s + ident(create.table.name) + u" ("_s + indexElements(create.index, rendering)
           + u')' + indexWhere(create.index, u"sqlite_where"_s, rendering);
}

void SqliteDialect::add(const AddConstraint &add, Rendering &rendering, QStringList &) const
{
    const auto *check = std::get_if<CheckConstraint>(&add.constraint);
    // Alembic leaves out the CHECK of a Boolean or Enum with a warning; the planner rebuilds where
    // it knows the table.
    if (!check || !check->isTypeBound)
        rendering.fail(noAlter, ErrorCode::NeedsRebuild);
}

void SqliteDialect::add(const DropConstraint &, Rendering &rendering, QStringList &) const
{
    rendering.fail(noAlter, ErrorCode::NeedsRebuild);
}

} // namespace

const Dialect &sqliteDialect()
{
    static const SqliteDialect dialect;
    return dialect;
}

} // namespace tribikos
