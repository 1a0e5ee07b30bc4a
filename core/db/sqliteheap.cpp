#include "core/db/sqliteheap.h"

#include <atomic>
#include <mutex>
#include <sqlite3.h>

namespace tribikos {

namespace {

// SQLite counts its memory under a lock that it takes for each piece, a tenth of the time that a long upgrade takes of
// the processor. So its counting is switched off, and its allocator is told here what is left.
sqlite3_mem_methods s_allocator{};
std::atomic<qint64> s_used = 0;

bool hasRoom(qint64 more)
{
    return s_used.load(std::memory_order_relaxed) + more <= kMostSqliteHeap;
}

void count(qint64 bytes)
{
    s_used.fetch_add(bytes, std::memory_order_relaxed);
}

void *allocate(int size)
{
    void *piece = hasRoom(size) ? s_allocator.xMalloc(size) : nullptr;
    if (piece)
        count(s_allocator.xSize(piece));
    return piece;
}

void release(void *piece)
{
    count(-s_allocator.xSize(piece));
    s_allocator.xFree(piece);
}

void *reallocate(void *piece, int size)
{
    const int before = s_allocator.xSize(piece);
    void *moved = hasRoom(size - before) ? s_allocator.xRealloc(piece, size) : nullptr;
    if (moved)
        count(s_allocator.xSize(moved) - before);
    return moved;
}

bool replaceAllocator()
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &s_allocator) != SQLITE_OK)
        return false;
    sqlite3_mem_methods bounded = s_allocator;
    bounded.xMalloc = allocate;
    bounded.xFree = release;
    bounded.xRealloc = reallocate;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &bounded) == SQLITE_OK
           && sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
}

} // namespace

void boundSqliteHeap()
{
    static std::once_flag once;
    std::call_once(once, [] {
        if (!replaceAllocator()) // somebody has opened a database already
            sqlite3_hard_heap_limit64(kMostSqliteHeap);
    });
}

} // namespace tribikos
