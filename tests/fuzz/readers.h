#pragma once

#include <QByteArray>
#include <QString>

/// The readers of foreign text. Nothing is checked but that they come back, and within their time
/// and memory.
namespace tribikos::fuzz {

/// What a libFuzzer target reads with: "python" a revision, evaluated with small limits; "header"
/// its header alone; "edit" the header, changed; "template" a script.py.mako, rendered; "models", "env" the files of that name; "sql" a script in every dialect; "postgres" what PostgreSQL's parser reads;
/// "ini", "toml" a configuration; "url" a database's URL. False: there is no reader of that name.
bool readAs(const QString &reader, const QByteArray &text);
/// Every reader of files with the given suffix, one after another, with the limits of every day.
void readAll(const QByteArray &text, const QString &suffix);

} // namespace tribikos::fuzz
