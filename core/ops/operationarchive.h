#pragma once

#include "core/ops/operation.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>
#include <optional>

/*!
    Operations of many scripts as bytes and back, equal to the last member, also where == looks away (of a text alone it
    is lost whether it is null or empty). Texts and types that they have in common are stored once, and are one in
    memory when they come back.
*/
namespace tribikos {

class OperationWriter
{
public:
    OperationWriter();
    ~OperationWriter();

    /// What stands for \a operations beside shared(); nullopt where they can't be stored: stretches of large SQL
    /// scripts, half characters, and what is larger or deeper than most real revisions.
    std::optional<QByteArray> add(const Operations &operations);
    /// The texts and types of all that was added, and how many bytes they are.
    QByteArray shared() const;
    qsizetype sharedSize() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

class OperationReader
{
public:
    /// \a shared as OperationWriter::shared() gave it. Damaged bytes give nothing or other operations, never more.
    explicit OperationReader(QByteArrayView shared);
    ~OperationReader();

    /// nullopt: \a bytes are not what add() gave beside that shared().
    std::optional<Operations> operations(QByteArrayView bytes) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace tribikos
