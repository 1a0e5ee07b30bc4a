#include "app/cli/cli.h"

#include <QCoreApplication>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>
#include <thread>

namespace {

/// Turns the first Ctrl-C (or a request to end) into a stop request; a second one ends at once.
void watchSignals(std::stop_source stop)
{
    static sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &watched, nullptr); // inherited by every later thread
    std::thread([stop]() mutable {
        int caught = 0;
        sigwait(&watched, &caught);
        stop.request_stop();
        sigwait(&watched, &caught);
        std::signal(caught, SIG_DFL);
        pthread_sigmask(SIG_UNBLOCK, &watched, nullptr);
        std::raise(caught); // to this thread, the only one that has it unblocked
    }).detach();
}

/// Whoever lists the processes need not read the passwords of our URLs: they are read by then.
void blankPasswords(int argc, char *argv[])
{
    for (int i = 1; i < argc; ++i) {
        char *host = std::strstr(argv[i], "://");
        char *end = host ? std::strrchr(host + 3, '@') : nullptr; // a password may hold one itself
        char *password = end ? std::strchr(host + 3, ':') : nullptr;
        if (password && password < end)
            std::memset(password + 1, '*', size_t(end - password - 1));
        for (char *query = argv[i]; (query = std::strstr(query, "password=")) != nullptr;) {
            for (query += std::strlen("password="); *query != '\0' && *query != '&'; ++query)
                *query = '*';
        }
    }
}

} // namespace

int main(int argc, char *argv[])
{
    const std::stop_source stop;
    watchSignals(stop);
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    blankPasswords(argc, argv);
    QTextStream out(stdout);
    QTextStream err(stderr);
    tribikos::cli::Leftovers leftovers;
    int exitCode = tribikos::cli::run(arguments, out, err, {}, stop.get_token(), &leftovers);
    out.flush();
    if (out.status() != QTextStream::Ok || std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
        err << "tribikos-cli: error: the output could not be written: " << std::strerror(errno)
            << '\n';
        if (exitCode == tribikos::cli::Done)
            exitCode = tribikos::cli::Failed;
    }
    err.flush();
    std::fflush(stderr);
    std::_Exit(exitCode); // with the leftovers
}
