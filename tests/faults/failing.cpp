// Preloaded before libc and SQLite: lets the nth call of a group fail, or kills the program there. Not part of the
// program under test; tests/faults/calls.py counts with it.
//   TRIBIKOS_FAIL_GROUP  write: what changes a regular file; file: those and what opens and reads one;
//                        database: SQLite's calls; network: connect, send and recv
//   TRIBIKOS_FAIL_AT     which call, from 1; 0: none
//   TRIBIKOS_FAIL_HOW    kill or error
//   TRIBIKOS_FAIL_COUNT  a file of 8 bytes: how many calls there have been
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

enum Group { Write = 1, File = 2, Database = 4, Network = 8 };

struct Wish
{
    int group = 0;
    long at = 0;
    bool kills = false;
    std::atomic<long> *count = nullptr;

    Wish()
    {
        const char *name = getenv("TRIBIKOS_FAIL_GROUP");
        const char *path = getenv("TRIBIKOS_FAIL_COUNT");
        const int handle = name && path ? open(path, O_RDWR | O_CLOEXEC) : -1;
        if (handle < 0)
            return;
        void *place = mmap(nullptr, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
        close(handle);
        if (place == MAP_FAILED)
            return;
        count = static_cast<std::atomic<long> *>(place);
        at = atol(getenv("TRIBIKOS_FAIL_AT"));
        kills = strcmp(getenv("TRIBIKOS_FAIL_HOW"), "kill") == 0;
        group = !strcmp(name, "write")      ? Write
                : !strcmp(name, "file")     ? Write | File
                : !strcmp(name, "database") ? Database
                                            : Network;
    }
};

/// Counts this call; true: it must fail.
bool fails(Group group)
{
    static thread_local bool isInside = false; // reading the wish opens a file
    if (isInside)
        return false;
    isInside = true;
    static const Wish wish;
    isInside = false;
    if ((wish.group & group) == 0 || ++*wish.count != wish.at)
        return false;
    if (wish.kills)
        kill(getpid(), SIGKILL);
    return true;
}

bool isRegular(int handle)
{
    struct stat about = {};
    return fstat(handle, &about) == 0 && S_ISREG(about.st_mode);
}

bool isRegular(const char *path)
{
    struct stat about = {};
    return stat(path, &about) != 0 || S_ISREG(about.st_mode);
}

/// A connection that was reset stays so.
template<typename Value>
Value reset(int handle)
{
    shutdown(handle, SHUT_RDWR);
    errno = ECONNRESET;
    return Value(-1);
}

template<typename Function>
Function next(Function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) // SQLite of a module that was loaded later
        found = dlsym(dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_NOLOAD), name);
    return reinterpret_cast<Function>(found);
}

template<typename Value>
Value failed(Value value, int error)
{
    errno = error;
    return value;
}

} // namespace

#define NEXT(name, ...) next(&name, #name)(__VA_ARGS__)
#define ON_HANDLE(type, group, name, parameters, ...) \
    type name parameters \
    { \
        return isRegular(fd) && fails(group) ? failed<type>(-1, EIO) : NEXT(name, __VA_ARGS__); \
    }
#define ON_PATH(name, parameters, ...) \
    int name parameters \
    { \
        return fails(Write) ? failed(-1, EIO) : NEXT(name, __VA_ARGS__); \
    }
#define OPENS(name) \
    int name(const char *path, int flags, ...) \
    { \
        va_list more; \
        va_start(more, flags); \
        const mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return isRegular(path) && fails(File) ? failed(-1, EACCES) : NEXT(name, path, flags, mode); \
    }
#define ON_SQLITE(name, parameters, ...) \
    int name parameters { return fails(Database) ? SQLITE_IOERR : NEXT(name, __VA_ARGS__); }
#define ON_SOCKET(type, name, parameters, ...) \
    type name parameters \
    { \
        return fails(Network) ? reset<type>(fd) : NEXT(name, __VA_ARGS__); \
    }

extern "C" {

ON_HANDLE(ssize_t, Write, write, (int fd, const void *data, size_t size), fd, data, size)
ON_HANDLE(ssize_t, Write, pwrite, (int fd, const void *data, size_t size, off_t at), fd, data, size, at)
ON_HANDLE(ssize_t, Write, pwrite64, (int fd, const void *data, size_t size, off64_t at), fd, data, size, at)
ON_HANDLE(int, Write, fsync, (int fd), fd)
ON_HANDLE(int, Write, fdatasync, (int fd), fd)
ON_HANDLE(int, Write, ftruncate, (int fd, off_t size) noexcept, fd, size)
ON_HANDLE(int, Write, ftruncate64, (int fd, off64_t size) noexcept, fd, size)
ON_HANDLE(ssize_t, File, read, (int fd, void *data, size_t size), fd, data, size)
ON_HANDLE(ssize_t, File, pread, (int fd, void *data, size_t size, off_t at), fd, data, size, at)
ON_HANDLE(ssize_t, File, pread64, (int fd, void *data, size_t size, off64_t at), fd, data, size, at)
ON_PATH(unlink, (const char *path) noexcept, path)
ON_PATH(rename, (const char *from, const char *to) noexcept, from, to)
OPENS(open)
OPENS(open64)
ON_SQLITE(sqlite3_open_v2, (const char *path, sqlite3 **db, int flags, const char *vfs), path, db, flags, vfs)
ON_SQLITE(sqlite3_prepare_v2, (sqlite3 *db, const char *sql, int size, sqlite3_stmt **to, const char **tail), db, sql,
          size, to, tail)
ON_SQLITE(sqlite3_prepare16_v2, (sqlite3 *db, const void *sql, int size, sqlite3_stmt **to, const void **tail), db,
          sql, size, to, tail)
ON_SQLITE(sqlite3_step, (sqlite3_stmt *statement), statement)
ON_SQLITE(sqlite3_backup_step, (sqlite3_backup *backup, int pages), backup, pages)
ON_SOCKET(int, connect, (int fd, const struct sockaddr *to, socklen_t size), fd, to, size)
ON_SOCKET(ssize_t, send, (int fd, const void *data, size_t size, int flags), fd, data, size, flags)
ON_SOCKET(ssize_t, recv, (int fd, void *data, size_t size, int flags), fd, data, size, flags)
}
