#include "core/autogenerate/typecomparison.h"

#include <QList>
#include <QRegularExpression>
#include <QSet>
#include <QStringList>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// A type's text, taken apart as Alembic does.
struct TypeParams
{
    QString first{};
    QStringList words{};
    QStringList arguments{};
};

TypeParams paramsOf(const QString &text)
{
    static const QRegularExpression token(u"[\\w\\-_]+|\\(.+?\\)"_s,
                                          QRegularExpression::UseUnicodePropertiesOption);
    static const QRegularExpression separator(u"[(),]+"_s);
    TypeParams params;
    QString group;
    QStringList words;
    for (auto found = token.globalMatch(text.toLower()); found.hasNext();) {
        const QString each = found.next().captured();
        if (each.startsWith(u'(') && each.endsWith(u')'))
            group = each;
        else
            words.append(each);
    }
    params.first = words.value(0);
    params.words = words.mid(1);
    for (const QString &argument : group.split(separator, Qt::SkipEmptyParts))
        if (!argument.contains(u'='))
            params.arguments.append(argument.trimmed());
    return params;
}

QList<QSet<QString>> synonyms(Backend backend)
{
    const QSet<QString> numbers{u"numeric"_s, u"decimal"_s};
    switch (backend) {
    case Backend::PostgreSql: return {numbers, {u"float"_s, u"double precision"_s}};
    case Backend::MySql:
    case Backend::MariaDb: return {numbers, {u"bool"_s, u"tinyint"_s}, {u"json"_s, u"longtext"_s}};
    case Backend::Sqlite: break;
    }
    return {numbers};
}

bool isSameWord(const TypeParams &a, const TypeParams &b, Backend backend)
{
    if (a.first == b.first)
        return true;
    const QString wholeA = (QStringList(a.first) + a.words).join(u' ');
    const QString wholeB = (QStringList(b.first) + b.words).join(u' ');
    return std::ranges::any_of(synonyms(backend), [&](const QSet<QString> &batch) {
        return (batch.contains(wholeA) && batch.contains(wholeB))
               || (batch.contains(a.first) && batch.contains(b.first));
    });
}

/// What only one side says is no difference.
bool hasSameArguments(const TypeParams &a, const TypeParams &b, Backend backend)
{
    if (a.words.size() == b.words.size() && a.words != b.words)
        return false;
    if (a.arguments.size() == b.arguments.size() && a.arguments != b.arguments)
        return false;
    if (backend != Backend::MySql && backend != Backend::MariaDb)
        return true;
    static const QRegularExpression kept[] = {QRegularExpression(u"character set ([\\w\\-_]+)"_s),
                                              QRegularExpression(u"collate ([\\w\\-_]+)"_s)};
    return std::ranges::all_of(kept, [&](const QRegularExpression &pattern) {
        const auto first = pattern.match(a.words.join(u' '));
        const auto second = pattern.match(b.words.join(u' '));
        return !first.hasMatch() || !second.hasMatch() || first.captured(1) == second.captured(1);
    });
}

/// The variant of \a type for \a backend.
SqlTypePtr variantFor(const SqlTypePtr &type, Backend backend)
{
    if (type)
        for (const auto &[dialect, variant] : type->variants)
            if (dialect == backendName(backend) && variant)
                return variant;
    return type;
}

bool isEnum(const SqlTypePtr &type)
{
    return type->name == u"Enum" || type->name == u"ENUM";
}

bool isNull(const SqlTypePtr &type)
{
    return !type || type->name == u"NullType";
}

QString stripped(const QString &text, const QString &pattern)
{
    return QString(text).replace(QRegularExpression(pattern), u"\\1"_s);
}

/// SQLite: outer parentheses and quotes don't count.
std::optional<QString> plainSqlite(const std::optional<QString> &text)
{
    if (!text)
        return text;
    return stripped(stripped(*text, u"^\\((.+)\\)$"_s), u"^\"?'(.+)'\"?$"_s);
}

QString withoutQuotes(const QString &text)
{
    return QString(text).remove(QRegularExpression(u"^'|'$"_s));
}

bool isOtherMySqlDefault(const DefaultSides &sides, const std::optional<QString> &reflected,
                         const std::optional<QString> &modelled)
{
    const TypeAffinity ours = affinityFor(sides.reflected.type, Backend::MySql);
    const TypeAffinity theirs = affinityFor(sides.modelled.type, Backend::MySql);
    const bool hasReflected = reflected && !reflected->isEmpty();
    const bool hasModelled = modelled && !modelled->isEmpty();
    if (theirs == TypeAffinity::Integer && sides.reflected.primaryKey
        && sides.reflected.autoincrement == AutoIncrement::No && !hasModelled
        && reflected == u"'0'"_s)
        return false;
    if (hasReflected && ours == TypeAffinity::Integer)
        return std::optional(withoutQuotes(*reflected)) != modelled;
    if (hasModelled && theirs == TypeAffinity::String)
        return reflected != u"'%1'"_s.arg(withoutQuotes(*modelled));
    if (!hasReflected || !hasModelled)
        return reflected != modelled;
    static const QRegularExpression onUpdate(u"^(.*) (on update.*?)(?:\\(\\))?$"_s);
    QString have = reflected->toLower();
    QString want = modelled->toLower();
    const auto haveUpdate = onUpdate.match(have);
    const auto wantUpdate = onUpdate.match(want);
    if (haveUpdate.hasMatch()) {
        if (!wantUpdate.hasMatch() || haveUpdate.captured(2) != wantUpdate.captured(2))
            return true;
        have = haveUpdate.captured(1);
        want = wantUpdate.captured(1);
    }
    return stripped(have, u"^(.*?)(?:\\(\\))?$"_s) != stripped(want, u"^(.*?)(?:\\(\\))?$"_s);
}

bool isOtherPostgresDefault(const DefaultSides &sides, std::optional<QString> reflected,
                            const std::optional<QString> &modelled,
                            const std::function<std::optional<bool>(const QString &)> &ask)
{
    static const QRegularExpression counter(u"^nextval\\('(.+?)'::regclass\\)"_s);
    if (sides.isCounter)
        return false;
    if (reflected && counter.match(*reflected).hasMatch())
        reflected->replace(u"::regclass"_s, QString());
    if (reflected == modelled)
        return false;
    if (!reflected || !modelled)
        return true;
    const TypeAffinity affinity = affinityFor(sides.reflected.type, Backend::PostgreSql);
    const bool isText = sides.modelled.serverDefault->kind == Expr::Kind::Value;
    const QString wanted = isText && affinity != TypeAffinity::Numeric
                               ? u"'%1'"_s.arg(withoutQuotes(*modelled).replace(u'\'', u"''"_s))
                               : *modelled;
    // A server that can't say is Alembic's "different".
    return !ask || !ask(u"%1 = %2"_s.arg(*reflected, wanted)).value_or(false);
}

} // namespace

TypeAffinity affinityFor(const SqlTypePtr &type, Backend backend)
{
    return dialectFor(backend).affinity(type);
}

bool TypeComparison::isOther(const SqlTypePtr &reflected, const SqlTypePtr &modelled,
                             QString *problem)
{
    const Backend backend = m_backend;
    const SqlTypePtr wanted = variantFor(modelled, backend);
    if (isNull(reflected) || isNull(wanted))
        return false;
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    if (isMySql && isEnum(wanted) && isEnum(reflected))
        return QSet<QString>(wanted->labels.cbegin(), wanted->labels.cend())
               != QSet<QString>(reflected->labels.cbegin(), reflected->labels.cend());
    const Dialect &dialect = dialectFor(backend);
    const Result<QString> have = dialect.typeText(reflected);
    const Result<QString> want = dialect.typeText(wanted);
    if (!have || !want) {
        *problem = want ? have.error().message : want.error().message;
        return false;
    }
    if (*have == *want)
        return false;
    const auto known = m_known.constFind({*have, *want});
    if (known != m_known.cend())
        return *known;
    const TypeParams haveParams = paramsOf(*have);
    const TypeParams wantParams = paramsOf(*want);
    const bool isOther = !isSameWord(haveParams, wantParams, backend)
                         || !hasSameArguments(haveParams, wantParams, backend);
    m_known.insert({*have, *want}, isOther);
    return isOther;
}

std::optional<QString> defaultText(const Column &column, Backend backend)
{
    const ExprPtr &given = column.serverDefault;
    if (!given)
        return std::nullopt;
    if (given->kind == Expr::Kind::Value && given->value.kind == Literal::Kind::String
        && !given->type)
        return given->value.text;
    const RenderContext context{.offline = false};
    const Result<QString> text = dialectFor(backend).expression(given, context);
    return text ? *text : given->text;
}

bool isOtherDefault(const DefaultSides &sides, Backend backend,
                    const std::function<std::optional<bool>(const QString &)> &ask)
{
    const std::optional<QString> reflected = defaultText(sides.reflected, backend);
    const std::optional<QString> modelled = defaultText(sides.modelled, backend);
    switch (backend) {
    case Backend::Sqlite: return plainSqlite(reflected) != plainSqlite(modelled);
    case Backend::PostgreSql: return isOtherPostgresDefault(sides, reflected, modelled, ask);
    case Backend::MySql:
    case Backend::MariaDb: break;
    }
    return isOtherMySqlDefault(sides, reflected, modelled);
}

QString cleanIndexText(const QString &text, const QString &table)
{
    static const QRegularExpression cast(u"(::[\\w ]+\\w)"_s);
    static const QRegularExpression usual[] = {QRegularExpression(u"( asc nulls last)$"_s),
                                               QRegularExpression(u"(?<! desc)( nulls last)$"_s),
                                               QRegularExpression(u"( asc)$"_s),
                                               QRegularExpression(u"( asc) nulls first$"_s),
                                               QRegularExpression(u" desc( nulls first)$"_s)};
    static const QRegularExpression castCall(u"^cast\\s*\\("_s);
    static const QRegularExpression anyCast(u"cast\\s*\\("_s);
    static const QRegularExpression castType(u"as\\s+[^)]+\\)"_s);
    QString clean = text.toLower().remove(u'"').remove(u'\'');
    clean.remove(table.toLower() + u'.');
    clean.remove(cast);
    const auto open = [&clean] {
        while (clean.startsWith(u'(') && clean.endsWith(u')'))
            clean = clean.mid(1, clean.size() - 2);
    };
    open();
    for (const QRegularExpression &pattern : usual) {
        const auto match = pattern.match(clean);
        if (!match.hasMatch())
            continue;
        clean.remove(match.capturedStart(1), match.capturedLength(1));
        break;
    }
    open();
    if (castCall.match(clean).hasMatch())
        clean = clean.remove(anyCast).remove(castType);
    return clean.remove(u' ');
}

} // namespace tribikos
