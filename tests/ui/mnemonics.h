#pragma once

#include <QStringList>

class QWidget;

namespace tribikos {

/// The letters that more than one visible thing of \a window answers to: "e: &Encryption, &End".
QStringList mnemonicClashes(const QWidget &window);

} // namespace tribikos
