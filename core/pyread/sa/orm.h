#pragma once

#include "core/pyread/sa/tables.h"

namespace tribikos::py::sa {

/// A name of `sqlalchemy.orm` or of the declarative extensions; nullopt: it has no such name.
std::optional<Value> ormName(Interpreter &interpreter, const QString &name);
/// All of them, for `import *`.
QStringList ormNames();

/// relationship(), hybrid_property, validates … : takes part in no table. Answers every attribute
/// and call with itself, so that it serves as decorator, too.
class InertObject final : public Object
{
public:
    explicit InertObject(QString importedName = {}) : origin(std::move(importedName)) {}
    QString typeName() const override { return QStringLiteral("RelationshipProperty"); }
    std::optional<Value> getAttr(Interpreter &, const QString &name) override;
    bool setAttr(Interpreter &, const QString &, const Value &) override { return true; }
    bool isCallable() const override { return true; }
    Value call(Interpreter &, const CallArgs &) override;
    Value getItem(Interpreter &, const Value &) override { return this; }

    const QString origin; // "relationship"; empty: of no interest
};

/// composite(Point, mapped_column("x"), …): columns behind one attribute.
class CompositeObject final : public Object
{
public:
    CompositeObject(Class *itsClass, std::vector<Value> itsParts)
        : composed(itsClass)
        , parts(std::move(itsParts))
    {}
    QString typeName() const override { return QStringLiteral("Composite"); }
    std::optional<Value> getAttr(Interpreter &, const QString &name) override;

    Class *const composed; // null: the annotation says it
    const std::vector<Value> parts;
};

/// @declared_attr: its function makes the attribute for each mapped class.
class DeclaredAttr final : public Object
{
public:
    explicit DeclaredAttr(Value maker)
        : function(std::move(maker))
    {}
    QString typeName() const override { return QStringLiteral("declared_attr"); }

    const Value function;
};

/// How the subclasses of a base become tables.
struct DeclarativeRules
{
    bool namesTables = false;      // Flask-SQLAlchemy: CamelCase -> camel_case
    bool fieldsAreColumns = false; // SQLModel: plain annotations, `table=True`
};

/// Makes \a base one whose subclasses are mapped; \a metadata null: the first subclass' or a new
/// one.
void makeDeclarative(Interpreter &interpreter, Class *base, MetaDataObject *metadata,
                     const DeclarativeRules &rules);
/// Maps \a cls: builds its Table and gives it `__table__`.
void mapClass(Interpreter &interpreter, Class *cls, const CallArgs &keywords,
              const DeclarativeRules &rules);
/// The table of a mapped class (or of the class that it inherits from); null: not mapped.
TableObject *mappedTable(const Class *cls);

/// mapped_column(…)
Value constructMappedColumn(Interpreter &interpreter, Class *cls, const CallArgs &args);

/// flask_sqlalchemy and sqlmodel.
void registerOrmExtensions(ModuleRegistry &registry);

} // namespace tribikos::py::sa
