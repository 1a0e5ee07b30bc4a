#include "core/pyread/packages.h"

#include "core/pyread/packagetexts.h"
#include "core/pyread/source.h"

#include <algorithm>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// By the package, or the module where the package's others aren't known.
const QHash<QString, const char *> &texts()
{
    static const QHash<QString, const char *> all{
        {u"alembic_postgresql_enum"_s, postgresqlEnumText},
        {u"alembic_utils"_s, alembicUtilsText},
        {u"oslo_config.cfg"_s, osloConfigText},
        {u"oslo_db.sqlalchemy.utils"_s, osloDbText},
        {u"oslo_db.sqlalchemy.enginefacade"_s, osloDbText},
        {u"oslo_cache.core"_s, osloCacheText},
        {u"oslo_utils.timeutils"_s, osloTimeText},
        {u"oslo_utils.uuidutils"_s, osloUuidText},
        {u"octavia_lib.common.constants"_s, octaviaLibText},
        {u"urllib.parse"_s, urllibText},
        {u"calendar"_s, calendarText},
        {u"fractions"_s, fractionsText},
        {u"csv"_s, csvText},
        {u"rich.progress"_s, richProgressText},
        {u"tqdm"_s, tqdmText},
    };
    return all;
}

/// Parsed once for the process.
std::shared_ptr<const Source> parsed(const QString &package)
{
    static const QHash<QString, std::shared_ptr<const Source>> sources = [] {
        QHash<QString, std::shared_ptr<const Source>> made;
        for (auto text = texts().cbegin(); text != texts().cend(); ++text) {
            const auto source = parse(*text, u'<' + text.key() + u'>');
            Q_ASSERT(source);
            if (source)
                made.insert(text.key(), *source);
        }
        return made;
    }();
    return sources.value(package);
}

/// Whether \a name holds a module that is known.
bool isAbove(const QString &name)
{
    return std::ranges::any_of(
        texts().keys(), [&](const QString &module) { return module.startsWith(name + u'.'); });
}

} // namespace

ModuleFinder withKnownPackages(ModuleFinder finder)
{
    return [finder = std::move(finder)](const QString &name) -> std::optional<ModuleSource> {
        if (auto found = finder(name))
            return found;
        if (auto source = parsed(name))
            return ModuleSource{.source = std::move(source), .isPackage = !name.contains(u'.')};
        // alembic_utils.pg_function and its like: every module has all names.
        if (auto source = parsed(name.section(u'.', 0, 0)))
            return ModuleSource{.source = std::move(source), .isPackage = false};
        if (isAbove(name))
            return ModuleSource{.isPackage = true};
        return std::nullopt;
    };
}

QString packageOfOperation(const QString &name)
{
    static const QHash<QString, QString> packages{
        {u"sync_enum_values"_s, u"alembic_postgresql_enum"_s},
        {u"create_entity"_s, u"alembic_utils"_s},
        {u"drop_entity"_s, u"alembic_utils"_s},
        {u"replace_entity"_s, u"alembic_utils"_s},
    };
    return packages.value(name);
}

} // namespace tribikos::py
