#pragma once

#include "core/base/result.h"
#include "core/edit/filechange.h"

namespace tribikos {

/*!
    A rule more in the section [ignore] of \a file, tribikos.toml, which is made where there is none. Everything else in
    it stays as it is, comments and layout included; what comes out is read back before it is offered. Errors: Usage (no
    such key or pattern, or the rule is there); Unsupported (the section is written in a way that isn't edited); those of
    reading the file.
*/
Result<Edit> addIgnoreRule(const QString &file, const QString &key, const QString &pattern);

} // namespace tribikos
