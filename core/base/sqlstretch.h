#pragma once

#include "core/base/backend.h"

#include <QByteArray>
#include <QByteArrayView>
#include <memory>

namespace tribikos {

/// Many statements of a plain SQL script that stand one after another, as the file's own UTF-8: a
/// seed of a million rows is a place in one text, not a million texts. Each of them inserts,
/// updates or deletes rows and ends with a semicolon.
struct SqlStretch
{
    QByteArray source{}; // the whole script, shared
    Backend backend = Backend::Sqlite;
    qsizetype start = 0; // offsets into source: first token to last, the last semicolon left out
    qsizetype end = 0;
    int line = 1; // of the first token, and of the last
    int lastLine = 1;
    int count = 0;     // statements
    int deletions = 0; // those of them that begin with DELETE

    QByteArrayView text() const { return QByteArrayView(source).sliced(start, end - start); }
    friend bool operator==(const SqlStretch &a, const SqlStretch &b)
    {
        return a.backend == b.backend && a.line == b.line && a.text() == b.text();
    }
};
using SqlStretchPtr = std::shared_ptr<const SqlStretch>;

} // namespace tribikos
