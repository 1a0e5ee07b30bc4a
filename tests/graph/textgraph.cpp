#include "textgraph.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QList<Revision> revisionsFromText(const QString &text)
{
    QList<Revision> revisions;
    for (const QString &part : text.split(u'|', Qt::SkipEmptyParts)) {
        const qsizetype colon = part.indexOf(u':');
        Revision revision{.id = part.left(colon).trimmed()};
        for (const QString &word : part.mid(colon + 1).split(u' ', Qt::SkipEmptyParts)) {
            if (word.startsWith(u'+'))
                revision.dependsOn.append(word.mid(1));
            else if (word.startsWith(u'#'))
                revision.labels.append(word.mid(1));
            else
                revision.downRevisions.append(word);
        }
        revision.file = u"/versions/%1.py"_s.arg(revision.id);
        revisions.append(revision);
    }
    return revisions;
}

RevisionGraph graphFromText(const QString &text, Diagnostics *diagnostics)
{
    return RevisionGraph::build(revisionsFromText(text), diagnostics);
}

} // namespace tribikos
