#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QtTest>

using namespace Qt::StringLiterals;

namespace {

const QString root = QStringLiteral(TRIBIKOS_SOURCE_DIR);

QStringList linesOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    if (lines.last().isEmpty())
        lines.removeLast(); // what stands after the last line's end
    return lines;
}

QStringList sources()
{
    QStringList found;
    for (const QString &top : {u"core"_s, u"ui"_s, u"app"_s}) {
        QDirIterator walk(root + u'/' + top, {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                          QDirIterator::Subdirectories);
        while (walk.hasNext())
            found.append(walk.next().mid(root.size() + 1));
    }
    found.sort();
    return found;
}

/// "core/plan/planner.h" -> "plan"; "ui/sql/sqlview.h" -> "ui".
QString roomOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    return parts.value(0) == u"core" ? parts.value(1) : parts.value(0);
}

QMap<QString, QStringList> readRules()
{
    QMap<QString, QStringList> rules;
    for (const QString &line : linesOf(root + u"/tests/layering/rooms.txt"_s)) {
        if (line.startsWith(u'#') || line.isEmpty())
            continue;
        rules.insert(line.section(u':', 0, 0),
                     line.section(u':', 1).split(u' ', Qt::SkipEmptyParts));
    }
    return rules;
}

struct Include
{
    int line = 0;
    QString path{};
    bool isQuoted = false;
    bool isOurs() const
    {
        return path.startsWith(u"core/") || path.startsWith(u"ui/") || path.startsWith(u"app/");
    }
};

QList<Include> includesOf(const QString &file)
{
    static const QRegularExpression pattern(u"^\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"]"_s);
    QList<Include> includes;
    int number = 0;
    for (const QString &line : linesOf(root + u'/' + file)) {
        ++number;
        const auto match = pattern.match(line);
        if (match.hasMatch())
            includes.append({number, match.captured(2), match.captured(1) == u"\""});
    }
    return includes;
}

bool isAllowed(const QString &file, const QString &included, const QStringList &allowed)
{
    const QString room = roomOf(included);
    const QString header = included.mid(5); // without "core/"
    return room == roomOf(file) || allowed.contains(room) || allowed.contains(header);
}

} // namespace

class TestLayering : public QObject
{
    Q_OBJECT

private slots:
    void everySourceHasARoom();
    void rulesNameRoomsThatExist();
    void includesAreWrittenInFull();
    void includesKeepToTheRules();
    void coreKnowsNoGui();
    void onlyDbTouchesQtSql();
    void oneFileParsesPostgres();
    void filesStayShort();
};

void TestLayering::everySourceHasARoom()
{
    const auto rules = readRules();
    const QStringList all = sources();
    QVERIFY2(all.size() > 50, "the sources were not found");
    for (const QString &file : all)
        QVERIFY2(rules.contains(roomOf(file)),
                 qPrintable(file + u" lies in no room of rooms.txt"_s));
}

void TestLayering::rulesNameRoomsThatExist()
{
    const auto rules = readRules();
    for (auto rule = rules.begin(); rule != rules.end(); ++rule)
        for (const QString &allowed : rule.value()) {
            const bool isHeader = allowed.endsWith(u".h");
            QVERIFY2(isHeader ? QFile::exists(root + u"/core/"_s + allowed)
                              : rules.contains(allowed),
                     qPrintable(u"rooms.txt allows %1 to include %2, which is not there"_s.arg(
                         rule.key(), allowed)));
        }
}

void TestLayering::includesAreWrittenInFull()
{
    QStringList faults;
    for (const QString &file : sources())
        for (const Include &include : includesOf(file))
            if (include.isQuoted != include.isOurs() && !include.path.endsWith(u".moc"))
                faults.append(
                    u"%1:%2: write a file of ours as \"core/...\" from the root, a foreign one in <>: %3"_s
                        .arg(file)
                        .arg(include.line)
                        .arg(include.path));
    QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
}

void TestLayering::includesKeepToTheRules()
{
    const auto rules = readRules();
    QStringList faults;
    for (const QString &file : sources())
        for (const Include &include : includesOf(file))
            if (include.isOurs() && !isAllowed(file, include.path, rules.value(roomOf(file))))
                faults.append(
                    u"%1:%2 may not include %3"_s.arg(file).arg(include.line).arg(include.path));
    QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
}

void TestLayering::coreKnowsNoGui()
{
    static const QRegularExpression gui(
        u"^(QtGui|QtWidgets)/|^(QWidget|QIcon|QColor|QPainter|QPixmap|QFont|QMessageBox|QApplication|QGuiApplication)$"_s);
    for (const QString &file : sources())
        for (const Include &include : includesOf(file))
            QVERIFY2(
                !file.startsWith(u"core/") || !gui.match(include.path).hasMatch(),
                qPrintable(u"%1:%2 includes %3"_s.arg(file).arg(include.line).arg(include.path)));
}

void TestLayering::onlyDbTouchesQtSql()
{
    static const QRegularExpression sql(u"^(QtSql|QtSql/.*|QSql[A-Z].*)$"_s);
    for (const QString &file : sources())
        for (const Include &include : includesOf(file))
            QVERIFY2(
                roomOf(file) == u"db" || !sql.match(include.path).hasMatch(),
                qPrintable(u"%1:%2 includes %3"_s.arg(file).arg(include.line).arg(include.path)));
}

void TestLayering::oneFileParsesPostgres()
{
    QStringList users;
    for (const QString &file : sources())
        for (const Include &include : includesOf(file))
            if (include.path.startsWith(u"pg_query"))
                users.append(file);
    QCOMPARE(users, QStringList{u"core/sqlread/pgtree.cpp"_s});
}

void TestLayering::filesStayShort()
{
    const QStringList excused = linesOf(root + u"/tests/layering/longfiles.txt"_s);
    QStringList faults;
    for (const QString &file : sources()) {
        const qsizetype lines = linesOf(root + u'/' + file).size();
        const int stop = file.endsWith(u".cpp") ? 600 : 300;
        const bool isExcused = std::ranges::any_of(
            excused, [&file](const QString &line) { return line.startsWith(file + u": "_s); });
        if (lines > stop && !isExcused)
            faults.append(u"%1 has %2 lines"_s.arg(file).arg(lines));
    }
    QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestLayering)
#include "tst_layering.moc"
