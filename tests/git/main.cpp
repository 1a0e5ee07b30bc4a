#include <QCoreApplication>

int runGitCommandsTest(int argc, char **argv);
int runMergeForecastTest(int argc, char **argv);
int runRepositoryTest(int argc, char **argv);
int runRescueTest(int argc, char **argv);

int main(int argc, char **argv)
{
    // Nobody's own settings take part.
    qputenv("GIT_CONFIG_GLOBAL", "/dev/null");
    qputenv("GIT_CONFIG_NOSYSTEM", "1");
    for (const char *name :
         {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"})
        qunsetenv(name);
    const QCoreApplication app(argc, argv);
    return runGitCommandsTest(argc, argv) + runMergeForecastTest(argc, argv)
           + runRepositoryTest(argc, argv) + runRescueTest(argc, argv);
}
