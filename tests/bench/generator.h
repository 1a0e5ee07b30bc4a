#pragma once

#include <QString>

namespace tribikos::bench {

/// Shape of a generated project's history.
enum class Shape {
    Straight, // one chain
    Branchy,  // a side branch of three revisions every twenty, merged again
    Forked    // a trunk with two hundred branches that stay open
};
inline constexpr int forkedBranches = 200;

/// Writes an Alembic project of \a revisions scripts, as autogenerate writes them, into \a folder.
/// Deterministic. Returns false when a file can't be written.
bool generateProject(const QString &folder, int revisions, Shape shape);

} // namespace tribikos::bench
