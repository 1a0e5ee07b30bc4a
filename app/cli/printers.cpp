#include "app/cli/printers.h"

using namespace Qt::StringLiterals;

namespace tribikos::cli {

namespace {

QString commaList(const QStringList &texts)
{
    return texts.join(u", "_s);
}

QString parentText(const RevisionGraph &graph, int node)
{
    const QStringList parents = graph.revision(node).downRevisions;
    return parents.isEmpty() ? u"<base>"_s : commaList(parents);
}

// Python's str.splitlines(): more than \n ends a line.
QStringList lines(const QString &text)
{
    QStringList parts;
    QString line;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        const bool isEnd = (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) || c == 0x85
                           || c == 0x2028 || c == 0x2029;
        if (!isEnd) {
            line += text[i];
            continue;
        }
        if (c == u'\r' && i + 1 < text.size() && text[i + 1] == u'\n')
            ++i;
        parts.append(line);
        line.clear();
    }
    if (!line.isEmpty())
        parts.append(line);
    return parts;
}

QJsonArray array(const QStringList &texts)
{
    return QJsonArray::fromStringList(texts);
}

QString side(bool isThere, const QString &text)
{
    if (!isThere)
        return u"-"_s;
    return text.isEmpty() ? u"there"_s : text;
}

QJsonValue sideValue(bool isThere, const QString &text)
{
    return isThere ? QJsonValue(text) : QJsonValue(QJsonValue::Null);
}

QString tableText(const TableName &table)
{
    return table.schema.isEmpty() ? table.name : table.schema + u'.' + table.name;
}

} // namespace

QString revisionLine(const RevisionGraph &graph, int node, const LineStyle &style)
{
    const Revision &revision = graph.revision(node);
    QString text = revision.id;
    if (style.hasParents && revision.dependsOn.isEmpty())
        text = u"%1 -> %2"_s.arg(parentText(graph, node), text);
    else if (style.hasParents)
        text = u"%1 (%2) -> %3"_s.arg(parentText(graph, node), commaList(revision.dependsOn), text);
    if (const QStringList labels = graph.labels(node); style.hasLabels && !labels.isEmpty())
        text += u" (%1)"_s.arg(commaList(labels));
    if (graph.isRealHead(node))
        text += u" (head)"_s;
    else if (graph.isHead(node))
        text += u" (effective head)"_s;
    if (style.isCurrent)
        text += u" (current)"_s;
    if (style.hasTreeMarks && graph.isBranchPoint(node))
        text += u" (branchpoint)"_s;
    if (style.hasTreeMarks && graph.isMergePoint(node))
        text += u" (mergepoint)"_s;
    if (style.hasDoc)
        text += u", "_s + revision.message;
    return text;
}

QString revisionEntry(const RevisionGraph &graph, int node, bool isCurrent)
{
    const Revision &revision = graph.revision(node);
    QString text = u"Rev: "_s + revision.id;
    text += graph.isHead(node) ? u" (head)"_s : QString();
    text += graph.isBranchPoint(node) ? u" (branchpoint)"_s : QString();
    text += graph.isMergePoint(node) ? u" (mergepoint)"_s : QString();
    text += isCurrent ? u" (current)\n"_s : u"\n"_s;
    text += (graph.isMergePoint(node) ? u"Merges: "_s : u"Parent: "_s) + parentText(graph, node)
            + u'\n';
    if (!revision.dependsOn.isEmpty())
        text += u"Also depends on: "_s + commaList(revision.dependsOn) + u'\n';
    if (graph.isBranchPoint(node))
        text += u"Branches into: "_s + commaList(graph.ids(graph.children(node))) + u'\n';
    if (const QStringList labels = graph.labels(node); !labels.isEmpty())
        text += u"Branch names: "_s + commaList(labels) + u'\n';
    text += u"Path: "_s + revision.file + u"\n\n"_s;
    QStringList doc = lines(revision.longDoc);
    for (QString &line : doc)
        line.prepend(u"    "_s);
    return text + doc.join(u'\n') + u"\n"_s;
}

QJsonObject revisionObject(const RevisionGraph &graph, int node)
{
    const Revision &revision = graph.revision(node);
    return {{u"id"_s, revision.id},
            {u"down"_s, array(revision.downRevisions)},
            {u"labels"_s, array(graph.labels(node))},
            {u"depends_on"_s, array(revision.dependsOn)},
            {u"message"_s, revision.message},
            {u"is_head"_s, graph.isHead(node)},
            {u"is_branchpoint"_s, graph.isBranchPoint(node)},
            {u"is_mergepoint"_s, graph.isMergePoint(node)},
            {u"file"_s, revision.file},
            {u"created"_s, revision.createDate}};
}

QJsonObject stepObject(const Plan &plan, const PlanStep &step)
{
    // A stretch is not spelled out: it is an object, which nobody takes for a statement.
    const auto said = [](const Statement &statement) {
        if (!statement.stretch)
            return QJsonValue(scriptStatement(statement));
        return QJsonValue(QJsonObject{{u"stretch"_s, statement.shown()},
                                      {u"statements"_s, statement.count()},
                                      {u"line"_s, statement.stretch->line},
                                      {u"last_line"_s, statement.stretch->lastLine}});
    };
    const auto texts = [&said](const QList<Statement> &statements) {
        QJsonArray list;
        for (const Statement &statement : statements)
            list.append(said(statement));
        return list;
    };
    QJsonArray warnings;
    for (const LossNote &warning : step.warnings)
        warnings.append(warning.message);
    const QString direction = step.direction == Direction::Upgrade     ? u"upgrade"_s
                              : step.direction == Direction::Downgrade ? u"downgrade"_s
                                                                       : u"stamp"_s;
    return {{u"revision"_s, step.revision},
            {u"direction"_s, direction},
            {u"status"_s, stepStatusName(step.status)},
            {u"reason"_s, step.reason},
            {u"file"_s, step.file},
            {u"line"_s, step.line},
            {u"statements"_s, texts(stepStatements(plan, step))},
            {u"version_statements"_s, texts(step.versionStatements)},
            {u"warnings"_s, warnings}};
}

QJsonObject diagnosticObject(const Diagnostic &diagnostic)
{
    const QString severity = diagnostic.severity == Severity::Error     ? u"error"_s
                             : diagnostic.severity == Severity::Warning ? u"warning"_s
                                                                        : u"info"_s;
    return {{u"severity"_s, severity},          {u"code"_s, diagnostic.code},
            {u"message"_s, diagnostic.message}, {u"file"_s, diagnostic.file},
            {u"line"_s, diagnostic.span.line},  {u"revision"_s, diagnostic.revision}};
}

QJsonObject differenceObject(const Difference &difference)
{
    QString kind = differenceKindName(difference.kind);
    if (!difference.aspect.isEmpty())
        kind += u' ' + difference.aspect;
    return {{u"kind"_s, kind},
            {u"table"_s, tableText(difference.table)},
            {u"name"_s, difference.name},
            {u"models"_s, sideValue(difference.inModels, difference.models)},
            {u"migrations"_s, sideValue(difference.inMigrations, difference.migrations)},
            {u"database"_s, sideValue(difference.inDatabase, difference.database)},
            {u"verdict"_s, verdictText(difference.verdict)},
            {u"revision"_s, difference.revision},
            {u"uncertain"_s, difference.uncertain}};
}

QJsonArray renamesArray(const QList<Rename> &renames)
{
    QJsonArray list;
    for (const Rename &rename : renames)
        list.append(QJsonObject{{u"table"_s, tableText(rename.table)},
                                {u"column"_s, rename.column},
                                {u"new_name"_s, rename.newName},
                                {u"rename"_s, rename.text()}});
    return list;
}

QString renameOffer(const Rename &rename)
{
    return u"%1 may only be called %2 now; 'revision --autogenerate --rename %3' keeps what is in it."_s
        .arg(rename.text().section(u'=', 0, 0), rename.newName, rename.text());
}

QString differenceLine(const Difference &difference)
{
    QString what = differenceKindName(difference.kind) + u' ' + tableText(difference.table);
    if (!difference.name.isEmpty())
        what += u'.' + difference.name;
    if (!difference.aspect.isEmpty())
        what += u' ' + difference.aspect;
    QString line = u"%1: %2; models: %3; migrations: %4; database: %5"_s.arg(
        what, verdictText(difference.verdict), side(difference.inModels, difference.models),
        side(difference.inMigrations, difference.migrations),
        side(difference.inDatabase, difference.database));
    if (!difference.explanation.isEmpty())
        line += u" ("_s + difference.explanation + u')';
    return difference.uncertain ? line + u" [uncertain]"_s : line;
}

QString directiveName(const Difference &difference)
{
    static const QHash<Difference::Kind, QString> nouns{
        {Difference::Kind::Table, u"table"_s},
        {Difference::Kind::Column, u"column"_s},
        {Difference::Kind::PrimaryKey, u"constraint"_s},
        {Difference::Kind::UniqueConstraint, u"constraint"_s},
        {Difference::Kind::CheckConstraint, u"constraint"_s},
        {Difference::Kind::ForeignKey, u"fk"_s},
        {Difference::Kind::Index, u"index"_s},
        {Difference::Kind::Object, u"object"_s}};
    if (!difference.aspect.isEmpty())
        return u"modify_"_s + difference.aspect;
    const QString verb = difference.inModels && difference.inDatabase ? u"modify"_s
                         : difference.inModels                        ? u"add"_s
                                                                      : u"remove"_s;
    return verb + u'_' + nouns.value(difference.kind);
}

} // namespace tribikos::cli
