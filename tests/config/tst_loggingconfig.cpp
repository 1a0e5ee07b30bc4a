#include "core/config/loggingconfig.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace tribikos;

class tst_LoggingConfig : public QObject
{
    Q_OBJECT
private slots:
    void templateSections();
    void fileHandler();
    void oddities_data();
    void oddities();
    void withoutSections();
};

void tst_LoggingConfig::templateSections()
{
    const auto ini = IniFile::parse(uR"([loggers]
keys = root,sqlalchemy,alembic
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = WARNING
handlers = console
qualname =
[logger_sqlalchemy]
level = WARNING
handlers =
qualname = sqlalchemy.engine
[logger_alembic]
level = INFO
handlers =
qualname = alembic
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
datefmt = %H:%M:%S
)"_s,
                                    u"/p/alembic.ini"_s);
    QVERIFY(ini);
    Diagnostics diagnostics;
    const LoggingConfig config = readLogging(*ini, &diagnostics);
    QVERIFY(diagnostics.isEmpty());
    QCOMPARE(config.loggers.size(), 3);
    QCOMPARE(config.loggers[0], (Logger{.level = LogLevel::Warning, .handlers = {u"console"_s}}));
    QCOMPARE(config.loggers[2], (Logger{.category = u"alembic"_s, .level = LogLevel::Info}));
    QCOMPARE(config.handlers.size(), 1);
    QCOMPARE(config.handlers[0].kind, LogHandler::Kind::StandardError);
    QCOMPARE(config.handlers[0].format.format, u"%(levelname)-5.5s [%(name)s] %(message)s"_s);
    QCOMPARE(config.handlers[0].format.dateFormat, u"%H:%M:%S"_s);
}

void tst_LoggingConfig::fileHandler()
{
    const auto ini = IniFile::parse(uR"([loggers]
keys = root
[handlers]
keys = file
[logger_root]
level = DEBUG
handlers = file
[handler_file]
class = logging.handlers.RotatingFileHandler
args = ('logs/run.log', 'w', 1000, 3)
)"_s,
                                    u"/p/alembic.ini"_s);
    Diagnostics diagnostics;
    const LoggingConfig config = readLogging(*ini, &diagnostics);
    QVERIFY(diagnostics.isEmpty());
    QCOMPARE(config.handlers.size(), 1);
    QCOMPARE(config.handlers[0].kind, LogHandler::Kind::File);
    QCOMPARE(config.handlers[0].file, u"/p/logs/run.log"_s);
    QVERIFY(config.handlers[0].truncates);
}

void tst_LoggingConfig::oddities_data()
{
    QTest::addColumn<QString>("sections");
    QTest::newRow("no such logger") << u"[loggers]\nkeys = root, x\n[logger_root]\n"_s;
    QTest::newRow("strange level") << u"[loggers]\nkeys = root\n[logger_root]\nlevel = LOUD\n"_s;
    QTest::newRow("strange class")
        << u"[loggers]\nkeys =\n[handlers]\nkeys = h\n[handler_h]\nclass = SMTPHandler\n"_s;
    QTest::newRow("computed file name") << u"[loggers]\nkeys =\n[handlers]\nkeys = h\n[handler_h]\n"
                                           "class = FileHandler\nargs = (os.environ['LOG'],)\n"_s;
    QTest::newRow("no such handler") << u"[loggers]\nkeys =\n[handlers]\nkeys = h\n"_s;
}

void tst_LoggingConfig::oddities()
{
    QFETCH(QString, sections);
    const auto ini = IniFile::parse(sections, u"/p/alembic.ini"_s);
    QVERIFY(ini);
    Diagnostics diagnostics;
    const LoggingConfig config = readLogging(*ini, &diagnostics);
    QCOMPARE(diagnostics.size(), 1);
    QCOMPARE(diagnostics[0].severity, Severity::Warning);
    QVERIFY(diagnostics[0].message.startsWith(u"alembic.ini:"));
    QVERIFY(config.handlers.isEmpty());
}

void tst_LoggingConfig::withoutSections()
{
    Diagnostics diagnostics;
    QCOMPARE(readLogging(IniFile(), &diagnostics), LoggingConfig());
    QVERIFY(diagnostics.isEmpty());
}

int runLoggingConfigTest(int argc, char **argv)
{
    tst_LoggingConfig test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_loggingconfig.moc"
