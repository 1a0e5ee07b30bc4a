#pragma once

#include <QString>

/// Mako's own filters, as functions of text.
namespace tribikos::mako {

QString htmlEscaped(const QString &text);   // h and x: & < > " ' as entities
QString urlEscaped(const QString &text);    // u: percent escapes of UTF-8, blanks as +
QString entityEscaped(const QString &text); // entity: everything that HTML 4 has a name for

} // namespace tribikos::mako
