#include "core/reflect/mysqlcatalogue.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos::mysql {

namespace {

QString unquoted(QString name)
{
    if (name.size() >= 2 && (name.startsWith(u'`') || name.startsWith(u'"')))
        name = name.sliced(1, name.size() - 2).replace(u"``"_s, u"`"_s);
    return name;
}

/// A database's name in a grant is a pattern: % and _ stand for others, a backslash before them for themselves.
bool isMeant(const QString &pattern, const QString &database)
{
    QString expression;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == u'\\' && i + 1 < pattern.size())
            expression += QRegularExpression::escape(pattern.sliced(++i, 1));
        else if (pattern[i] == u'%')
            expression += u".*"_s;
        else
            expression +=
                pattern[i] == u'_' ? u"."_s : QRegularExpression::escape(pattern.sliced(i, 1));
    }
    return QRegularExpression(QRegularExpression::anchoredPattern(expression))
        .match(database)
        .hasMatch();
}

} // namespace

int versionNumber(const QString &version)
{
    static const QRegularExpression shape(u"^(?:5\\.5\\.5-)?(\\d+)\\.(\\d+)\\.(\\d+)"_s);
    const QRegularExpressionMatch match = shape.match(version);
    return match.captured(1).toInt() * 10000 + match.captured(2).toInt() * 100
           + match.captured(3).toInt();
}

QSet<QString> grantedPrivileges(const QStringList &lines, const QString &database)
{
    static const QRegularExpression shape(u"^GRANT (.+) ON (\\*|`[^`]*(?:``[^`]*)*`)\\.\\* TO "_s);
    QSet<QString> privileges;
    for (const QString &line : lines) {
        const QRegularExpressionMatch match = shape.match(line);
        if (!match.hasMatch())
            continue;
        const QString target = match.captured(2);
        if (target != u"*" && !isMeant(unquoted(target), database))
            continue;
        for (const QString &privilege : match.captured(1).split(u','))
            privileges.insert(privilege.trimmed().toUpper());
    }
    privileges.remove(u"USAGE"_s);
    return privileges;
}

Status Catalogue::readServer()
{
    const auto found = m_session.query(u"SELECT version(), database()"_s);
    if (!found)
        return found.error();
    const QString version = found->value(0).value(0).toString();
    m_isMariaDb = version.contains(u"MariaDB"_s, Qt::CaseInsensitive);
    m_version = versionNumber(version);
    m_database = found->value(0).value(1).toString();
    m_prefix = backendName(m_session.backend()) + u'_';
    if (m_database.isEmpty())
        return Error{.code = ErrorCode::Usage,
                     .message = u"The URL names no database; add its name behind the server's."_s};
    if (m_versionTable.schema == m_database)
        m_versionTable.schema.clear();
    return done();
}

/// What information_schema hides follows from the privileges that are not there.
Status Catalogue::readPrivileges()
{
    // MySQL lists what an active role gives only when asked for it; MariaDB does in any case.
    QString sql = u"SHOW GRANTS"_s;
    if (!m_isMariaDb && m_version >= 80000) {
        const auto role = m_session.query(u"SELECT current_role()"_s);
        if (!role)
            return role.error();
        const QString name = role->value(0).value(0).toString();
        if (!name.isEmpty() && name != u"NONE")
            sql += u" FOR CURRENT_USER() USING "_s + name;
    }
    const auto found = m_session.query(sql);
    if (!found)
        return found.error();
    QStringList lines;
    for (const Row &row : *found)
        lines.append(row.value(0).toString());
    addNotes(grantedPrivileges(lines, m_database));
    return done();
}

void Catalogue::addNotes(const QSet<QString> &privileges)
{
    const auto has = [&](std::initializer_list<QString> wanted) {
        return privileges.contains(u"ALL PRIVILEGES"_s) || privileges.contains(u"ALL"_s)
               || std::ranges::any_of(wanted,
                                      [&](const QString &p) { return privileges.contains(p); });
    };
    if (privileges.isEmpty())
        m_schema.opaqueReasons.append(u"The user has no privilege on the whole database %1, so "
                                      u"only the tables and columns that it was "
                                      "granted are seen."_s.arg(m_database));
    if (!has({u"TRIGGER"_s})) {
        m_schema.unseen.insert(NamedObject::Kind::Trigger);
        m_schema.notes.append(
            u"Triggers can't be seen without the privilege TRIGGER, so nothing is said of them."_s);
    }
    if (!has({u"EXECUTE"_s, u"CREATE ROUTINE"_s, u"ALTER ROUTINE"_s, u"SHOW_ROUTINE"_s,
              u"SHOW CREATE ROUTINE"_s})) {
        m_schema.unseen.insert(NamedObject::Kind::Function);
        m_schema.notes.append(
            u"Functions and procedures can't be seen without the privilege EXECUTE, so nothing "
            "is said of them."_s);
    }
    if (!has({u"SHOW VIEW"_s}))
        m_schema.notes.append(
            u"The texts of views can't be seen without the privilege SHOW VIEW, only their names."_s);
}

Result<Schema> Catalogue::read()
{
    for (const Reading reading :
         {&Catalogue::readServer, &Catalogue::readPrivileges, &Catalogue::readTables,
          &Catalogue::readPartitions, &Catalogue::readColumns, &Catalogue::readIndexes,
          &Catalogue::readForeignKeys, &Catalogue::readChecks, &Catalogue::readViews,
          &Catalogue::readTriggers, &Catalogue::readRoutines})
        if (const Status part = (this->*reading)(); !part)
            return part.error();
    return std::move(m_schema);
}

} // namespace tribikos::mysql
