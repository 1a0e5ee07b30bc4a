#include "core/dialects/basedialect.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QString BaseDialect::indexElement(const ExprPtr &element, const Index &, Rendering &rendering) const
{
    return ddlExpression(element, rendering);
}

QString BaseDialect::indexElements(const Index &index, Rendering &rendering) const
{
    QStringList elements;
    for (const ExprPtr &element : index.elements)
        elements += indexElement(element, index, rendering);
    return elements.join(u", "_s);
}

QString BaseDialect::indexWhere(const Index &index, const QString &option,
                                Rendering &rendering) const
{
    const ExprPtr where = optionExpression(index.options, option);
    return where ? u" WHERE "_s + ddlExpression(where, rendering) : QString();
}

QString BaseDialect::createIndexText(const CreateIndex &create, Rendering &rendering) const
{
    return u"CREATE %1INDEX %2%3 ON %4 (%5)"_s.arg(
        create.index.unique ? u"UNIQUE "_s : QString(),
        create.ifNotExists ? u"IF NOT EXISTS "_s : QString(),
        objectName(create.index.name, rendering), tableIdent(create.table),
        indexElements(create.index, rendering));
}

QString BaseDialect::dropIndexText(const DropIndex &drop, Rendering &rendering) const
{
    const QString schema =
        drop.table && !drop.table->schema.isEmpty() ? drop.table->schema : drop.schema;
    const QString name = objectName(drop.name, rendering);
    return u"DROP INDEX %1%2"_s.arg(drop.ifExists ? u"IF EXISTS "_s : QString(),
                                    schema.isEmpty() ? name : ident(schema) + u'.' + name);
}

} // namespace tribikos
