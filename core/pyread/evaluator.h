#pragma once

#include "core/pyread/function.h"

namespace tribikos::py {

/// Walks the tree for one running function or module.
class Evaluator
{
public:
    enum class Flow : quint8 { Normal, Break, Continue, Return };

    Evaluator(Interpreter &interpreter, const Source *source, Module *globals, Env *env)
        : m_interpreter(interpreter), m_source(source), m_globals(globals), m_env(env)
    {
    }
    void setYieldHandler(const YieldHandler *handler) { m_yield = handler; }

    Flow run(const ast::Body &body);
    Flow exec(const ast::Stmt &statement);
    Value eval(const ast::Expr &expression);
    const Value &returned() const { return m_returned; }

    Value load(const QString &name);
    void store(const QString &name, const Value &value);

private:
    Value evalName(const ast::Name &name);
    Value evalJoined(const ast::JoinedStr &joined);
    Value evalCall(const ast::Call &call);
    Value evalBinary(const ast::Binary &binary);
    Value evalBool(const ast::BoolOp &op);
    Value evalCompare(const ast::Compare &compare);
    Value evalComprehension(const ast::Comprehension &comprehension);
    Value evalLambda(const ast::Lambda &lambda);
    Value evalDict(const ast::DictExpr &dict);
    Value evalYield(const ast::Yield &yield);
    Value evalYieldFrom(const ast::YieldFrom &yield);
    Value evalSlice(const ast::SliceExpr &slice);
    Value evalSuper();
    bool isGetter(const Value &callee, const CallArgs &args) const;
    Value got(Function &getter, const CallArgs &args);
    Value compareOne(ast::Comparison op, const Value &left, const Value &right);
    std::vector<Value> evalItems(const ast::Exprs &items);
    CallArgs evalArguments(const std::vector<ast::Argument> &arguments);
    void clauses(const ast::Comprehension &comprehension, size_t index, Env *scope,
                 const Value *first, const std::function<bool()> &each, bool &more);

    Flow execIf(const ast::If &statement);
    Flow execFor(const ast::For &statement);
    Flow execWhile(const ast::While &statement);
    Flow execTry(const ast::Try &statement);
    Flow execHandled(const ast::Try &statement);
    Flow handle(const ast::Handler &handler, const Value &exception);
    Flow execAround(const ast::With &statement, size_t item, const Value &context);
    bool handles(const ast::Handler &handler, const Value &exception);
    Flow execWith(const ast::With &statement, size_t item);
    Flow execMatch(const ast::Match &statement);
    void execAugAssign(const ast::AugAssign &statement);
    bool appendText(const ast::AugAssign &statement);
    void execAnnAssign(const ast::AnnAssign &statement);
    void execRaise(const ast::Raise &statement);
    void execAssert(const ast::Assert &statement);
    void execImport(const ast::Import &statement);
    void execImportFrom(const ast::ImportFrom &statement);
    void execExpression(const ast::ExprStmt &statement);
    void execFunction(const ast::FunctionDef &statement);
    void execClass(const ast::ClassDef &statement);
    Class *makeClass(const ast::ClassDef &statement, const CallArgs &header, Env *body,
                     std::vector<Class::Annotation> annotations);
    Function *makeFunction(const QString &name, const std::vector<ast::Parameter> &parameters,
                           const ast::ScopeNames &scope);
    void assign(const ast::Expr &target, const Value &value);
    void unpack(const ast::Exprs &targets, const Value &value);
    void remove(const ast::Expr &target);
    bool matches(const ast::Pattern &pattern, const Value &value);
    bool matchesSequence(const ast::Pattern &pattern, const Value &value);
    bool matchesMapping(const ast::Pattern &pattern, const Value &value);
    bool matchesPositions(const ast::Pattern &pattern, const Class &cls, const Value &value);
    bool matchesClass(const ast::Pattern &pattern, const Value &value);
    Value imported(const QString &module, const QString &attribute);
    void importAll(const Value &module, const QString &name);
    Value decorated(const ast::Exprs &decorators, Value value);
    void adoptMethods(Class *cls, Env *body);
    bool isLazy() const;
    QString absoluteName(const ast::ImportFrom &statement);
    void mark(const ast::Node &node);

    Interpreter &m_interpreter;
    const Source *m_source;
    Module *m_globals;
    Env *m_env;
    const YieldHandler *m_yield = nullptr;
    Value m_returned{};
    std::vector<Value> m_handled{}; // exceptions being handled, for a bare `raise`
    std::vector<Class::Annotation> m_annotations{}; // of the class body being run
    friend class Interpreter;
};

} // namespace tribikos::py
