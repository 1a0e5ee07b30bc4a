#include "core/edit/newrevision.h"

#include "core/config/versionfiles.h"
#include "core/edit/createdate.h"
#include "core/edit/historychange.h"
#include "core/edit/projecttemplates.h"
#include "core/edit/revisionname.h"
#include "core/edit/scripttemplate.h"
#include "core/pyread/header.h"
#include "core/pyread/source.h"
#include "core/sqlread/sqlscript.h"

#include <QDir>
#include <QFileInfo>
#include <QStringConverter>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestTemplate = 1024 * 1024;

Error usage(const QString &message)
{
    return {.code = ErrorCode::Usage, .message = message};
}

Error refused(const QString &message, const QString &file)
{
    return {.code = ErrorCode::ProjectRefused, .message = message, .file = file};
}

class RevisionMaker
{
public:
    RevisionMaker(const ProjectConfig &config, const RevisionGraph &graph,
                  const RevisionRequest &request)
        : m_config(config)
        , m_graph(graph)
        , m_request(request)
    {}
    Result<NewRevision> make();

private:
    Status plan();
    Status findParents();
    Status findFolder();
    Status checkHeads() const;
    Status findDependencies();
    Status nameFile();
    QList<FileChange> missingFolders() const;
    Result<QByteArray> pythonText();
    Result<QByteArray> encoded(const QString &text) const;
    QByteArray sqlText() const;
    Status verify(const QByteArray &bytes) const;
    Status verifyPython(const QByteArray &bytes) const;
    Status insertBefore(HistoryChange *change) const;
    QString scriptTemplate() const { return m_config.scriptLocation + u"/script.py.mako"_s; }

    const ProjectConfig &m_config;
    const RevisionGraph &m_graph;
    const RevisionRequest &m_request;
    Revision m_revision{};
    CreateDate m_date{};
    QList<int> m_parents{};
    QString m_folder{};
    NewRevision m_made{};
};

Status RevisionMaker::findParents()
{
    for (const QString &head : m_request.heads) {
        const auto nodes = m_graph.resolve(head);
        if (!nodes && nodes.error().message.startsWith(u"Multiple head revisions are present"))
            return Error{
                .code = nodes.error().code,
                .message = u"Multiple heads are present; please specify the head revision on which "
                           "the new revision should be based, or perform a merge."_s};
        if (!nodes)
            return nodes.error();
        m_parents += *nodes;
    }
    for (qsizetype i = 0; i < m_parents.size(); ++i) {
        if (m_parents.indexOf(m_parents[i]) != i)
            return usage(u"Duplicate head revisions specified"_s);
    }
    m_revision.downRevisions = m_graph.ids(m_parents);
    return done();
}

Status RevisionMaker::findFolder()
{
    QString shown = m_request.versionPath;
    const QStringList &locations = m_config.versionLocations;
    if (!shown.isEmpty()) {
        const QDir working(m_request.workingFolder.isEmpty() ? m_config.root
                                                             : m_request.workingFolder);
        m_folder = QDir::cleanPath(working.absoluteFilePath(shown));
    } else if (locations.size() == 1) {
        m_folder = locations.constFirst();
    } else if (m_parents.isEmpty()) {
        return usage(u"Multiple version locations present, please specify --version-path"_s);
    } else {
        shown = m_folder = QFileInfo(m_graph.revision(m_parents.constFirst()).file).path();
    }
    const bool isKnown = std::ranges::any_of(locations, [this](const QString &location) {
        return QDir::cleanPath(location) == m_folder;
    });
    return isKnown ? done()
                   : usage(u"Path %1 is not represented in current version locations"_s.arg(shown));
}

Status RevisionMaker::checkHeads() const
{
    if (m_request.isSplice || !m_request.before.isEmpty())
        return done();
    for (const int parent : m_parents) {
        if (!m_graph.isHead(parent))
            return usage(u"Revision %1 is not a head revision; please specify --splice to create a "
                         u"new branch "
                         "from this revision"_s.arg(m_graph.revision(parent).id));
    }
    return done();
}

/// Partial ids become whole ones; labels stay labels.
Status RevisionMaker::findDependencies()
{
    for (const QString &wanted : m_request.dependsOn) {
        const auto node = m_graph.resolveOne(wanted);
        if (!node)
            return node.error();
        if (*node < 0)
            return usage(u"A revision can't depend on '%1'."_s.arg(wanted));
        m_revision.dependsOn.append(
            m_graph.labels(*node).contains(wanted) ? wanted : m_graph.revision(*node).id);
    }
    return done();
}

Status RevisionMaker::nameFile()
{
    const QString slug = slugOf(m_request.message.value_or(QString()),
                                m_config.truncateSlugLength > 0 ? m_config.truncateSlugLength : 40);
    const auto name = revisionFileName(m_config.fileTemplate, m_revision.id, slug, m_date);
    if (!name)
        return name.error();
    const QString path = m_folder + u'/' + *name + (m_revision.isSql ? u".sql"_s : u".py"_s);
    m_revision.file = QDir::cleanPath(path);
    if (!m_revision.file.startsWith(m_folder + u'/'))
        return refused(
            u"file_template would put the new revision outside of %1, to %2; correct it."_s.arg(
                m_folder, m_revision.file),
            m_config.iniFile);
    const QString folder = QFileInfo(m_revision.file).path();
    const bool isUsual =
        m_config.versionLocations == QStringList{m_config.scriptLocation + u"/versions"_s};
    if (!isUsual
        && !QFileInfo::exists(m_folder)) // as Alembic, which makes the usual one without a word
        m_made.folders.append(m_folder);
    if (!QFileInfo::exists(folder) && !m_made.folders.contains(folder))
        m_made.folders.append(folder);
    return done();
}

/// The folders that are missing, outermost first: each is taken back when the revision is.
QList<FileChange> RevisionMaker::missingFolders() const
{
    QList<FileChange> folders;
    for (QString path = QFileInfo(m_revision.file).path(); !QFileInfo::exists(path);
         path = QFileInfo(path).path())
        folders.prepend(FileChange::newFolder(path));
    return folders;
}

Result<QByteArray> RevisionMaker::encoded(const QString &text) const
{
    const QString name = m_config.outputEncoding.toLower().replace(u'_', u'-');
    const bool isLatin1 =
        name == u"latin-1" || name == u"latin1" || name == u"iso-8859-1" || name == u"iso8859-1";
    const bool isAscii = name == u"ascii" || name == u"us-ascii";
    if (name == u"utf-8" || name == u"utf8" || name == u"utf")
        return text.toUtf8();
    if (name == u"utf-8-sig")
        return "\xEF\xBB\xBF" + text.toUtf8();
    if (!isLatin1 && !isAscii)
        return refused(
            u"output_encoding '%1' is not known here; write utf-8, latin-1 or ascii."_s.arg(
                m_config.outputEncoding),
            m_config.iniFile);
    for (const QChar c : text) {
        if (c.unicode() > (isAscii ? 0x7f : 0xff))
            return usage(u"'%1' can't be written in the output_encoding %2."_s.arg(
                c, m_config.outputEncoding));
    }
    return text.toLatin1();
}

Result<QByteArray> RevisionMaker::pythonText()
{
    QByteArray text;
    QString file = scriptTemplate();
    if (m_config.scriptLocation.isEmpty()) {
        text = templateFile(u"generic"_s, u"script.py.mako"_s);
    } else {
        const auto read = readRegularFile(file, largestTemplate);
        if (!read)
            return read.error().code == ErrorCode::NotFound
                       ? refused(u"There is no %1, from which new revisions are made; copy it from "
                                 u"a project that "
                                 "'init' has made."_s.arg(file),
                                 file)
                       : read.error();
        text = *read;
    }
    TemplateVariables variables{.upRevision = m_revision.id,
                                .downRevisions = m_revision.downRevisions,
                                .branchLabels = m_revision.labels,
                                .dependsOn = m_revision.dependsOn,
                                .createDate = m_date,
                                .message = m_revision.message,
                                .mayHaveMore = m_config.usesRevisionEnvironment,
                                .mainOptions = m_config.mainOptions,
                                .configFile = m_config.iniFile,
                                .configSection = m_config.section};
    if (m_request.body) {
        variables.upgrades = m_request.body->upgrades;
        variables.downgrades = m_request.body->downgrades;
        variables.imports = m_request.body->imports.join(u'\n');
    } else if (m_config.usesRevisionEnvironment && !m_request.isMerge) {
        const QString nothing =
            u"# ### commands auto generated by Alembic - please adjust! ###\n    pass\n"
            "    # ### end Alembic commands ###"_s;
        variables.upgrades = variables.downgrades = nothing;
        variables.imports = QString();
    }
    if (m_config.usesRevisionEnvironment)
        m_made.notes.append(
            u"revision_environment is set, but env.py is not run: what it adds to new revisions "
            "is left out."_s);
    const auto rendered = renderScript(text, file, variables);
    if (!rendered)
        return rendered.error();
    return encoded(*rendered);
}

QByteArray RevisionMaker::sqlText() const
{
    QString text = u"-- revision: %1\n"_s.arg(m_revision.id);
    const auto fact = [&text](const QString &key, const QString &value) {
        if (!value.isEmpty())
            text += u"-- %1: %2\n"_s.arg(key, value);
    };
    fact(u"revises"_s, m_revision.downRevisions.join(u", "_s));
    fact(u"message"_s, m_revision.message.simplified());
    fact(u"label"_s, m_revision.labels.join(u", "_s));
    fact(u"depends-on"_s, m_revision.dependsOn.join(u", "_s));
    fact(u"created"_s, m_date.text());
    if (m_request.body)
        return (text + u'\n' + m_request.body->upgrades + u'\n' + m_request.body->downgrades)
            .toUtf8();
    return (text + u"\n-- upgrade\n\n-- downgrade\n"_s).toUtf8();
}

/// The file must say what was asked for: a template may leave a variable out, a message may end the docstring.
Status RevisionMaker::verify(const QByteArray &bytes) const
{
    if (!m_revision.isSql)
        return verifyPython(bytes);
    const auto script = readSqlScript(bytes, m_revision.file);
    if (script && script->revision == m_revision.id
        && script->downRevisions == m_revision.downRevisions && script->labels == m_revision.labels
        && script->dependsOn == m_revision.dependsOn)
        return done();
    return usage(
        u"A SQL script can't hold these facts: identifiers and labels must not have blanks or commas."_s);
}

Status RevisionMaker::verifyPython(const QByteArray &bytes) const
{
    const QString file = scriptTemplate();
    const auto header = py::readHeader(bytes, m_revision.file);
    const auto source = py::parse(bytes, m_revision.file);
    if (!header || !source) {
        const Error &error = source ? header.error() : source.error();
        return Error{.code = ErrorCode::ProjectRefused,
                     .message =
                         u"%1 and this message make a file that is no revision script; nothing was "
                         "written."_s.arg(file),
                     .detail = error.message,
                     .file = file};
    }
    if (!m_revision.labels.isEmpty() && header->labels.isEmpty())
        return refused(
            u"Version %1 specified branch_labels %2, however the migration file %3 does not have "
            "them; have you upgraded your script.py.mako to include the 'branch_labels' section?"_s
                .arg(m_revision.id, m_revision.labels.join(u", "_s), m_revision.file),
            file);
    const QStringList missing = [&] {
        QStringList names;
        if (header->revision != m_revision.id)
            names.append(u"revision"_s);
        if (header->downRevisions != m_revision.downRevisions)
            names.append(u"down_revision"_s);
        if (header->labels != m_revision.labels)
            names.append(u"branch_labels"_s);
        if (header->dependsOn != m_revision.dependsOn)
            names.append(u"depends_on"_s);
        return names;
    }();
    if (missing.isEmpty())
        return done();
    return refused(
        u"%1 leaves out what was asked for: the file that it makes doesn't set %2 so; add that "
        "line to the template."_s.arg(file, missing.join(u", "_s)),
        file);
}

/// Each of them revises the new one where it revised the new one's parents.
Status RevisionMaker::insertBefore(HistoryChange *change) const
{
    for (const QString &id : m_request.before) {
        const int node = m_graph.find(id);
        if (node < 0 || m_graph.isGhost(node))
            return Error{.code = ErrorCode::NotFound,
                         .message = u"No file has the revision %1."_s.arg(id)};
        QStringList parents;
        for (const QString &parent : m_graph.revision(node).downRevisions)
            parents.append(m_revision.downRevisions.contains(parent) ? m_revision.id : parent);
        if (!parents.contains(m_revision.id))
            return usage(u"%1 revises none of %2, so nothing can come between them."_s.arg(
                id, m_revision.downRevisions.join(u", "_s)));
        parents.removeDuplicates();
        change->of(node).downRevisions = parents;
    }
    return done();
}

Status RevisionMaker::plan()
{
    m_revision.id = m_request.id.isEmpty() ? newRevisionId() : m_request.id;
    m_revision.message = m_request.message.value_or(u"empty message"_s);
    m_revision.labels = m_request.labels;
    if (const Status checked = checkRevisionId(m_revision.id); !checked)
        return checked;
    if (const Status found = findParents(); !found)
        return found;
    const auto date = createDate(m_request.now, m_config.timezone);
    if (!date)
        return date.error();
    m_date = *date;
    if (const Status found = findFolder(); !found)
        return found;
    if (const Status checked = checkHeads(); !checked)
        return checked;
    if (const Status found = findDependencies(); !found)
        return found;
    const int twin = m_graph.find(m_revision.id);
    if (twin >= 0 && !m_graph.isGhost(twin))
        return usage(u"Revision %1 exists already, in %2; give another id."_s.arg(
            m_revision.id, m_graph.revision(twin).file));
    m_revision.isSql = writesSqlRevisions(m_config, m_graph);
    return nameFile();
}

Result<NewRevision> RevisionMaker::make()
{
    if (const Status planned = plan(); !planned)
        return planned.error();
    const auto text = m_revision.isSql ? Result<QByteArray>(sqlText()) : pythonText();
    if (!text)
        return text.error();
    if (const Status verified = verify(*text); !verified)
        return verified.error();
    QList<FileChange> files = missingFolders();
    files.append({.path = m_revision.file, .after = *text});
    HistoryChange change(m_graph);
    change.add(m_revision, files);
    if (const Status inserted = insertBefore(&change); !inserted)
        return inserted.error();
    const auto edit =
        change.edit(m_parents.size() > 1 ? u"Merge %1"_s.arg(m_revision.downRevisions.join(u", "_s))
                                         : u"New revision %1"_s.arg(m_revision.id));
    if (!edit)
        return edit.error();
    m_made.edit = *edit;
    m_made.id = m_revision.id;
    m_made.file = m_revision.file;
    return m_made;
}

} // namespace

/// Plain SQL where there is no script.py.mako to render and no Python beside which it would stand.
bool writesSqlRevisions(const ProjectConfig &config, const RevisionGraph &graph)
{
    if (!config.scriptLocation.isEmpty())
        return false;
    bool hasPython = false;
    for (int node = 0; node < graph.revisionCount(); ++node) {
        if (graph.revision(node).isSql)
            return true;
        hasPython = true;
    }
    return !hasPython;
}

Result<NewRevision> newRevision(const ProjectConfig &config, const RevisionGraph &graph,
                                const RevisionRequest &request)
{
    return RevisionMaker(config, graph, request).make();
}

} // namespace tribikos
