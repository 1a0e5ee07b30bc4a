#pragma once

#include <QLabel>

namespace tribikos {

/// One line of plain text that gives way: where it doesn't fit it ends in "…" and its tool tip says all of it.
class ElidedLabel : public QLabel
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace tribikos
