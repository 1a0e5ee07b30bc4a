#pragma once

#include "core/pyread/models.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

/// Models written into a folder, read, and their tables as lines of text.

using namespace tribikos;
using namespace Qt::StringLiterals;

inline bool write(const QTemporaryDir &folder, const QString &name, const QByteArray &text)
{
    const QString path = folder.filePath(name);
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
           && file.write(text) == text.size();
}

inline QString columnText(const Column &column)
{
    QString text = column.name + u' ' + (column.type ? column.type->name : u"-"_s);
    if (column.type && column.type->length)
        text += u"(%1)"_s.arg(*column.type->length);
    return text + (column.isNullable() ? QString() : u" !"_s);
}

/// "t: id Integer !; a String(5) | primary:; unique: | ix_t_a"
inline QString tableText(const Table &table)
{
    QStringList columns;
    QStringList constraints;
    QStringList indexes;
    for (const Column &column : table.columns)
        columns.append(columnText(column));
    for (const Constraint &constraint : table.constraints)
        constraints.append(constraintKind(constraint) + u':' + constraintName(constraint).text);
    for (const Index &index : table.indexes)
        indexes.append(index.name.text);
    return u"%1: %2 | %3 | %4"_s
        .arg(table.name.text(), columns.join(u"; "_s), constraints.join(u' '), indexes.join(u' '))
        .trimmed();
}

inline QStringList schemaTexts(const Schema &schema)
{
    QStringList lines;
    for (const Table &table : schema.tables)
        lines.append(tableText(table));
    return lines;
}

inline Result<Schema> readOne(const QByteArray &source, Diagnostics *problems = nullptr,
                       std::optional<Backend> backend = {})
{
    QTemporaryDir folder;
    write(folder, u"models.py"_s, source);
    return readModels(
        {u"models.py"_s},
        {.searchPath = {folder.path()}, .baseFolder = folder.path(), .backend = backend}, problems);
}
