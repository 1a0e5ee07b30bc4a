#include "tests/runtime/sample.h"

#include <QCoreApplication>
#include <csignal>
#include <cstdio>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace tribikos;

/// child DATABASE COUNT [BYTES]: brings DATABASE to the end of story(COUNT), whatever it holds of
/// it already; with BYTES no file may grow beyond that. Exit code 0: done; 3: failed, the sentence
/// is on stderr.
int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const ConnectionSpec spec = sample::fileSpec(arguments.value(1), 60000);
    const int count = arguments.value(2).toInt();
    if (const rlim_t limit = arguments.value(3).toULongLong(); limit > 0) {
        const rlimit bytes{limit, limit};
        ::setrlimit(RLIMIT_FSIZE, &bytes);
        ::signal(SIGXFSZ, SIG_IGN); // the write fails instead, as on a full disk
    }
    const auto rows = currentRows(spec, {{}, u"alembic_version"_s});
    if (!rows) {
        std::fputs(qPrintable(rows.error().message), stderr);
        return 3;
    }
    RunOptions options = sample::bareOptions();
    options.backup = arguments.size() <= 3;
    const RunReport report = run(sample::remainingPlan(count, *rows), spec, options, {}, {});
    if (!report.error)
        return 0;
    std::fputs(qPrintable(report.error->message), stderr);
    return 3;
}
