#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QStringList>

namespace tribikos {

/*!
    A node of PostgreSQL's syntax tree: its kind ("CreateStmt") and its fields, by the names of
    PostgreSQL's own parsenodes.h. A field that the parser left at zero is not there, and every
    question about one is answered with nothing. Inside of this room only.
*/
class PgNode
{
public:
    PgNode() = default;
    /// {"Kind": {…}}, or the fields alone where the kind follows from the place.
    explicit PgNode(const QJsonValue &value);

    QStringView kind() const { return m_kind; }
    bool is(QStringView kind) const { return m_kind == kind; }
    bool has(QStringView field) const { return m_fields.contains(field); }
    bool isEmpty() const { return m_kind.isEmpty() && m_fields.isEmpty(); }
    QString text(QStringView field) const { return m_fields.value(field).toString(); }
    bool flag(QStringView field) const { return m_fields.value(field).toBool(); }
    int number(QStringView field) const { return m_fields.value(field).toInt(); }
    PgNode node(QStringView field) const { return PgNode(m_fields.value(field)); }
    QList<PgNode> list(QStringView field) const;
    /// The texts of a list of String nodes.
    QStringList texts(QStringView field) const;
    /// A whole number, which stands in an Integer or, where it is large, in a Float.
    std::optional<qint64> whole() const;
    const QJsonObject &fields() const { return m_fields; }

private:
    QString m_kind{};
    QJsonObject m_fields{};
};

/*!
    The tree of one statement as the parser of PostgreSQL 15 makes it (libpg_query), places in it
    being offsets into its UTF-8. Thread-safe; hostile text costs bounded stack and memory.

    \return ErrorCode::Syntax with the parser's own words and the line in \a sql, for what the
            grammar refuses, is no single statement, is nested too deeply or longer than 512 KiB
*/
Result<PgNode> parsePostgres(const QString &sql);

/// All nodes of \a kind below \a root, in no order that matters.
QList<PgNode> pgNodesOf(const PgNode &root, QStringView kind);

} // namespace tribikos
