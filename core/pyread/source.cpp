#include "core/pyread/source.h"

#include "core/pyread/decode.h"
#include "core/pyread/parser.h"

#include <QFileInfo>

namespace tribikos::py {

using namespace Qt::StringLiterals;

Result<std::shared_ptr<const Source>> parse(const QByteArray &bytes, const QString &file)
{
    const Result<QString> text = decodeSource(bytes, file);
    if (!text)
        return text.error();
    try {
        Parser parser(*text);
        auto source = std::make_shared<Source>();
        source->file = file;
        source->tree = parser.module();
        return std::shared_ptr<const Source>(std::move(source));
    } catch (const SyntaxFailure &failure) {
        return syntaxError(failure, file);
    }
}

Result<std::shared_ptr<const Source>> parseMade(const QString &text, const QList<int> &lineOf,
                                                const QString &file)
{
    const auto original = [&lineOf](int line) { return lineOf.value(line - 1, line); };
    try {
        Parser parser(text);
        auto source = std::make_shared<Source>();
        source->file = file;
        source->tree = parser.module();
        for (const auto &node : source->tree->nodes) {
            node->span.line = original(node->span.line);
            node->span.endLine = original(node->span.endLine);
        }
        return std::shared_ptr<const Source>(std::move(source));
    } catch (SyntaxFailure &failure) {
        failure.line = original(failure.line);
        return syntaxError(failure, file);
    }
}

Error syntaxError(const SyntaxFailure &failure, const QString &file)
{
    return {.code = ErrorCode::Syntax,
            .message = u"%1:%2:%3 is not valid Python: %4"_s
                           .arg(QFileInfo(file).fileName())
                           .arg(failure.line)
                           .arg(failure.column)
                           .arg(failure.message),
            .file = file,
            .line = failure.line};
}

} // namespace tribikos::py
