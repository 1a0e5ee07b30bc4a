#pragma once

#include "core/pyread/ast.h"
#include "core/pyread/tokenizer.h"

namespace tribikos::py {

/// Recursive descent over the grammar of Python 3.8 to 3.13. One use: Parser(text).module().
/// Throws SyntaxFailure. Nesting is counted, the number of tokens is limited.
class Parser
{
public:
    explicit Parser(const QString &text);
    std::shared_ptr<const ast::Module> module();

    static constexpr int maxDepth = 200;
    static constexpr int maxTokens = 1'000'000;
    static constexpr int maxChain = 1000; // of `a.b().c[d]…`
    static constexpr qsizetype maxSearched = 200'000'000; // characters, for the places of f-strings' fields

private:
    // tokens (parser.cpp): the small ones are asked for several times a token
    [[gnu::always_inline]] const Token &peek(int ahead = 0)
    {
        if (m_stream.index + size_t(ahead) >= m_stream.tokens.size()) [[unlikely]]
            readTokens(size_t(ahead));
        return m_stream.tokens[m_stream.index + size_t(ahead)];
    }
    void readTokens(size_t ahead);
    [[gnu::always_inline]] Tok kind(int ahead = 0) { return peek(ahead).kind; }
    [[gnu::always_inline]] bool at(Tok wanted) { return kind() == wanted; }
    [[gnu::always_inline]] const Token &take() // valid until the next one is taken
    {
        m_last = peek();
        ++m_stream.index;
        return m_last;
    }
    [[gnu::always_inline]] bool accept(Tok wanted)
    {
        if (!at(wanted))
            return false;
        take();
        return true;
    }
    const Token &expect(Tok wanted, QStringView what) // valid until the next one is taken
    {
        if (!at(wanted)) [[unlikely]]
            failExpecting(what);
        return take();
    }
    [[noreturn]] void failExpecting(QStringView what);
    QStringView view(const Token &token) const;
    QString identifier(const Token &token) const;
    bool atWord(QStringView word);
    [[noreturn]] void fail(const QString &message);
    [[noreturn]] void failAt(const Token &token, const QString &message);
    [[noreturn]] void unexpected();
    [[noreturn]] void failAsTooDeep();

    template<typename T, typename Place>
    T *make(const Place &begin) // a Token or SourceSpan
    {
        T *node = new (m_module->memory.allocate(sizeof(T), alignof(T))) T;
        m_module->nodes.emplace_back(node);
        node->span.line = begin.line;
        node->span.column = begin.column;
        return node;
    }
    template<typename T>
    T *finish(T *node)
    {
        node->span.endLine = m_last.endLine;
        node->span.endColumn = m_last.endColumn;
        return node;
    }
    Token tokenOf(const ast::Node *node) const;

    struct Depth // counts nesting for the time it lives
    {
        explicit Depth(Parser &owner) : parser(owner)
        {
            if (++parser.m_depth > maxDepth) [[unlikely]]
                parser.failAsTooDeep();
        }
        ~Depth() { --parser.m_depth; }
        Parser &parser;
    };
    struct Scope // the function whose names are collected for the time it lives
    {
        Scope(Parser &owner, ast::ScopeNames *names);
        ~Scope() { parser.m_scopes.pop_back(); }
        Parser &parser;
    };
    void bind(const QString &name); // the current function assigns it
    void markGenerator(const Token &token);

    // expressions (parseexpr.cpp)
    ast::Expr *starList(const QString &missing = {});
    ast::Expr *starItem();
    ast::Expr *namedExpr();
    ast::Expr *ternary();
    // One for each level of operators. \a operand: the first operand, where that has been read already.
    ast::Expr *disjunction(ast::Expr *operand = nullptr);
    ast::Expr *conjunction(ast::Expr *operand = nullptr);
    ast::Expr *inversion(ast::Expr *operand = nullptr);
    ast::Expr *comparison(ast::Expr *operand = nullptr);
    ast::Expr *binary(int minimum = 0, ast::Expr *operand = nullptr);
    ast::Expr *unary(ast::Expr *operand = nullptr);
    ast::Expr *power(ast::Expr *operand = nullptr);
    ast::Expr *primary();
    ast::Expr *atom();
    ast::Expr *lambda();
    ast::Expr *yieldExpr();
    ast::Expr *parenthesised();
    ast::Expr *listDisplay();
    ast::Expr *braceDisplay();
    ast::Expr *dictDisplay(const Token &begin, ast::Expr *firstKey, ast::Expr *firstValue);
    ast::Expr *comprehension(const Token &begin, ast::Comprehension::Makes makes,
                             ast::Expr *element, ast::Expr *value);
    bool atComprehension();
    ast::Expr *subscriptIndex();
    ast::Expr *sliceItem();
    std::vector<ast::Argument> arguments(); // from behind the '(' to behind the ')'
    ast::Expr *constant(const Token &token, Value value);

    // targets and parameters (parsetargets.cpp)
    ast::Expr *targetList(Tok end); // of `for`
    void checkTarget(ast::Expr *target, bool bindNames = true, bool starAllowed = true);
    std::vector<ast::Parameter> parameters(Tok end, bool annotated);
    void positionalMark(std::vector<ast::Parameter> &before, bool starSeen);
    void parameterRest(ast::Parameter &parameter, bool annotated, bool &defaults);

    // literals (parseliteral.cpp)
    ast::Expr *number();
    ast::Expr *plainString();
    ast::Expr *strings();
    struct Pieces;
    void stringPiece(const Token &token, Pieces &pieces);
    qsizetype formatPieces(const Token &token, qsizetype begin, qsizetype end, bool raw, bool isSpec,
                           Pieces &pieces);
    qsizetype replacementField(const Token &token, qsizetype open, qsizetype end, bool raw,
                               Pieces &pieces);
    QString unescaped(const Token &token, QStringView text, Pieces &pieces);
    QByteArray unescapedBytes(const Token &token, QStringView text, bool raw);
    Token positionOf(const Token &token, qsizetype offset) const;

    // statements (parsestmt.cpp, parsecompound.cpp)
    void statement(ast::Body &body);
    void simpleStatements(ast::Body &body);
    ast::Stmt *simpleStatement();
    ast::Stmt *expressionStatement();
    ast::Stmt *assignment(const Token &begin, ast::Expr *first);
    ast::Stmt *annotatedAssignment(const Token &begin, ast::Expr *target);
    ast::Stmt *augmentedAssignment(const Token &begin, ast::Expr *target);
    ast::Stmt *returnStatement();
    ast::Stmt *raiseStatement();
    ast::Stmt *assertStatement();
    ast::Stmt *deleteStatement();
    ast::Stmt *importStatement();
    ast::Stmt *importFrom();
    ast::Stmt *scopeStatement(bool isGlobal);
    ast::Stmt *typeAlias();
    ast::Stmt *compoundStatement();
    ast::Stmt *ifStatement();
    ast::Stmt *whileStatement();
    ast::Stmt *forStatement(const Token &begin, bool isAsync);
    ast::Stmt *tryStatement();
    ast::Stmt *withStatement(const Token &begin, bool isAsync);
    bool parenthesisedWithItems(std::vector<ast::WithItem> &items);
    ast::WithItem withItem();
    ast::Stmt *decorated();
    ast::Stmt *functionDef(const Token &begin, ast::Exprs decorators, bool isAsync);
    ast::Stmt *classDef(const Token &begin, ast::Exprs decorators);
    void typeParameters();
    ast::Body block();
    QString dottedName();

    // match (parsematch.cpp)
    ast::Stmt *matchStatement(); // null: `match` is a name here
    ast::Pattern *patterns();
    ast::Pattern *orPattern();
    ast::Pattern *closedPattern();
    ast::Pattern *sequencePattern(Tok end);
    ast::Pattern *mappingPattern();
    ast::Pattern *classPattern(ast::Expr *cls, const Token &begin);
    ast::Pattern *namePattern();
    ast::Expr *patternValue();

    struct Stream // what tokens come from; replaced while inside an f-string's braces
    {
        Tokenizer tokenizer;
        std::vector<Token> tokens{};
        size_t index = 0; // of the next one to be taken
        std::optional<SyntaxFailure> failure{}; // what stands behind the last of the tokens
    };
    QString m_text;
    Stream m_stream;
    Token m_last{};
    std::shared_ptr<ast::Module> m_module = std::make_shared<ast::Module>();
    std::vector<ast::ScopeNames *> m_scopes{};
    int m_depth = 0;
    int m_count = 0;
    qsizetype m_searched = 0;
    bool m_isMarked = false; // a rewind may follow: tokens are kept
};

} // namespace tribikos::py
