#include "core/diff/rules.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using ObjectKind = NamedObject::Kind;

ComparisonRules sqliteRules()
{
    return {.foldsCase = true,
            .usualSchema = u"main"_s,
            .keepsText = true,
            .hasComments = false,
            .keyIsNotNull = false,
            .namesConstraints = false,
            .typeAliases = {{u"int"_s, u"integer"_s},
                            {u"bool"_s, u"boolean"_s},
                            {u"double_precision"_s, u"double"_s},
                            {u"date_char"_s, u"date"_s},
                            {u"datetime_char"_s, u"datetime"_s},
                            {u"time_char"_s, u"time"_s}},
            .typeSynonyms = {{u"numeric"_s, u"decimal"_s}},
            .defaultAliases = {{u"true"_s, u"1"_s}, {u"false"_s, u"0"_s}},
            .objects = {ObjectKind::View, ObjectKind::Trigger},
            .hasOneSchema = true};
}

ComparisonRules postgreSqlRules()
{
    return {.usualSchema = u"public"_s,
            .typeAliases = {{u"int"_s, u"integer"_s},
                            {u"int4"_s, u"integer"_s},
                            {u"int8"_s, u"bigint"_s},
                            {u"int2"_s, u"smallint"_s},
                            {u"serial"_s, u"integer"_s},
                            {u"serial4"_s, u"integer"_s},
                            {u"bigserial"_s, u"bigint"_s},
                            {u"serial8"_s, u"bigint"_s},
                            {u"smallserial"_s, u"smallint"_s},
                            {u"serial2"_s, u"smallint"_s},
                            {u"bool"_s, u"boolean"_s},
                            {u"float8"_s, u"double"_s},
                            {u"float4"_s, u"real"_s},
                            {u"dec"_s, u"numeric"_s},
                            {u"bpchar"_s, u"char"_s},
                            {u"character"_s, u"char"_s}},
            .typeSynonyms = {{u"numeric"_s, u"decimal"_s}},
            .objects = {ObjectKind::View, ObjectKind::MaterializedView, ObjectKind::Trigger,
                        ObjectKind::Function, ObjectKind::Sequence, ObjectKind::Enum,
                        ObjectKind::Domain, ObjectKind::Extension, ObjectKind::Schema},
            .typesAreObjects = true};
}

ComparisonRules mySqlRules()
{
    return {.foldsCase = true,
            .uniqueIndexIsKey = true,
            .indexesForeignKeys = true,
            .defaultAction = u"RESTRICT"_s,
            .typeAliases = {{u"int"_s, u"integer"_s},
                            {u"dec"_s, u"decimal"_s},
                            {u"bool"_s, u"tinyint"_s},
                            {u"boolean"_s, u"tinyint"_s}},
            .typeSynonyms = {{u"json"_s, u"longtext"_s}},
            .objects = {ObjectKind::View, ObjectKind::Trigger, ObjectKind::Function,
                        ObjectKind::Sequence},
            .hasOneSchema = true};
}

} // namespace

const ComparisonRules &rulesFor(Backend backend)
{
    static const ComparisonRules sqlite = sqliteRules();
    static const ComparisonRules postgreSql = postgreSqlRules();
    static const ComparisonRules mySql = mySqlRules();
    switch (backend) {
    case Backend::Sqlite: return sqlite;
    case Backend::PostgreSql: return postgreSql;
    case Backend::MySql:
    case Backend::MariaDb: return mySql;
    }
    return sqlite;
}

} // namespace tribikos
