#include "modelproject.h"

#include "app/cli/cli.h"
#include "tests/servers/lab.h"

#include <QFile>
#include <QRegularExpression>
#include <QTextStream>

using namespace Qt::StringLiterals;

namespace tribikos {

ModelProject::ModelProject(Backend backend, bool isSql)
{
    if (backend == Backend::Sqlite) {
        m_url = u"sqlite:///"_s + m_folder.filePath(u"db.sqlite3"_s);
    } else {
        m_server = std::make_unique<lab::Database>(backend);
        m_url = QString(m_server->url()).replace(u"mysql://"_s, u"mariadb://"_s);
    }
    const QString where =
        isSql ? u"versions = [\"versions\"]\n"_s : u"alembic = \"alembic.ini\"\n"_s;
    writeFile(u"tribikos.toml"_s, u"[project]\n"_s + where
                                      + u"models = [\"models.py\"]\n[options]\n"
                                        "compare_server_default = true\n"_s);
    if (!isSql)
        run({u"init"_s, u"scripts"_s});
}

ModelProject::~ModelProject() = default;

QString ModelProject::file(const QString &name) const
{
    return m_folder.filePath(name);
}

void ModelProject::writeFile(const QString &name, const QString &text) const
{
    QFile to(file(name));
    if (!to.open(QIODevice::WriteOnly))
        qFatal("%s can't be written", qPrintable(name));
    to.write(text.toUtf8());
}

void ModelProject::writeModels(const QString &text) const
{
    writeFile(u"models.py"_s, text);
}

int ModelProject::run(const QStringList &words)
{
    m_out.clear();
    m_err.clear();
    QTextStream out(&m_out);
    QTextStream err(&m_err);
    const QStringList arguments = QStringList{u"tribikos-cli"_s, u"--url"_s, m_url} + words;
    return cli::run(arguments, out, err, m_folder.path());
}

QStringList ModelProject::kinds() const
{
    static const QRegularExpression kind(u"\\('((?:add|remove|modify)_\\w+)'"_s);
    QStringList all;
    for (auto found = kind.globalMatch(m_out); found.hasNext();)
        all.append(found.next().captured(1));
    all.sort();
    return all;
}

} // namespace tribikos
