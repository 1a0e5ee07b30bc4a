#pragma once

#include "core/pyread/value.h"

#include <QSet>
#include <memory>
#include <memory_resource>

/// The syntax tree of a Python file. Nodes are owned by their Module (in one flat list, so that no
/// depth of nesting can overflow the stack when they are freed) and point to each other plainly.
namespace tribikos::py::ast {

struct Node
{
    virtual ~Node() = default;
    SourceSpan span{};
};

enum class ExprKind : quint8 {
    Constant, Bytes, Ellipsis, JoinedStr, FormattedValue, Name, Attribute, Subscript, Slice, Call,
    Binary, Unary, Not, BoolOp, Compare, Lambda, IfExp, Tuple, List, Set, Dict, Starred,
    Comprehension, NamedExpr, Yield, YieldFrom, Await, Refused
};
struct Expr : Node
{
    explicit Expr(ExprKind k) : kind(k) {}
    const ExprKind kind;
};
template<ExprKind K>
struct ExprOf : Expr
{
    static constexpr ExprKind Kind = K;
    ExprOf() : Expr(K) {}
};

enum class StmtKind : quint8 {
    Expression, Assign, AugAssign, AnnAssign, Return, Raise, Assert, Delete, Pass, Break, Continue,
    Global, Nonlocal, Import, ImportFrom, If, For, While, Try, With, FunctionDef, ClassDef, Match,
    TypeAlias
};
struct Stmt : Node
{
    explicit Stmt(StmtKind k) : kind(k) {}
    const StmtKind kind;
};
template<StmtKind K>
struct StmtOf : Stmt
{
    static constexpr StmtKind Kind = K;
    StmtOf() : Stmt(K) {}
};

/// \a node as its own type when its kind fits, else null.
template<typename T, typename Base>
const T *as(const Base *node)
{
    return node && node->kind == T::Kind ? static_cast<const T *>(node) : nullptr;
}

using Body = std::vector<Stmt *>;
using Exprs = std::vector<Expr *>;

// --- expressions ---------------------------------------------------------------------------------

struct Constant : ExprOf<ExprKind::Constant> // None, True, False, numbers, text
{
    Value value{};
};
struct BytesConstant : ExprOf<ExprKind::Bytes>
{
    QByteArray data{};
};
struct EllipsisConstant : ExprOf<ExprKind::Ellipsis>
{
};
/// Python that we understand but don't evaluate, such as an integer beyond 64 bits.
struct RefusedExpr : ExprOf<ExprKind::Refused>
{
    QString reason{};
};
struct JoinedStr : ExprOf<ExprKind::JoinedStr>
{
    Exprs parts{}; // Constant or FormattedValue
};
struct FormattedValue : ExprOf<ExprKind::FormattedValue>
{
    Expr *value = nullptr;
    QChar conversion{}; // r, s, a or null
    JoinedStr *spec = nullptr;
};
struct Name : ExprOf<ExprKind::Name>
{
    QString id{};
};
struct Attribute : ExprOf<ExprKind::Attribute>
{
    Expr *value = nullptr;
    QString name{};
};
struct Subscript : ExprOf<ExprKind::Subscript>
{
    Expr *value = nullptr;
    Expr *index = nullptr;
};
struct SliceExpr : ExprOf<ExprKind::Slice>
{
    Expr *lower = nullptr;
    Expr *upper = nullptr;
    Expr *step = nullptr;
};
struct Argument
{
    enum class Kind : quint8 { Positional, Star, Keyword, DoubleStar };
    Kind kind = Kind::Positional;
    QString name{}; // of a keyword
    Expr *value = nullptr;
};
struct Call : ExprOf<ExprKind::Call>
{
    Expr *function = nullptr;
    std::vector<Argument> arguments{};
};
struct Binary : ExprOf<ExprKind::Binary>
{
    BinaryOp op = BinaryOp::Add;
    Expr *left = nullptr;
    Expr *right = nullptr;
};
struct Unary : ExprOf<ExprKind::Unary>
{
    UnaryOp op = UnaryOp::Plus;
    Expr *operand = nullptr;
};
struct Not : ExprOf<ExprKind::Not>
{
    Expr *operand = nullptr;
};
struct BoolOp : ExprOf<ExprKind::BoolOp>
{
    bool isAnd = false;
    Exprs values{};
};
enum class Comparison : quint8 { Eq, Ne, Lt, Le, Gt, Ge, Is, IsNot, In, NotIn };
struct Compare : ExprOf<ExprKind::Compare>
{
    Expr *left = nullptr;
    std::vector<Comparison> ops{};
    Exprs rights{};
};
struct Parameter
{
    enum class Kind : quint8 { PositionalOnly, Plain, Star, KeywordOnly, DoubleStar };
    Kind kind = Kind::Plain;
    QString name{};
    Expr *annotation = nullptr;
    Expr *defaultValue = nullptr;
};
/// What a function's body assigns, so that a read before the assignment can be told apart.
struct ScopeNames
{
    QSet<QString> locals{};
    QSet<QString> globals{};
    QSet<QString> nonlocals{};
    bool isGenerator = false;
};
struct Lambda : ExprOf<ExprKind::Lambda>
{
    std::vector<Parameter> parameters{};
    Expr *body = nullptr;
    ScopeNames scope{};
};
struct IfExp : ExprOf<ExprKind::IfExp>
{
    Expr *test = nullptr;
    Expr *body = nullptr;
    Expr *orelse = nullptr;
};
template<ExprKind K>
struct Sequence : ExprOf<K>
{
    Exprs items{};
};
using TupleExpr = Sequence<ExprKind::Tuple>;
using ListExpr = Sequence<ExprKind::List>;
using SetExpr = Sequence<ExprKind::Set>;
struct DictExpr : ExprOf<ExprKind::Dict>
{
    Exprs keys{}; // null: `**value`
    Exprs values{};
};
struct Starred : ExprOf<ExprKind::Starred>
{
    Expr *value = nullptr;
};
struct Clause
{
    Expr *target = nullptr;
    Expr *iterable = nullptr;
    Exprs conditions{};
};
struct Comprehension : ExprOf<ExprKind::Comprehension>
{
    enum class Makes : quint8 { List, Set, Dict, Generator };
    Makes makes = Makes::List;
    Expr *element = nullptr; // of a dict: the key
    Expr *value = nullptr;   // of a dict
    std::vector<Clause> clauses{};
};
struct NamedExpr : ExprOf<ExprKind::NamedExpr>
{
    QString name{};
    Expr *value = nullptr;
};
template<ExprKind K>
struct OptionalOperand : ExprOf<K>
{
    Expr *value = nullptr;
};
using Yield = OptionalOperand<ExprKind::Yield>;
using YieldFrom = OptionalOperand<ExprKind::YieldFrom>;
using Await = OptionalOperand<ExprKind::Await>;

// --- statements ----------------------------------------------------------------------------------

struct ExprStmt : StmtOf<StmtKind::Expression>
{
    Expr *value = nullptr;
};
struct Assign : StmtOf<StmtKind::Assign>
{
    Exprs targets{};
    Expr *value = nullptr;
};
struct AugAssign : StmtOf<StmtKind::AugAssign>
{
    Expr *target = nullptr;
    BinaryOp op = BinaryOp::Add;
    Expr *value = nullptr;
};
struct AnnAssign : StmtOf<StmtKind::AnnAssign>
{
    Expr *target = nullptr;
    Expr *annotation = nullptr;
    Expr *value = nullptr; // may be null
};
struct Return : StmtOf<StmtKind::Return>
{
    Expr *value = nullptr;
};
struct Raise : StmtOf<StmtKind::Raise>
{
    Expr *exception = nullptr;
    Expr *cause = nullptr;
};
struct Assert : StmtOf<StmtKind::Assert>
{
    Expr *test = nullptr;
    Expr *message = nullptr;
};
struct Delete : StmtOf<StmtKind::Delete>
{
    Exprs targets{};
};
using Pass = StmtOf<StmtKind::Pass>;
using Break = StmtOf<StmtKind::Break>;
using Continue = StmtOf<StmtKind::Continue>;
struct Global : StmtOf<StmtKind::Global>
{
};
struct Nonlocal : StmtOf<StmtKind::Nonlocal>
{
};
struct ImportName
{
    QString name{};  // dotted for `import`
    QString asName{}; // empty: none
};
struct Import : StmtOf<StmtKind::Import>
{
    std::vector<ImportName> names{};
};
struct ImportFrom : StmtOf<StmtKind::ImportFrom>
{
    QString module{}; // may be empty
    int level = 0;    // leading dots
    std::vector<ImportName> names{}; // empty: *
};
struct If : StmtOf<StmtKind::If>
{
    struct Branch
    {
        Expr *test = nullptr;
        Body body{};
    };
    std::vector<Branch> branches{}; // if, elif …
    Body orelse{};
};
struct For : StmtOf<StmtKind::For>
{
    Expr *target = nullptr;
    Expr *iterable = nullptr;
    Body body{};
    Body orelse{};
    bool isAsync = false;
};
struct While : StmtOf<StmtKind::While>
{
    Expr *test = nullptr;
    Body body{};
    Body orelse{};
};
struct Handler
{
    Expr *type = nullptr; // null: bare except
    QString name{};
    Body body{};
    SourceSpan span{};
};
struct Try : StmtOf<StmtKind::Try>
{
    Body body{};
    std::vector<Handler> handlers{};
    bool isStar = false; // except*
    Body orelse{};
    Body finally{};
};
struct WithItem
{
    Expr *context = nullptr;
    Expr *target = nullptr;
};
struct With : StmtOf<StmtKind::With>
{
    std::vector<WithItem> items{};
    Body body{};
    bool isAsync = false;
};
struct FunctionDef : StmtOf<StmtKind::FunctionDef>
{
    QString name{};
    std::vector<Parameter> parameters{};
    Expr *returns = nullptr;
    Exprs decorators{};
    Body body{};
    ScopeNames scope{};
    bool isAsync = false;
};
struct ClassDef : StmtOf<StmtKind::ClassDef>
{
    QString name{};
    std::vector<Argument> arguments{}; // bases and keywords
    Exprs decorators{};
    Body body{};
};
struct Pattern : Node
{
    enum class Kind : quint8 { Value, Capture, Wildcard, Or, Sequence, Star, Mapping, Class };
    Kind kind = Kind::Wildcard;
    Expr *value = nullptr;             // Value: compared with; Class: the class
    QString name{};                    // Capture, Star, `as`; Mapping: the **rest
    std::vector<Pattern *> patterns{}; // alternatives, items, values, positional ones
    Exprs keys{};                      // Mapping
    std::vector<std::pair<QString, Pattern *>> keywords{}; // Class
};
struct Case
{
    Pattern *pattern = nullptr;
    Expr *guard = nullptr;
    Body body{};
};
struct Match : StmtOf<StmtKind::Match>
{
    Expr *subject = nullptr;
    std::vector<Case> cases{};
};
struct TypeAlias : StmtOf<StmtKind::TypeAlias>
{
    QString name{};
    Expr *value = nullptr;
};

struct Module
{
    QString docstring{}; // as written, after unescaping
    bool hasDocstring = false;
    Body body{};
    std::pmr::monotonic_buffer_resource memory{8192}; // thousands of small nodes live and die together
    std::vector<std::unique_ptr<Node, DestroyInPlace>> nodes{}; // owns everything above
};

} // namespace tribikos::py::ast
