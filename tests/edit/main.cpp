#include <QCoreApplication>

int runFileChangeTest(int argc, char **argv);
int runHeaderTest(int argc, char **argv);
int runHistoryDropTest(int argc, char **argv);
int runIgnoreEditTest(int argc, char **argv);
int runNewRevisionTest(int argc, char **argv);
int runRevisionEditsTest(int argc, char **argv);
int runTemplateTest(int argc, char **argv);

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    return runFileChangeTest(argc, argv) + runHeaderTest(argc, argv)
           + runNewRevisionTest(argc, argv) + runRevisionEditsTest(argc, argv)
           + runHistoryDropTest(argc, argv) + runTemplateTest(argc, argv)
           + runIgnoreEditTest(argc, argv);
}
