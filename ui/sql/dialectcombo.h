#pragma once

#include "core/base/backend.h"

#include <QComboBox>

namespace tribikos {

/// The switch for the dialect in which SQL is shown.
class DialectCombo final : public QComboBox
{
    Q_OBJECT
public:
    explicit DialectCombo(QWidget *parent = nullptr);
    Backend backend() const { return Backend(currentData().toInt()); }
    /// Says nothing: only a person's choice is a signal.
    void setBackend(Backend backend);

signals:
    void chosen(tribikos::Backend backend);
};

} // namespace tribikos
