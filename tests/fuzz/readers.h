#pragma once

#include <QByteArray>
#include <QString>

/// What is read of a file with the given suffix: every reader of that kind of text, one after
/// another. Nothing is checked but that they come back, and within their time.
namespace tribikos::fuzz {

void readAll(const QByteArray &text, const QString &suffix);

} // namespace tribikos::fuzz
