#pragma once

#include "core/base/backend.h"
#include "core/dialects/dialect.h"
#include "core/schema/schema.h"

#include <QHash>
#include <functional>
#include <optional>

namespace tribikos {

/// Whether Alembic sees another type in the model than in the database (DefaultImpl.compare_type and its kin).
class TypeComparison
{
public:
    explicit TypeComparison(Backend backend)
        : m_backend(backend)
    {}
    /// \a problem gets a sentence where a type can't be spelled, and nothing is different then.
    bool isOther(const SqlTypePtr &reflected, const SqlTypePtr &modelled, QString *problem);

private:
    const Backend m_backend;
    QHash<std::pair<QString, QString>, bool> m_known{}; // by their texts: there are few
};
/// The class of values of a type, for Alembic's _type_affinity questions.
TypeAffinity affinityFor(const SqlTypePtr &type, Backend backend);

/// A server default as Alembic compares it: the string as it was given, or the expression as the dialect spells it.
std::optional<QString> defaultText(const Column &column, Backend backend);

/// One column on both sides, for the rules that look beyond the default's text.
struct DefaultSides
{
    const Column &reflected;
    const Column &modelled;
    bool isCounter = false; // the model's autoincrement column
};
/// Whether the default is another one (compare_server_default of the database's impl).
bool isOtherDefault(const DefaultSides &sides, Backend backend,
                    const std::function<std::optional<bool>(const QString &)> &ask);

/// An index's element in PostgreSQL, without what the server adds and takes away by itself.
QString cleanIndexText(const QString &text, const QString &table);

} // namespace tribikos
