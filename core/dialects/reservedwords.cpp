#include "core/dialects/reservedwords.h"

namespace tribikos {

namespace {

constexpr char16_t sqliteWords[] =
    u"add after all alter analyze and as asc attach autoincrement before begin between by "
    u"cascade case cast check collate column commit conflict constraint create cross "
    u"current_date current_time current_timestamp database default deferrable deferred "
    u"delete desc detach distinct drop each else end escape except exclusive exists explain "
    u"fail false for foreign from full glob group having if ignore immediate in index "
    u"indexed initially inner insert instead intersect into is isnull join key left like "
    u"limit match natural not notnull null of offset on or order outer plan pragma primary "
    u"query raise references reindex rename replace restrict right rollback row select set "
    u"table temp temporary then to transaction trigger true union unique update using vacuum "
    u"values view virtual when where ";

constexpr char16_t postgresqlWords[] =
    u"all analyse analyze and any array as asc asymmetric authorization between binary both "
    u"case cast check collate column constraint create cross current_catalog current_date "
    u"current_role current_schema current_time current_timestamp current_user default "
    u"deferrable desc distinct do else end except false fetch for foreign freeze from full "
    u"grant group having ilike in initially inner intersect into is isnull join leading left "
    u"like limit localtime localtimestamp natural new not notnull null of off offset old on "
    u"only or order outer over overlaps placing primary references returning right select "
    u"session_user similar some symmetric table then to trailing true union unique user "
    u"using variadic verbose when where window with ";

constexpr char16_t mysqlFamilyWords[] =
    u"accessible add all alter analyze and as asc asensitive before between bigint binary "
    u"blob both by call cascade case change char character check collate column condition "
    u"constraint continue convert create cross current_date current_time current_timestamp "
    u"current_user cursor database databases day_hour day_microsecond day_minute day_second "
    u"dec decimal declare default delayed delete desc describe deterministic distinct "
    u"distinctrow div double drop dual each else elseif enclosed escaped except exists exit "
    u"explain false fetch float float4 float8 for force foreign from fulltext general grant "
    u"group having high_priority hour_microsecond hour_minute hour_second if ignore "
    u"ignore_server_ids in index infile inner inout insensitive insert int int1 int2 int3 "
    u"int4 int8 integer intersect interval into is iterate join key keys kill leading leave "
    u"left like limit linear lines load localtime localtimestamp lock long longblob longtext "
    u"loop low_priority master_heartbeat_period master_ssl_verify_server_cert match maxvalue "
    u"mediumblob mediumint mediumtext middleint minute_microsecond minute_second mod "
    u"modifies natural no_write_to_binlog not null numeric on optimize option optionally or "
    u"order out outer outfile over partition precision primary procedure purge range read "
    u"read_write reads real recursive references regexp release rename repeat replace "
    u"require resignal restrict return revoke right rlike row_number rows schema schemas "
    u"second_microsecond select sensitive separator set show signal slow smallint spatial "
    u"specific sql sql_big_result sql_calc_found_rows sql_small_result sqlexception sqlstate "
    u"sqlwarning ssl starting straight_join system table terminated then tinyblob tinyint "
    u"tinytext to trailing trigger true undo union unique unlock unsigned update usage use "
    u"using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying "
    u"when where while window with write xor year_month zerofill ";

constexpr char16_t mysqlOnlyWords[] =
    u"admin array cube cume_dist dense_rank empty first_value function generated get "
    u"get_master_public_key grouping groups io_after_gtids io_before_gtids json_table lag "
    u"last_value lateral lead master_bind member nth_value ntile of optimizer_costs parallel "
    u"parse_gcol_expr percent_rank persist persist_only qualify rank role row "
    u"sql_after_gtids sql_before_gtids stored virtual ";

constexpr char16_t mariadbOnlyWords[] =
    u"body current_role do_domain_ids elsif goto history ignore_domain_ids offset others "
    u"package page_checksum parse_vcol_expr period position raise ref_system_id returning "
    u"rowtype stats_auto_recalc stats_persistent stats_sample_pages system_time versioning "
    u"without ";

QSet<QString> words(const char16_t *list)
{
    const QStringList all = QString::fromUtf16(list).split(u' ', Qt::SkipEmptyParts);
    return QSet<QString>(all.cbegin(), all.cend());
}

} // namespace

const QSet<QString> &sqliteReservedWords()
{
    static const QSet<QString> set = words(sqliteWords);
    return set;
}

const QSet<QString> &postgresqlReservedWords()
{
    static const QSet<QString> set = words(postgresqlWords);
    return set;
}

const QSet<QString> &mysqlReservedWords()
{
    static const QSet<QString> set = words(mysqlFamilyWords) | words(mysqlOnlyWords);
    return set;
}

const QSet<QString> &mariadbReservedWords()
{
    static const QSet<QString> set = words(mysqlFamilyWords) | words(mariadbOnlyWords);
    return set;
}

} // namespace tribikos
