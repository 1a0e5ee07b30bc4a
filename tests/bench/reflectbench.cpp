// tribikos-reflect-bench URL [ROUNDS]: how long a catalogue takes to be read, and how much of that is ours.

#include "core/config/databaseurl.h"
#include "core/db/serversession.h"
#include "core/db/sqlitesession.h"
#include "core/project/serverconnection.h"
#include "core/reflect/reflect.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTextStream>
#include <ctime>

using namespace Qt::StringLiterals;
using namespace tribikos;

namespace {

Result<std::unique_ptr<Session>> opened(const QString &url)
{
    const auto parsed = parseDatabaseUrl(url);
    if (!parsed)
        return parsed.error();
    if (parsed->backend == Backend::Sqlite) {
        auto file = SqliteSession::open({.database = sqliteFile(*parsed, QDir::currentPath())},
                                        Access::Read, {});
        return file ? Result<std::unique_ptr<Session>>(file.take()) : file.error();
    }
    const auto spec = serverConnection(*parsed);
    if (!spec)
        return spec.error();
    auto server = openServer(*spec, Access::Read);
    return server ? Result<std::unique_ptr<Session>>(server.take()) : server.error();
}

Status measure(const QString &url, int rounds)
{
    const auto session = opened(url);
    if (!session)
        return session.error();
    QTextStream out(stdout);
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        const clock_t before = clock();
        const auto schema = reflect(**session, {});
        if (!schema)
            return schema.error();
        out << u"%1 tables, %2 s, CPU of this process %3 s\n"_s.arg(schema->tables.size())
                   .arg(double(timer.nsecsElapsed()) / 1e9, 0, 'f', 3)
                   .arg(double(clock() - before) / CLOCKS_PER_SEC, 0, 'f', 3);
    }
    return done();
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    const Status measured =
        measure(arguments.value(1), std::max(1, arguments.value(2, u"3"_s).toInt()));
    if (!measured)
        QTextStream(stderr) << measured.error().message << '\n';
    return measured ? 0 : 1;
}
