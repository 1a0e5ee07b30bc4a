#include "core/config/tomlfile.h"

#include "core/config/versionfiles.h"

#include <QFileInfo>
#include <algorithm>
#include <string_view>
// The parser asserts of foreign text what it goes on to check, and then says it as an error.
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qint64 largestToml = 1024 * 1024;
constexpr int deepestValue = 32;

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

TomlValue converted(const toml::node &node, int depth)
{
    TomlValue value{.kind = TomlValue::Kind::Other, .line = int(node.source().begin.line)};
    if (const auto *text = node.as_string()) {
        value.kind = TomlValue::Kind::Text;
        value.text = fromUtf8(text->get());
    } else if (const auto *number = node.as_integer()) {
        value.kind = TomlValue::Kind::Integer;
        value.integer = number->get();
    } else if (const auto *flag = node.as_boolean()) {
        value.kind = TomlValue::Kind::Boolean;
        value.boolean = flag->get();
    } else if (depth > deepestValue) {
        return value;
    } else if (const auto *list = node.as_array()) {
        value.kind = TomlValue::Kind::List;
        for (const toml::node &item : *list)
            value.items.append(converted(item, depth + 1));
    } else if (const auto *table = node.as_table()) {
        value.kind = TomlValue::Kind::Table;
        for (const auto &[key, entry] : *table)
            value.entries.append({fromUtf8(key.str()), converted(entry, depth + 1)});
        // The library sorts by name; people read, and Tribikos lists, in the file's order.
        std::ranges::stable_sort(value.entries, {}, [](const auto &e) { return e.second.line; });
    }
    return value;
}

} // namespace

const TomlValue &TomlValue::operator[](const QString &key) const
{
    static const TomlValue none;
    for (const auto &[name, value] : entries) {
        if (name == key)
            return value;
    }
    return none;
}

std::optional<QStringList> TomlValue::texts() const
{
    if (kind == Kind::Text)
        return QStringList{text};
    if (kind != Kind::List)
        return std::nullopt;
    QStringList list;
    for (const TomlValue &item : items) {
        if (item.kind != Kind::Text)
            return std::nullopt;
        list.append(item.text);
    }
    return list;
}

Result<TomlValue> parseToml(const QByteArray &bytes, const QString &path)
{
    try {
        const toml::table table =
            toml::parse(std::string_view(bytes.constData(), size_t(bytes.size())));
        return converted(table, 0);
    } catch (const toml::parse_error &error) {
        const int line = int(error.source().begin.line);
        return Error{.code = ErrorCode::Syntax,
                     .message =
                         u"%1:%2: %3."_s.arg(QFileInfo(path).fileName(), QString::number(line),
                                             fromUtf8(error.description())),
                     .file = path,
                     .line = line};
    }
}

Result<TomlValue> readToml(const QString &path)
{
    const auto bytes = readRegularFile(path, largestToml);
    if (!bytes)
        return bytes.error();
    return parseToml(*bytes, path);
}

} // namespace tribikos
