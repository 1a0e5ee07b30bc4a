#include "core/ops/sqlfunctions.h"

using namespace Qt::StringLiterals;

namespace tribikos {

const QSet<QString> &scalarFunctions()
{
    static const QSet<QString> names{u"abs"_s,
                                     u"btrim"_s,
                                     u"ceil"_s,
                                     u"char_length"_s,
                                     u"coalesce"_s,
                                     u"concat"_s,
                                     u"concat_ws"_s,
                                     u"date"_s,
                                     u"date_format"_s,
                                     u"date_trunc"_s,
                                     u"datetime"_s,
                                     u"extract"_s,
                                     u"floor"_s,
                                     u"greatest"_s,
                                     u"hex"_s,
                                     u"if"_s,
                                     u"ifnull"_s,
                                     u"json_extract"_s,
                                     u"least"_s,
                                     u"length"_s,
                                     u"lower"_s,
                                     u"lpad"_s,
                                     u"ltrim"_s,
                                     u"md5"_s,
                                     u"now"_s,
                                     u"nullif"_s,
                                     u"replace"_s,
                                     u"round"_s,
                                     u"rpad"_s,
                                     u"rtrim"_s,
                                     u"strftime"_s,
                                     u"substr"_s,
                                     u"substring"_s,
                                     u"to_char"_s,
                                     u"trim"_s,
                                     u"upper"_s,
                                     u"gen_random_uuid"_s,
                                     u"uuid_generate_v4"_s,
                                     u"uuid"_s,
                                     u"random"_s,
                                     u"rand"_s,
                                     u"regexp_replace"_s,
                                     u"split_part"_s,
                                     u"left"_s,
                                     u"right"_s,
                                     u"unhex"_s,
                                     u"randomblob"_s,
                                     u"jsonb_build_object"_s,
                                     u"json_object"_s,
                                     u"json_build_object"_s,
                                     u"to_jsonb"_s,
                                     u"to_timestamp"_s,
                                     u"convert"_s,
                                     u"printf"_s,
                                     u"instr"_s,
                                     u"position"_s,
                                     u"strpos"_s,
                                     u"mod"_s,
                                     u"cast"_s};
    return names;
}

const QSet<QString> &aggregateFunctions()
{
    static const QSet<QString> names{
        u"count"_s,      u"max"_s,     u"min"_s,          u"sum"_s,        u"avg"_s,
        u"bool_and"_s,   u"bool_or"_s, u"string_agg"_s,   u"array_agg"_s,  u"json_agg"_s,
        u"jsonb_agg"_s,  u"total"_s,   u"group_concat"_s, u"row_number"_s, u"rank"_s,
        u"dense_rank"_s, u"every"_s,   u"lag"_s,          u"lead"_s,       u"first_value"_s};
    return names;
}

} // namespace tribikos
