#include "core/base/scriptfacts.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QMap<QString, QString> ofBackend(const QMap<QString, QString> &texts,
                                 std::optional<Backend> backend)
{
    QMap<QString, QString> common;
    QMap<QString, QString> own;
    for (auto it = texts.cbegin(); it != texts.cend(); ++it) {
        const auto named = backendFromName(it.key().section(u':', 0, 0));
        if (!named || !it.key().contains(u':'))
            common.insert(it.key(), it.value());
        else if (named == backend)
            own.insert(it.key().section(u':', 1), it.value());
    }
    common.insert(own);
    return common;
}

QMap<QString, QString> ofRevision(const QMap<QString, QString> &answers, const QString &revision)
{
    QMap<QString, QString> common;
    QMap<QString, QString> own;
    for (auto it = answers.cbegin(); it != answers.cend(); ++it) {
        const QString id = it.key().section(u'\n', 0, 0);
        if (id.isEmpty())
            common.insert(it.key(), it.value());
        else if (id == revision)
            own.insert(it.key().mid(id.size()), it.value());
    }
    common.insert(own);
    return common;
}

QString answerKey(const QString &sql)
{
    QString key = sql.simplified();
    while (key.endsWith(u';') || key.endsWith(u' '))
        key.chop(1);
    return key;
}

} // namespace tribikos
