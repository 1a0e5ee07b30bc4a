#pragma once

#include <QtGlobal>

namespace tribikos {

/// What SQLite may take of memory in the whole process: one INSERT of eight million rows would take its parser 5 GiB.
constexpr qint64 kMostSqliteHeap = 512LL << 20;

/// Sets that bound, once; before the first database is opened it costs next to nothing, later it still holds.
void boundSqliteHeap();

} // namespace tribikos
