#pragma once

#include "core/pyread/sa/tables.h"

/// DDL as objects: sa.schema.CreateTable(t) and its like, for op.execute() and the bind.
namespace tribikos::py::sa {

/// What execute() does when it meets one.
class DdlObject final : public Instance
{
public:
    DdlObject(Class *itsClass, Operation::Kind kind)
        : Instance(itsClass)
        , operation(std::move(kind))
    {}
    QString repr(Interpreter &interpreter) override;

    const Operation::Kind operation;
};

/// CreateTable, DropTable, CreateIndex … by name.
const QHash<QString, NativeCall> &ddlFunctions();
/// Sequence.create(bind) and .drop(bind), which only some databases heed.
Value sequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence, bool isCreate,
                          const CallArgs &args);

} // namespace tribikos::py::sa
