#include "core/runtime/structurestamp.h"

using namespace Qt::StringLiterals;

namespace tribikos {

Result<QString> structureStamp(Session &session)
{
    if (session.backend() != Backend::Sqlite)
        return QString();
    const auto version = session.query(u"PRAGMA schema_version"_s);
    if (!version)
        return version.error();
    return version->isEmpty() ? QString() : version->first().value(0).toString();
}

} // namespace tribikos
