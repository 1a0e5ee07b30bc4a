#pragma once

#include "core/diff/facts.h"
#include "core/diff/rules.h"
#include "core/diff/verdict.h"

#include <array>

namespace tribikos {

/// One comparison: the sides as facts, and what was found. Inside of this room only.
class Comparer
{
public:
    explicit Comparer(const ComparisonInput &input);
    QList<Difference> run();

private:
    /// Where a difference stands, before it is known to be one.
    struct Place
    {
        Difference::Kind kind = Difference::Kind::Table;
        TableName table{};
        QString name{};
        QString aspect{};
        bool isUncertain = false;
    };

    void compareTable(const TableName &key);
    void compareTableComment(const Sides<TableFact> &tables, const Place &place);
    void compareColumn(const Sides<QMap<QString, ColumnFact>> &maps, const QString &key,
                       Place place);
    void compareAspects(const Sides<ColumnFact> &columns, const Place &place);
    bool isElsewhere(const TableName &key) const;
    void compareObjects(const Sides<ObjectFacts> &objects, const Place &place);
    void compareObject(Sides<ObjectFact> sides, Place place);
    void compareSchemaObjects();

    template<typename T, typename Same, typename Shown>
    void judge(const Sides<T> &sides, const Place &place, Same same, Shown shown);
    bool isUncertain(const Sides<TableFact> &tables) const;

    const ComparisonInput m_input;
    const ComparisonRules &m_rules;
    std::array<std::optional<SchemaFacts>, sideCount> m_sides{};
    QList<Difference> m_found{};
};

} // namespace tribikos
