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
/// \a type as CREATE TABLE alone sees it: its CREATE TYPE is somebody else's business.
SqlTypePtr withoutCreation(const SqlTypePtr &type);
/// Sequence.create(bind) and .drop(bind), which only some databases heed.
void createSequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence,
                               bool checksFirst);
void dropSequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence);
Value sequenceThroughBind(Interpreter &interpreter, const SequenceObject &sequence, bool isCreate,
                          const CallArgs &args);

} // namespace tribikos::py::sa
