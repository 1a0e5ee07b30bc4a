// Preloaded before libc: writes down each call that starts a program, opens a file for writing or a
// way out to the network, then lets it through. Lines of "CALL FLAGS PATH" go to the file named by
// TRIBIKOS_WATCH_LOG, by system calls of its own. Not part of the program.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

int logHandle()
{
    static const int handle = [] {
        const char *path = getenv("TRIBIKOS_WATCH_LOG");
        return path ? int(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600))
                    : -1;
    }();
    return handle;
}

void note(const char *call, const char *path, long flags = 0)
{
    char line[5000];
    const int size = snprintf(line, sizeof line, "%s %ld %.4096s\n", call, flags, path ? path : "");
    if (logHandle() >= 0)
        syscall(SYS_write, logHandle(), line, size);
}

template<typename Function>
Function next(Function, const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

mode_t modeOf(int flags, va_list arguments)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

int flagsOf(const char *mode)
{
    return strpbrk(mode, "wa+") ? O_RDWR | O_CREAT : O_RDONLY;
}

} // namespace

#define PASS(name, ...) next(&name, #name)(__VA_ARGS__)

extern "C" {

__attribute__((constructor)) void watchBegins()
{
    note("watch", "");
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeOf(flags, arguments);
    va_end(arguments);
    note("open", path, flags);
    return PASS(open, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeOf(flags, arguments);
    va_end(arguments);
    note("open", path, flags);
    return PASS(open64, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeOf(flags, arguments);
    va_end(arguments);
    note("open", path, flags);
    return PASS(openat, folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = modeOf(flags, arguments);
    va_end(arguments);
    note("open", path, flags);
    return PASS(openat64, folder, path, flags, mode);
}

int creat(const char *path, mode_t mode)
{
    note("open", path, O_WRONLY | O_CREAT);
    return PASS(creat, path, mode);
}

FILE *fopen(const char *path, const char *mode)
{
    note("open", path, flagsOf(mode));
    return PASS(fopen, path, mode);
}

FILE *fopen64(const char *path, const char *mode)
{
    note("open", path, flagsOf(mode));
    return PASS(fopen64, path, mode);
}

#define WATCH_PATH(name, parameters, path, ...) \
    int name parameters noexcept \
    { \
        note(#name, path); \
        return PASS(name, __VA_ARGS__); \
    }

WATCH_PATH(unlink, (const char *path), path, path)
WATCH_PATH(unlinkat, (int folder, const char *path, int flags), path, folder, path, flags)
WATCH_PATH(rmdir, (const char *path), path, path)
WATCH_PATH(mkdir, (const char *path, mode_t mode), path, path, mode)
WATCH_PATH(mkdirat, (int folder, const char *path, mode_t mode), path, folder, path, mode)
WATCH_PATH(rename, (const char *from, const char *to), to, from, to)
WATCH_PATH(renameat, (int a, const char *from, int b, const char *to), to, a, from, b, to)
WATCH_PATH(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), to, a, from, b, to, flags)
WATCH_PATH(symlink, (const char *to, const char *path), path, to, path)
WATCH_PATH(link, (const char *from, const char *to), to, from, to)
WATCH_PATH(chmod, (const char *path, mode_t mode), path, path, mode)
WATCH_PATH(truncate, (const char *path, off_t size), path, path, size)
WATCH_PATH(mkfifo, (const char *path, mode_t mode), path, path, mode)
WATCH_PATH(execv, (const char *path, char *const arguments[]), path, path, arguments)
WATCH_PATH(execve, (const char *path, char *const arguments[], char *const names[]), path, path, arguments, names)
WATCH_PATH(execvp, (const char *path, char *const arguments[]), path, path, arguments)
WATCH_PATH(execvpe, (const char *path, char *const arguments[], char *const names[]), path, path, arguments, names)

int posix_spawn(pid_t *id, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const arguments[], char *const names[])
{
    note("execve", path);
    return PASS(posix_spawn, id, path, actions, attributes, arguments, names);
}

int posix_spawnp(pid_t *id, const char *path, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *attributes, char *const arguments[], char *const names[])
{
    note("execve", path);
    return PASS(posix_spawnp, id, path, actions, attributes, arguments, names);
}

int system(const char *command)
{
    note("execve", command);
    return PASS(system, command);
}

FILE *popen(const char *command, const char *mode)
{
    note("execve", command);
    return PASS(popen, command, mode);
}

pid_t fork() noexcept
{
    note("fork", "");
    return PASS(fork);
}

int connect(int socket, const sockaddr *address, socklen_t size)
{
    note("connect", "");
    return PASS(connect, socket, address, size);
}

int socket(int domain, int type, int protocol) noexcept
{
    note("socket", "");
    return PASS(socket, domain, type, protocol);
}

} // extern "C"
