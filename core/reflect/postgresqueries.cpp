#include "core/reflect/postgresqueries.h"

using namespace Qt::StringLiterals;

namespace tribikos::postgres {

namespace {

/// Schemas of people: not the catalogue's own, nor another session's temporary ones.
QString ofPeople(const QString &column)
{
    return column
           + u" IN (SELECT oid FROM pg_namespace WHERE nspname <> 'information_schema' "
             "AND nspname NOT LIKE 'pg\\_%')"_s;
}

/// Whether CREATE EXTENSION made \a oid, a row of \a catalogue.
QString ofExtension(const QString &catalogue, const QString &oid)
{
    return u"EXISTS (SELECT FROM pg_depend e WHERE e.classid = '%1'::regclass AND e.objid = %2 "
           "AND e.deptype = 'e')"_s.arg(catalogue, oid);
}

QString comment(const QString &oid, const QString &number)
{
    return u" LEFT JOIN pg_description de ON de.objoid = %1 AND de.classoid = 'pg_class'::regclass "
           "AND de.objsubid = %2 "_s.arg(oid, number);
}

} // namespace

QString server()
{
    return u"SELECT current_setting('server_version_num')::int4, n.oid, n.nspname "
           "FROM (SELECT coalesce(current_schema(), 'public') AS usual) AS s "
           "LEFT JOIN pg_namespace n ON n.nspname = s.usual"_s;
}

QString namespaces()
{
    return u"SELECT n.oid, n.nspname, "_s + ofExtension(u"pg_namespace"_s, u"n.oid"_s)
           + u" FROM pg_namespace n WHERE "_s + ofPeople(u"n.oid"_s) + u" ORDER BY n.nspname"_s;
}

QString relations()
{
    return u"SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relpersistence, "
           "c.relispartition, array_to_string(c.reloptions, chr(1)), am.amname, ts.spcname, "
           "de.description, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END, "
           "CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END, "
           "CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END, "
           "c.relhassubclass FROM pg_class c LEFT JOIN pg_am am ON am.oid = c.relam "
           "LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace"_s
           + comment(u"c.oid"_s, u"0"_s) + u"WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND "_s
           + ofPeople(u"c.relnamespace"_s) + u" AND NOT "_s + ofExtension(u"pg_class"_s, u"c.oid"_s)
           + u" ORDER BY c.oid"_s;
}

QString columns()
{
    // What a child of INHERITS has from its parents is not its own; a partition's columns are nobody's question.
    return u"SELECT a.attrelid, a.attnum, a.attname, a.atttypid, "
           "CASE WHEN t.typlen = -1 THEN t.typelem ELSE 0 END, "
           "format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, "
           "CASE WHEN a.attcollation <> t.typcollation THEN co.collname END, a.attcollation, "
           "pg_get_expr(ad.adbin, ad.adrelid), de.description "
           "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
           "AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid "
           "LEFT JOIN pg_attrdef ad ON ad.adrelid = c.oid AND ad.adnum = a.attnum "
           "LEFT JOIN pg_collation co ON co.oid = a.attcollation"_s
           + comment(u"c.oid"_s, u"a.attnum"_s) + u"WHERE c.relkind IN ('r', 'p', 'f') AND "_s
           + ofPeople(u"c.relnamespace"_s)
           + u" AND (a.attislocal OR c.relispartition) ORDER BY a.attrelid, a.attnum"_s;
}

QString constraints(int version)
{
    return u"SELECT k.conrelid, k.conname, k.contype, k.condeferrable, k.condeferred, "
           "k.convalidated, array_to_string(k.conkey, ','), k.confrelid, "
           "array_to_string(k.confkey, ','), k.confupdtype, k.confdeltype, k.confmatchtype, "
           "k.conindid, k.connoinherit, %1, "
           "CASE k.contype WHEN 'c' THEN pg_get_expr(k.conbin, k.conrelid, true) "
           "WHEN 'x' THEN pg_get_constraintdef(k.oid) END FROM pg_constraint k "
           "WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'f', 'c', 'x') "
           "AND k.conparentid = 0 AND k.conislocal AND "_s.arg(
               version >= 150000 ? u"array_to_string(k.confdelsetcols, ',')"_s : u"NULL"_s)
           + ofPeople(u"k.connamespace"_s) + u" ORDER BY k.oid"_s;
}

QString indexes(int version)
{
    return u"SELECT i.indexrelid, i.indrelid, x.relname, am.amname, i.indisunique, %1, "
           "i.indkey::text, i.indnkeyatts, i.indoption::text, i.indclass::text, "
           "i.indcollation::text, CASE WHEN i.indexprs IS NOT NULL THEN array_to_string(ARRAY("
           "SELECT pg_get_indexdef(i.indexrelid, k, true) "
           "FROM generate_series(1, i.indnkeyatts::int4) k ORDER BY k), chr(1)) END, "
           "pg_get_expr(i.indpred, i.indrelid), array_to_string(x.reloptions, chr(1)), ts.spcname "
           "FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am am ON am.oid = "
           "x.relam "
           "LEFT JOIN pg_tablespace ts ON ts.oid = x.reltablespace WHERE NOT x.relispartition AND "_s
               .arg(version >= 150000 ? u"i.indnullsnotdistinct"_s : u"false"_s)
           + ofPeople(u"x.relnamespace"_s) + u" ORDER BY i.indrelid, x.relname"_s;
}

QString types()
{
    // Without the types that each table brings along, and without arrays, which are asked of their elements.
    return u"SELECT t.oid, t.typnamespace, t.typname, t.typtype, "
           "CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, "
           "t.typnotnull, t.typdefault, "_s
           + ofExtension(u"pg_type"_s, u"t.oid"_s)
           + u" FROM pg_type t LEFT JOIN pg_class r ON r.oid = t.typrelid "
             "WHERE (t.typrelid = 0 OR r.relkind = 'c') "
             "AND NOT (t.typlen = -1 AND t.typelem <> 0) AND "_s
           + ofPeople(u"t.typnamespace"_s) + u" ORDER BY t.oid"_s;
}

QString enumLabels()
{
    return u"SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder"_s;
}

QString domainChecks()
{
    return u"SELECT contypid, pg_get_constraintdef(oid) FROM pg_constraint "
           "WHERE contypid <> 0 AND contype = 'c' ORDER BY contypid, conname"_s;
}

QString sequences()
{
    return u"SELECT s.seqrelid, c.relnamespace, c.relname, format_type(s.seqtypid, NULL), "
           "s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, d.refobjid, "
           "d.refobjsubid, d.deptype FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid "
           "LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid "
           "AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 "
           "AND d.deptype IN ('a', 'i') WHERE "_s
           + ofPeople(u"c.relnamespace"_s) + u" AND NOT "_s + ofExtension(u"pg_class"_s, u"c.oid"_s)
           + u" ORDER BY c.oid"_s;
}

QString inheritance()
{
    return u"SELECT inhrelid, inhparent FROM pg_inherits ORDER BY inhrelid, inhseqno"_s;
}

QString operatorClasses()
{
    return u"SELECT oid, opcname FROM pg_opclass WHERE NOT opcdefault"_s;
}

QString functions()
{
    return u"SELECT p.pronamespace, p.proname, pg_get_functiondef(p.oid) FROM pg_proc p "
           "WHERE p.prokind IN ('f', 'p', 'w') AND "_s
           + ofPeople(u"p.pronamespace"_s) + u" AND NOT "_s + ofExtension(u"pg_proc"_s, u"p.oid"_s)
           + u" ORDER BY p.oid"_s;
}

QString triggers(int version)
{
    return u"SELECT t.tgrelid, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t "
           "JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND "_s
           + (version >= 130000 ? u"t.tgparentid = 0 AND "_s : QString())
           + ofPeople(u"c.relnamespace"_s) + u" ORDER BY t.oid"_s;
}

QString extensions()
{
    return u"SELECT extname, extnamespace FROM pg_extension WHERE extname <> 'plpgsql' "
           "ORDER BY extname"_s;
}

} // namespace tribikos::postgres
