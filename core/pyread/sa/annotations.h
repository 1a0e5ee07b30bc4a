#pragma once

#include "core/pyread/sa/tables.h"

namespace tribikos::py::sa {

/// What an annotation such as `Mapped[Optional[str50]]` says about a column.
struct TypeHint
{
    bool isMapped = false; // stood in Mapped[…]
    bool isOptional = false;
    bool isCollection = false;    // list["Item"]: a relationship unless a type is given
    Value base{};                 // the class inside; None when it can't be known
    std::vector<Value> aliases{}; // Annotated aliases and NewTypes passed through, outermost first
    ColumnObject *column = nullptr; // mapped_column() inside Annotated[…]
    QStringList literals{};         // Literal["a", "b"]
    QString text{};                 // last identifier, for messages and for what has no class
};

/// Reads \a annotation of \a cls without calling anything.
TypeHint readHint(Interpreter &interpreter, const Class &cls, const Class::Annotation &annotation);

/// The column type that SQLAlchemy gives to \a hint: from type_annotation_map (\a typeMap, may be
/// null), else its defaults; nullopt: none.
std::optional<SqlTypePtr> typeOfHint(Interpreter &interpreter, const TypeHint &hint,
                                     const Dict *typeMap);

} // namespace tribikos::py::sa
