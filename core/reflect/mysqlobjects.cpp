#include "core/reflect/mysqlcatalogue.h"

#include <QHash>

using namespace Qt::StringLiterals;

namespace tribikos::mysql {

Status Catalogue::readForeignKeys()
{
    const auto columns = m_session.query(
        u"SELECT table_name, constraint_name, column_name, referenced_table_schema, "
        "referenced_table_name, referenced_column_name FROM information_schema.key_column_usage "
        "WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL "
        "ORDER BY table_name, constraint_name, ordinal_position"_s);
    if (!columns)
        return columns.error();
    if (columns->isEmpty())
        return done();
    const auto rules = m_session.query(
        u"SELECT table_name, constraint_name, update_rule, delete_rule "
        "FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()"_s);
    if (!rules)
        return rules.error();
    QHash<std::pair<QString, QString>, std::pair<QString, QString>> actions;
    for (const Row &row : *rules)
        actions.insert({row[0].toString(), row[1].toString()},
                       {row[2].toString(), row[3].toString()});
    const auto action = [](const QString &rule) { // RESTRICT and NO ACTION are one thing here
        return rule == u"RESTRICT" || rule == u"NO ACTION" ? QString() : rule;
    };
    bool isAllSeen = true;
    for (qsizetype at = 0; at < columns->size();) {
        const QString owner = columns->at(at)[0].toString();
        ForeignKey key{.name = {.text = columns->at(at)[1].toString()}};
        const QString schema = columns->at(at)[3].toString();
        key.target = {schema == m_database ? QString() : schema, columns->at(at)[4].toString()};
        for (; at < columns->size() && columns->at(at)[0].toString() == owner
               && columns->at(at)[1].toString() == key.name.text;
             ++at) {
            key.columns.append(columns->at(at)[2].toString());
            key.targetColumns.append(columns->at(at)[5].toString());
        }
        const auto rule = actions.constFind({owner, key.name.text});
        if (rule == actions.cend()) {
            isAllSeen = false;
            key.options.insert(u"unseen_actions"_s, true);
        } else {
            key.onUpdate = action(rule->first);
            key.onDelete = action(rule->second);
        }
        if (Table *table = this->table(owner))
            table->constraints.append(key);
    }
    if (!isAllSeen)
        m_schema.notes.append(
            u"What foreign keys do ON DELETE and ON UPDATE can't be seen with SELECT alone, so "
            u"nothing is said "
            "of it; any other privilege on the tables shows it, REFERENCES for one."_s);
    return done();
}

/// MariaDB's JSON is a longtext with a check that it makes itself.
void Catalogue::addCheck(Table &owner, const Name &name, const QString &condition,
                         bool isOfColumn) const
{
    Column *column = isOfColumn ? owner.column(name.text) : nullptr;
    if (!column) {
        owner.constraints.append(CheckConstraint{.name = name, .condition = textExpr(condition)});
        return;
    }
    const QString quoted = QString(name.text).replace(u'`', u"``"_s);
    if (condition == u"json_valid(`%1`)"_s.arg(quoted)) {
        column->type =
            std::make_shared<const SqlType>(SqlType{.name = u"JSON"_s, .module = u"sqlalchemy"_s});
        return;
    }
    column->checks.append(textExpr(condition));
    column->checkNames.append(Name{});
}

Status Catalogue::readChecks()
{
    QString sql;
    if (m_isMariaDb && m_version >= 100222)
        sql = u"SELECT table_name, constraint_name, check_clause, %1 "
              "FROM information_schema.check_constraints WHERE constraint_schema = DATABASE() "
              "ORDER BY table_name, constraint_name"_s.arg(m_version >= 100510 ? u"level"_s
                                                                               : u"'Table'"_s);
    else if (!m_isMariaDb && m_version >= 80016)
        sql = u"SELECT t.table_name, c.constraint_name, c.check_clause, 'Table' "
              "FROM information_schema.check_constraints c "
              "JOIN information_schema.table_constraints t "
              "ON t.constraint_schema = c.constraint_schema AND t.constraint_name = "
              "c.constraint_name "
              "AND t.constraint_type = 'CHECK' WHERE c.constraint_schema = DATABASE() "
              "ORDER BY t.table_name, c.constraint_name"_s;
    if (sql.isEmpty())
        return done();
    const auto found = m_session.query(sql);
    if (!found)
        return found.error();
    for (const Row &row : *found)
        if (Table *owner = table(row[0].toString()))
            addCheck(*owner, {.text = row[1].toString()}, row[2].toString(),
                     row[3].toString() == u"Column");
    return done();
}

Status Catalogue::readViews()
{
    if (!m_hasViews)
        return done();
    const auto found =
        m_session.query(u"SELECT table_name, view_definition FROM information_schema.views "
                        "WHERE table_schema = DATABASE() ORDER BY table_name"_s);
    if (!found)
        return found.error();
    for (const Row &row : *found)
        add({.kind = NamedObject::Kind::View,
             .name = {{}, row[0].toString()},
             .definition = row[1].toString()});
    return done();
}

Status Catalogue::readTriggers()
{
    const auto found = m_session.query(
        u"SELECT trigger_name, event_object_table, action_timing, event_manipulation, "
        u"action_statement "
        "FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY trigger_name"_s);
    if (!found)
        return found.error();
    for (const Row &row : *found)
        add({.kind = NamedObject::Kind::Trigger,
             .name = {{}, row[0].toString()},
             .table = row[1].toString(),
             .definition = u"CREATE TRIGGER `%1` %2 %3 ON `%4` FOR EACH ROW %5"_s.arg(
                 row[0].toString(), row[2].toString(), row[3].toString(), row[1].toString(),
                 row[4].toString())});
    return done();
}

Status Catalogue::readRoutines()
{
    const auto found = m_session.query(
        u"SELECT routine_name, routine_definition FROM information_schema.routines "
        "WHERE routine_schema = DATABASE() AND routine_type IN ('FUNCTION', 'PROCEDURE') "
        "ORDER BY routine_name"_s);
    if (!found)
        return found.error();
    for (const Row &row : *found)
        add({.kind = NamedObject::Kind::Function,
             .name = {{}, row[0].toString()},
             .definition = row[1].toString()});
    return done();
}

} // namespace tribikos::mysql
