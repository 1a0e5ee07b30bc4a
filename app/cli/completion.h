#pragma once

#include <QString>
#include <QStringList>

/// Texts made from the table of verbs and options (verbtable.h), so that they can't fall behind it.
namespace tribikos::cli {

/// "bash", "zsh", "fish" and "man".
QStringList completionForms();
/// The completion script of a shell, or the man page; empty for an unknown \a form.
QString completionText(const QString &form);

QString bashCompletion();
QString zshCompletion();
QString fishCompletion();
QString manPage();

} // namespace tribikos::cli
