#pragma once

#include "core/diff/diff.h"

#include <array>
#include <optional>

namespace tribikos {

/// The sides of a comparison, as indexes: the three arms, and what the migrations make at the
/// database's position. Inside of this room only.
enum class Side { Models, Migrations, Database, AtDatabase };
inline constexpr int sideCount = 4;

/// One value on each side; null where that side does not have it.
template<typename T>
struct Sides
{
    std::array<const T *, sideCount> value{};
    std::array<bool, sideCount> takesPart{}; // false: that side can't say anything here

    const T *operator[](Side side) const { return value[size_t(side)]; }
    bool has(Side side) const { return takesPart[size_t(side)]; }
    void set(Side side, const T *v)
    {
        value[size_t(side)] = v;
        takesPart[size_t(side)] = true;
    }
    void remove(Side side)
    {
        value[size_t(side)] = nullptr;
        takesPart[size_t(side)] = false;
    }
};

/// Which pairs of sides agree; a side that takes no part is in no pair.
struct Agreement
{
    bool hasModels = false;
    bool hasMigrations = false;
    bool hasDatabase = false;
    bool inModels = false;
    bool inMigrations = false;
    bool inDatabase = false;
    bool modelsMigrations = true;
    bool migrationsDatabase = true;
    bool modelsDatabase = true;
    bool databasePosition = true; // the database is what the migrations make at its position
};

/// The table of verdicts (docs/ARCHITECTURE.md); nullopt: there is no difference.
std::optional<Verdict> verdictOf(const Agreement &agreement);

/// One short sentence; \a revision is the one that last touched the object, or empty.
QString explanationOf(Verdict verdict, const Agreement &agreement, const QString &revision);

/// \a same compares two values that both are there.
template<typename T, typename Same>
Agreement agreementOf(const Sides<T> &sides, Same same)
{
    const auto agree = [&](Side a, Side b) {
        if (!sides.has(a) || !sides.has(b) || sides[a] == sides[b])
            return true;
        return sides[a] && sides[b] && same(*sides[a], *sides[b]);
    };
    Agreement agreement{.hasModels = sides.has(Side::Models),
                        .hasMigrations = sides.has(Side::Migrations),
                        .hasDatabase = sides.has(Side::Database),
                        .inModels = sides[Side::Models] != nullptr,
                        .inMigrations = sides[Side::Migrations] != nullptr,
                        .inDatabase = sides[Side::Database] != nullptr};
    agreement.modelsMigrations = agree(Side::Models, Side::Migrations);
    agreement.migrationsDatabase = agree(Side::Migrations, Side::Database);
    agreement.modelsDatabase = agree(Side::Models, Side::Database);
    agreement.databasePosition =
        sides.has(Side::AtDatabase) && agree(Side::AtDatabase, Side::Database);
    return agreement;
}

} // namespace tribikos
