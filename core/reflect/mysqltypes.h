#pragma once

#include "core/schema/schema.h"

namespace tribikos::mysql {

/// information_schema's column_type as SQLAlchemy's classes name it: "int(10) unsigned". The usual display widths of
/// integers, which mean nothing, are left out. \a charset and \a collation are empty where they are the table's.
/// What has no class keeps its text (module "reflected").
SqlTypePtr columnType(const QString &text, const QString &charset, const QString &collation);

} // namespace tribikos::mysql
