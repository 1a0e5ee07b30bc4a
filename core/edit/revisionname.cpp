#include "core/edit/revisionname.h"

#include "core/pyread/interpreter.h"

#include <QUuid>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

QString slugOf(const QString &message, int limit)
{
    QList<uint> slug;
    bool isInWord = false;
    for (const uint c : message.toLower().toUcs4()) {
        const bool isWord = QChar::isLetterOrNumber(c) || c == u'_';
        if (isWord && !isInWord && !slug.isEmpty())
            slug.append(u'_');
        if (isWord)
            slug.append(c);
        isInWord = isWord;
    }
    const auto text = [](const QList<uint> &characters) {
        return QString::fromUcs4(reinterpret_cast<const char32_t *>(characters.constData()),
                                 characters.size());
    };
    if (slug.size() <= limit)
        return text(slug);
    slug.resize(limit);
    if (const qsizetype last = slug.lastIndexOf(u'_'); last >= 0)
        slug.resize(last);
    return text(slug) + u'_';
}

Result<QString> revisionFileName(const QString &fileTemplate, const QString &revision,
                                 const QString &slug, const CreateDate &date)
{
    py::Interpreter interpreter(
        std::make_shared<const py::ModuleRegistry>(py::ModuleRegistry::standard()));
    const auto name = interpreter.guarded([&] {
        const py::Value tokens = interpreter.dict({{u"rev"_s, py::Value(revision)},
                                                   {u"slug"_s, py::Value(slug)},
                                                   {u"epoch"_s, py::Value(date.epoch)},
                                                   {u"year"_s, py::Value(date.date.year())},
                                                   {u"month"_s, py::Value(date.date.month())},
                                                   {u"day"_s, py::Value(date.date.day())},
                                                   {u"hour"_s, py::Value(date.hour)},
                                                   {u"minute"_s, py::Value(date.minute)},
                                                   {u"second"_s, py::Value(date.second)}});
        return interpreter.binary(py::BinaryOp::Mod, py::Value(fileTemplate), tokens);
    });
    if (name && name->isStr() && !name->str().isEmpty())
        return name->str();
    return Error{
        .code = ErrorCode::ProjectRefused,
        .message =
            u"file_template '%1' can't be filled in; it may hold %(rev)s, %(slug)s, %(epoch)s, "
            "%(year)d, %(month).2d, %(day).2d, %(hour).2d, %(minute).2d and %(second).2d."_s.arg(
                fileTemplate),
        .detail = name ? QString() : name.error().message};
}

QString newRevisionId()
{
    return QUuid::createUuid().toString(QUuid::Id128).right(12);
}

Status checkRevisionId(const QString &id)
{
    QStringList wrong;
    for (const QChar c : u"+-:@"_s) {
        if (id.contains(c))
            wrong.append(c);
    }
    if (!wrong.isEmpty())
        return Error{.code = ErrorCode::Usage,
                     .message = u"Character(s) '%1' not allowed in revision identifier '%2'"_s.arg(
                         wrong.join(u", "_s), id)};
    if (id.trimmed().isEmpty() || id != id.trimmed())
        return Error{
            .code = ErrorCode::Usage,
            .message =
                u"A revision's identifier can't be empty or begin or end with a blank: '%1'."_s.arg(
                    id)};
    return done();
}

} // namespace tribikos
