#pragma once

#include <QString>

namespace tribikos {

/// A row change in the version table.
struct VersionChange
{
    enum class Kind { Insert, Update, Delete };
    Kind kind = Kind::Insert;
    QString from{}; // Update, Delete
    QString to{};   // Insert, Update
    friend bool operator==(const VersionChange &, const VersionChange &) = default;
};

} // namespace tribikos
