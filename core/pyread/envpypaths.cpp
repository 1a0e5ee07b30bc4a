#include "core/pyread/envpypaths.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

constexpr int maxDepth = 30;
constexpr int maxSteps = 20'000;         // names that double each other make bombs
constexpr qsizetype maxLength = 1 << 14; // no path is longer

QString parentOf(const QString &path)
{
    return QFileInfo(path).path();
}

} // namespace

StaticPaths::StaticPaths(const ast::Module &tree, QString file, QString workingFolder)
    : m_file(std::move(file))
    , m_workingFolder(std::move(workingFolder))
{
    for (const ast::Stmt *statement : tree.body) {
        if (const auto *assign = ast::as<ast::Assign>(statement)) {
            for (const ast::Expr *target : assign->targets) {
                if (const auto *name = ast::as<ast::Name>(target))
                    m_assigned.insert(name->id, assign->value);
            }
        } else if (const auto *annotated = ast::as<ast::AnnAssign>(statement)) {
            if (const auto *name = ast::as<ast::Name>(annotated->target); name && annotated->value)
                m_assigned.insert(name->id, annotated->value);
        }
    }
}

QString StaticPaths::dotted(const ast::Expr *expression)
{
    if (const auto *name = ast::as<ast::Name>(expression))
        return name->id;
    if (const auto *attribute = ast::as<ast::Attribute>(expression)) {
        const QString left = dotted(attribute->value);
        return left.isEmpty() ? QString() : left + u'.' + attribute->name;
    }
    return {};
}

std::optional<bool> StaticPaths::truth(const ast::Expr *expression) const
{
    const auto *constant = ast::as<ast::Constant>(expression);
    if (constant && constant->value.isBool())
        return constant->value.isTrue();
    if (const auto *name = ast::as<ast::Name>(expression)) {
        const auto *value = ast::as<ast::Constant>(assigned(name->id));
        if (value && value->value.isBool())
            return value->value.isTrue();
    }
    return std::nullopt;
}

std::optional<QString> StaticPaths::text(const ast::Expr *expression, int depth) const
{
    if (!expression || depth > maxDepth || ++m_steps > maxSteps)
        return std::nullopt;
    if (const auto *constant = ast::as<ast::Constant>(expression))
        return constant->value.isStr() ? std::optional(constant->value.str()) : std::nullopt;
    if (const auto *name = ast::as<ast::Name>(expression))
        return name->id == u"__file__" ? std::optional(m_file)
                                       : text(assigned(name->id), depth + 1);
    if (const auto *binary = ast::as<ast::Binary>(expression)) {
        const auto left = text(binary->left, depth + 1);
        const auto right = text(binary->right, depth + 1);
        if (!left || !right || left->size() + right->size() > maxLength)
            return std::nullopt;
        if (binary->op == BinaryOp::Add)
            return *left + *right;
        return binary->op == BinaryOp::Div ? std::optional(QDir::cleanPath(*left + u'/' + *right))
                                           : std::nullopt;
    }
    if (const auto *node = ast::as<ast::Call>(expression))
        return call(*node, depth);
    if (const auto *node = ast::as<ast::Attribute>(expression))
        return attribute(*node, depth);
    if (const auto *node = ast::as<ast::Subscript>(expression))
        return parents(*node, depth);
    return std::nullopt;
}

/// path.parent, os.pardir …
std::optional<QString> StaticPaths::attribute(const ast::Attribute &node, int depth) const
{
    const QString name = dotted(&node);
    if (name == u"os.pardir" || name == u"os.path.pardir")
        return u".."_s;
    if (name == u"os.curdir" || name == u"os.path.curdir")
        return u"."_s;
    if (node.name != u"parent")
        return std::nullopt;
    const auto path = text(node.value, depth + 1);
    return path ? std::optional(parentOf(*path)) : std::nullopt;
}

/// path.parents[1]
std::optional<QString> StaticPaths::parents(const ast::Subscript &node, int depth) const
{
    const auto *list = ast::as<ast::Attribute>(node.value);
    const auto *index = ast::as<ast::Constant>(node.index);
    if (!list || list->name != u"parents" || !index || !index->value.isInt())
        return std::nullopt;
    auto path = text(list->value, depth + 1);
    for (qint64 i = 0; path && i <= std::clamp<qint64>(index->value.toInt(), 0, maxDepth); ++i)
        path = parentOf(*path);
    return path;
}

std::optional<QString> StaticPaths::call(const ast::Call &node, int depth) const
{
    std::vector<QString> arguments;
    for (const ast::Argument &argument : node.arguments) {
        if (argument.kind != ast::Argument::Kind::Positional)
            continue;
        const auto value = text(argument.value, depth + 1);
        if (!value)
            return std::nullopt;
        arguments.push_back(*value);
    }
    const QString whole = dotted(node.function);
    const QString last = whole.section(u'.', -1);
    if (whole == u"os.getcwd" || whole == u"Path.cwd" || whole == u"pathlib.Path.cwd")
        return m_workingFolder;
    static const QStringList same{u"str"_s,      u"abspath"_s, u"realpath"_s,
                                  u"normpath"_s, u"Path"_s,    u"fspath"_s};
    if (same.contains(last) && arguments.size() == 1)
        return last == u"str" || last == u"fspath"
                   ? arguments.front()
                   : QDir::cleanPath(QDir(m_workingFolder).absoluteFilePath(arguments.front()));
    if (last == u"dirname" && arguments.size() == 1)
        return parentOf(arguments.front());
    if (last == u"join" && whole != u"join" && !arguments.empty()) {
        QString path = arguments.front();
        for (size_t i = 1; i < arguments.size(); ++i)
            path = QDir(path).filePath(arguments[i]);
        return QDir::cleanPath(path);
    }
    // methods of a path: Path(__file__).resolve(), .absolute(), .as_posix(), .joinpath("x")
    const auto *method = ast::as<ast::Attribute>(node.function);
    static const QStringList unchanged{u"resolve"_s, u"absolute"_s, u"as_posix"_s, u"expanduser"_s,
                                       u"__str__"_s};
    if (!method || (!unchanged.contains(method->name) && method->name != u"joinpath"))
        return std::nullopt;
    auto path = text(method->value, depth + 1);
    for (const QString &part : arguments) {
        if (path)
            path = QDir(*path).filePath(part);
    }
    return path;
}

} // namespace tribikos::py
