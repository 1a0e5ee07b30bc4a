#include "core/autogenerate/modelcomparison.h"
#include "core/autogenerate/pythontext.h"
#include "core/autogenerate/typecomparison.h"

#include <algorithm>

/// _compare_indexes_and_uniques() of alembic/autogenerate/compare/constraints.py, with what each database's impl does
/// about it.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// The column that an element is or orders; "" for an expression.
QString columnOf(const ExprPtr &element)
{
    if (element->kind == Expr::Kind::Column)
        return element->text;
    return element->kind == Expr::Kind::Unary && !element->args.isEmpty() && element->flag
               ? columnOf(element->args.first())
               : QString();
}

bool isOnExpression(const Index &index)
{
    return std::ranges::any_of(index.elements,
                               [](const ExprPtr &element) { return columnOf(element).isEmpty(); });
}

/// Every column inside of an expression, in order.
void collectColumns(const ExprPtr &element, QStringList *columns)
{
    if (!element)
        return;
    if (element->kind == Expr::Kind::Column && !columns->contains(element->text))
        columns->append(element->text);
    for (const ExprPtr &part : element->args)
        collectColumns(part, columns);
}

/// ('a', 'b')
QString tupleText(const QStringList &names)
{
    QStringList shown;
    for (const QString &name : names)
        shown.append(pythonText(name));
    return u'(' + shown.join(u", "_s) + (shown.size() == 1 ? u",)"_s : u")"_s);
}

bool hasNullsNotDistinct(const DialectOptions &options)
{
    const auto found = options.constFind(u"postgresql_nulls_not_distinct"_s);
    const auto *flag = found == options.cend() ? nullptr : std::get_if<bool>(&*found);
    return flag && *flag;
}

template<typename List>
auto *named(List &signatures, const QString &name)
{
    const auto found =
        std::ranges::find_if(signatures, [&](const auto &each) { return each.name == name; });
    return found == signatures.end() ? nullptr : &*found;
}

/// An include of nothing isn't said.
DialectOptions saidOptions(DialectOptions options)
{
    const auto include = options.constFind(u"postgresql_include"_s);
    if (include != options.cend()) {
        const auto *list = std::get_if<QStringList>(&*include);
        if (list && list->isEmpty())
            options.erase(include);
    }
    return options;
}

} // namespace

QStringList ModelComparison::Signature::columns() const
{
    if (unique)
        return unique->columns;
    QStringList all;
    for (const ExprPtr &element : index->elements)
        collectColumns(element, &all);
    return all;
}

/// What it is beside its name.
QStringList ModelComparison::Signature::unnamed() const
{
    if (unique) {
        QStringList sorted = unique->columns;
        sorted.sort();
        return QStringList(u"unique"_s) + sorted;
    }
    QStringList all{index->unique ? u"unique index"_s : u"index"_s};
    for (const ExprPtr &element : index->elements)
        all.append(element->kind == Expr::Kind::Column ? element->text : QString());
    return all;
}

QList<ModelComparison::Signature> ModelComparison::modelSignatures(const Table &table) const
{
    QList<Signature> all;
    for (const Constraint &constraint : table.constraints)
        if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
            all.append({.name = final(unique->name), .unique = *unique});
    for (const Index &index : table.indexes)
        all.append({.name = final(index.name), .index = index});
    return all;
}

QList<ModelComparison::Signature> ModelComparison::reflectedSignatures(const Table &table,
                                                                       bool isDropped) const
{
    QList<Signature> all;
    for (const Constraint &constraint : table.constraints)
        if (const auto *unique = std::get_if<UniqueConstraint>(&constraint); unique && !isDropped) {
            Signature signature{.name = unique->name.text, .unique = *unique};
            signature.unique->options = saidOptions(unique->options);
            all.append(signature);
        }
    for (const Index &index : table.indexes)
        all.append({.name = index.name.text, .index = index});
    return all;
}

/// MySQL: a unique key is an index and a constraint; it stays what the model calls it.
void ModelComparison::foldDuplicates(QList<Signature> &reflected,
                                     const QList<Signature> &modelled) const
{
    const auto hasModel = [&](const auto &isIt) { return std::ranges::any_of(modelled, isIt); };
    for (const Signature &unique : QList<Signature>(reflected)) {
        if (!unique.unique)
            continue;
        const bool isNamed =
            hasModel([&](const Signature &m) { return m.unique && m.name == unique.name; });
        const bool isUnnamed = hasModel([&](const Signature &m) {
            return m.unique && m.name.isEmpty() && m.unnamed() == unique.unnamed();
        });
        const bool isIndex = hasModel([&](const Signature &m) {
            return m.index && m.index->unique && m.name == unique.name;
        });
        if (!isNamed && !isUnnamed)
            reflected.removeIf(
                [&](const Signature &r) { return r.unique && r.name == unique.name; });
        else if (isNamed && !isIndex)
            reflected.removeIf([&](const Signature &r) {
                return r.index && r.index->unique && r.name == unique.name;
            });
    }
}

/// SQLite: SQLAlchemy can't reflect indexes on expressions.
void ModelComparison::leaveOutExpressions(QList<Signature> &modelled,
                                          const QList<Signature> &reflected)
{
    std::ranges::stable_sort(modelled, {}, &Signature::name);
    modelled.removeIf([&](const Signature &model) {
        const bool isSkipped =
            model.index && isOnExpression(*model.index) && !named(reflected, model.name);
        if (isSkipped)
            m_found.warnings.append(
                u"autogenerate skipping metadata-specified expression-based index '%1'; dialect "
                "'sqlite' under SQLAlchemy 2.0.52 can't reflect these indexes so they can't be "
                "compared"_s.arg(model.name));
        return isSkipped;
    });
}

/// MySQL makes an index for each foreign key, called like its column or the key.
void ModelComparison::leaveOutKeyIndexes(QList<Signature> &modelled, QList<Signature> &reflected,
                                         const Table *table) const
{
    QStringList removed;
    const auto isOfKey = [&](const Signature &signature) {
        if (!signature.index || signature.index->unique)
            return false;
        for (const QString &column : signature.columns()) {
            if (column == signature.name)
                return true;
            for (const Constraint &constraint : table->constraints) {
                const auto *key = std::get_if<ForeignKey>(&constraint);
                if (key && key->columns.contains(column) && key->name.text == signature.name)
                    return true;
            }
        }
        return false;
    };
    for (const Signature &signature : std::as_const(reflected))
        if (table && isOfKey(signature))
            removed.append(signature.name);
    const auto isRemoved = [&](const Signature &each) {
        return each.index && removed.contains(each.name);
    };
    reflected.removeIf(isRemoved);
    modelled.removeIf(isRemoved);
}

void ModelComparison::compareIndexes(const Table *reflectedTable, const Table *modelledTable)
{
    QList<Signature> modelled =
        modelledTable ? modelSignatures(*modelledTable) : QList<Signature>();
    QList<Signature> reflected =
        reflectedTable ? reflectedSignatures(*reflectedTable, m_isDropped) : QList<Signature>();
    if (isMySql()) {
        foldDuplicates(reflected, modelled);
        leaveOutKeyIndexes(modelled, reflected, reflectedTable);
    } else if (m_input.backend == Backend::Sqlite) {
        leaveOutExpressions(modelled, reflected);
    }
    std::ranges::stable_sort(modelled, {}, &Signature::name);
    std::ranges::stable_sort(reflected, {}, &Signature::name);
    removeSignatures(modelled, reflected);
    matchSignatures(modelled, reflected);
    addSignatures(modelled, reflected);
}

void ModelComparison::removeSignatures(const QList<Signature> &modelled,
                                       const QList<Signature> &reflected)
{
    QSet<QString> done;
    for (const Signature &have : reflected) {
        if (have.name.isEmpty() || named(modelled, have.name) || done.contains(have.name))
            continue;
        done.insert(have.name);
        const auto doubled = [&](bool isUnique) {
            return std::ranges::find_if(reflected, [&](const Signature &other) {
                return other.name == have.name && other.unique.has_value() == isUnique;
            });
        };
        const auto unique = doubled(true);
        const auto index = doubled(false);
        const auto isModelled = [&](const QStringList &unnamed, bool onlyUnnamed) {
            return std::ranges::any_of(modelled, [&](const Signature &m) {
                return m.unnamed() == unnamed && (!onlyUnnamed || m.name.isEmpty());
            });
        };
        if (have.unique && isModelled(have.unnamed(), true))
            continue;
        if (unique != reflected.cend() && index != reflected.cend()) {
            if (!isModelled(index->unnamed(), false) && !isModelled(unique->unnamed(), false)) {
                remove(*unique);
                remove(*index);
            }
            continue;
        }
        remove(have);
    }
}

void ModelComparison::matchSignatures(const QList<Signature> &modelled,
                                      const QList<Signature> &reflected)
{
    for (const Signature &wanted : modelled) {
        if (wanted.name.isEmpty())
            continue;
        const Signature *have = nullptr;
        for (const Signature &other : reflected)
            if (other.name == wanted.name
                && (!have || other.unique.has_value() == wanted.unique.has_value()))
                have = &other;
        if (!have)
            continue;
        if (have->unique.has_value() != wanted.unique.has_value()) {
            remove(*have);
            add(wanted);
            continue;
        }
        const QString change = changeOf(wanted, *have);
        if (change.isEmpty())
            continue;
        remove(*have);
        m_block.changes.last().detected = {
            u"constraints: Detected changed %1 '%2' on '%3': %4"_s.arg(
                have->unique ? u"unique constraint"_s : u"index"_s, have->name, m_block.table.name,
                change)};
        add(wanted);
        m_block.changes.last().detected.clear();
    }
}

void ModelComparison::addSignatures(const QList<Signature> &modelled,
                                    const QList<Signature> &reflected)
{
    for (const Signature &wanted : modelled)
        if (!wanted.name.isEmpty() && !named(reflected, wanted.name))
            add(wanted);
    for (const Signature &wanted : modelled) {
        const bool isThere = std::ranges::any_of(reflected, [&](const Signature &have) {
            return have.unique && have.unnamed() == wanted.unnamed();
        });
        if (wanted.name.isEmpty() && !isThere)
            add(wanted);
    }
}

void ModelComparison::add(const Signature &signature)
{
    if (signature.unique) {
        if (!m_isCreated && !m_isDropped)
            push(Kind::AddConstraint, signature.name,
                 AddConstraint{.table = m_block.table, .constraint = *signature.unique},
                 DropConstraint{
                     .table = m_block.table, .name = signature.unique->name, .kind = u"unique"_s},
                 u"constraints: Detected added unique constraint %1 on '%2'"_s.arg(
                     signature.name.isEmpty() ? u"None"_s : u"'%1'"_s.arg(signature.name),
                     tupleText(signature.columns())));
        return;
    }
    const Index &index = *signature.index;
    push(Kind::AddIndex, signature.name, CreateIndex{.table = m_block.table, .index = index},
         DropIndex{.name = index.name,
                   .table = m_block.table,
                   .schema = m_block.table.schema,
                   .options = index.options},
         u"constraints: Detected added index '%1' on '%2'"_s.arg(signature.name,
                                                                 tupleText(signature.columns())))
        .index = index;
}

void ModelComparison::remove(const Signature &signature)
{
    if (signature.unique) {
        push(Kind::RemoveConstraint, signature.name,
             DropConstraint{
                 .table = m_block.table, .name = signature.unique->name, .kind = u"unique"_s},
             AddConstraint{.table = m_block.table, .constraint = *signature.unique},
             u"constraints: Detected removed unique constraint '%1' on '%2'"_s.arg(
                 signature.name, m_block.table.name));
        return;
    }
    Index index = *signature.index;
    index.options = saidOptions(index.options);
    push(Kind::RemoveIndex, signature.name,
         DropIndex{.name = index.name,
                   .table = m_block.table,
                   .schema = m_block.table.schema,
                   .options = index.options},
         CreateIndex{.table = m_block.table, .index = index},
         u"constraints: Detected removed index '%1' on '%2'"_s.arg(signature.name,
                                                                   m_block.table.name))
        .index = index;
}

/// Why it is another one; empty: it is not.
QString ModelComparison::changeOf(const Signature &modelled, const Signature &reflected)
{
    if (modelled.index)
        return indexChange(*modelled.index, *reflected.index);
    if (modelled.unnamed() != reflected.unnamed())
        return u"expression %1 to %2"_s.arg(tupleText(reflected.unnamed().mid(1)),
                                            tupleText(modelled.unnamed().mid(1)));
    const bool isPostgres = m_input.backend == Backend::PostgreSql;
    const bool wanted = hasNullsNotDistinct(modelled.unique->options);
    const bool have = hasNullsNotDistinct(reflected.unique->options);
    const auto shown = [](bool isSet) { return isSet ? u"('nulls_not_distinct',)"_s : u"()"_s; };
    return isPostgres && wanted != have ? u"expression %1 to %2"_s.arg(shown(have), shown(wanted))
                                        : QString();
}

QString ModelComparison::elementText(const ExprPtr &element) const
{
    const RenderContext context{.offline = false};
    const Result<QString> text = m_dialect.expression(element, context);
    return text ? *text : element->text;
}

QString ModelComparison::indexChange(const Index &modelled, const Index &reflected)
{
    QStringList changes;
    if (modelled.unique != reflected.unique)
        changes.append(u"unique=%1 to unique=%2"_s.arg(pythonBool(reflected.unique),
                                                       pythonBool(modelled.unique)));
    if (m_input.backend != Backend::PostgreSql) {
        const QStringList wanted = Signature{.index = modelled}.columns();
        const QStringList have = Signature{.index = reflected}.columns();
        if (wanted != have)
            changes.append(u"expression %1 to %2"_s.arg(tupleText(have), tupleText(wanted)));
        return changes.join(u", "_s);
    }
    if (modelled.elements.size() != reflected.elements.size())
        changes.append(u"expression number %1 to %2"_s.arg(reflected.elements.size())
                           .arg(modelled.elements.size()));
    if (!changes.isEmpty())
        return changes.join(u", "_s);
    for (qsizetype i = 0; i < modelled.elements.size(); ++i) {
        const QString wanted = elementText(modelled.elements[i]);
        const QString have = elementText(reflected.elements[i]);
        if (wanted == have
            || cleanIndexText(wanted, m_block.table.name)
                   == cleanIndexText(have, m_block.table.name))
            continue;
        const bool hasClass =
            wanted.trimmed().endsWith(u"_ops") && (wanted.contains(u' ') || wanted.contains(u')'));
        if (hasClass)
            m_found.warnings.append(
                u"Expression #%1 %2 in index '%3' detected to include an operator clause. "
                u"Expression "
                "compare cannot proceed. Please move the operator clause to the ``postgresql_ops`` "
                "dict to enable proper compare of the index expressions: "
                "https://docs.sqlalchemy.org/en/latest/dialects/postgresql.html#operator-classes"_s
                    .arg(QString::number(i + 1), pythonText(wanted), reflected.name.text));
        else
            changes.append(u"expression #%1 %2 to %3"_s.arg(QString::number(i + 1),
                                                            pythonText(have), pythonText(wanted)));
    }
    const bool wanted = hasNullsNotDistinct(modelled.options);
    if (wanted != hasNullsNotDistinct(reflected.options))
        changes.append(u"options nulls_not_distinct"_s);
    return changes.join(u", "_s);
}

} // namespace tribikos
