#include "core/pyread/header.h"

#include "core/pyread/decode.h"
#include "core/pyread/parser.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

enum class Name { Revision, DownRevision, Labels, DependsOn };

/// One of the four variables as the file gives it.
struct Setting
{
    bool isSet = false;
    QStringList values{};
    int line = 0;
};

struct Findings
{
    Setting settings[4]{};
    QString docstring{};
    bool hasUpgrade = false;
    bool hasDowngrade = false;
    Setting &of(Name name) { return settings[int(name)]; }
};

std::optional<Name> nameOf(QStringView word)
{
    if (word == u"revision")
        return Name::Revision;
    if (word == u"down_revision")
        return Name::DownRevision;
    if (word == u"branch_labels")
        return Name::Labels;
    if (word == u"depends_on")
        return Name::DependsOn;
    return std::nullopt;
}

Error refused(const QString &file, int line, const QString &what)
{
    const QString name = QFileInfo(file).fileName();
    return {.code = ErrorCode::ProjectRefused,
            .message = line > 0 ? u"%1:%2 %3"_s.arg(name).arg(line).arg(what) : u"%1 %2"_s.arg(name, what),
            .file = file,
            .line = line};
}

/// Reads scripts of the usual shape from their tokens alone: no tree is built. Answers false for
/// whatever it isn't sure about.
class QuickScan
{
public:
    explicit QuickScan(const QString &text) : m_text(text), m_tokenizer(m_text) {}

    bool run(Findings &found)
    {
        next();
        while (m_token.kind == Tok::Newline)
            next();
        if (m_token.kind == Tok::String && !docstring(found))
            return false;
        while (m_token.kind != Tok::End) {
            if (!statement(found))
                return false;
        }
        return true;
    }

private:
    void next() { m_token = m_tokenizer.next(); }
    QStringView view() const
    {
        return QStringView(m_text).sliced(m_token.begin, m_token.end - m_token.begin);
    }

    /// A string without prefix and backslash; anything else is left to the parser.
    std::optional<QString> plainString() const
    {
        const QStringView whole = view();
        if ((whole[0] != u'"' && whole[0] != u'\'') || whole.contains(u'\\'))
            return std::nullopt;
        const qsizetype quotes = whole.size() >= 6 && whole[1] == whole[0] && whole[2] == whole[0] ? 3 : 1;
        return whole.sliced(quotes, whole.size() - 2 * quotes).toString();
    }

    bool docstring(Findings &found)
    {
        const std::optional<QString> text = plainString();
        next();
        if (!text || m_token.kind != Tok::Newline)
            return false;
        found.docstring = *text;
        next();
        return true;
    }

    /// One logical line at the margin, with the block below it.
    bool statement(Findings &found)
    {
        if (m_token.kind == Tok::Newline) {
            next();
            return true;
        }
        if (m_token.kind == Tok::KwDef || m_token.kind == Tok::KwClass || m_token.kind == Tok::KwAsync)
            return definition(found);
        if (m_token.kind == Tok::Name) {
            if (const std::optional<Name> name = nameOf(view()))
                return setting(found.of(*name));
        }
        return otherLine();
    }

    bool definition(Findings &found)
    {
        if (m_token.kind == Tok::KwAsync)
            next();
        const bool isFunction = m_token.kind == Tok::KwDef;
        next();
        if (isFunction && m_token.kind == Tok::Name) {
            found.hasUpgrade = found.hasUpgrade || view() == u"upgrade";
            found.hasDowngrade = found.hasDowngrade || view() == u"downgrade";
        }
        int depth = 0;
        bool body = false;
        for (;; next()) { // `global revision` inside would be news to Alembic as well
            if (m_token.kind == Tok::End)
                return true;
            if (m_token.kind == Tok::Indent) {
                ++depth;
                body = true;
            } else if (m_token.kind == Tok::Dedent) {
                if (--depth == 0) {
                    next();
                    return true;
                }
            } else if (m_token.kind == Tok::Newline && depth == 0 && !body) {
                next();
                if (m_token.kind != Tok::Indent)
                    return true; // def f(): pass
                ++depth;
                body = true;
                m_tokenizer.skipBlock();
            }
        }
    }

    bool setting(Setting &setting)
    {
        setting = {.isSet = true, .line = m_token.line};
        next();
        if (m_token.kind == Tok::Colon) { // an annotation, of names and brackets
            while (m_token.kind != Tok::Assign) {
                if (m_token.kind == Tok::Newline || m_token.kind == Tok::End)
                    return false;
                next();
            }
        }
        if (m_token.kind != Tok::Assign)
            return false;
        next();
        if (!value(setting))
            return false;
        if (m_token.kind != Tok::Newline)
            return false;
        next();
        return true;
    }

    bool value(Setting &setting)
    {
        if (m_token.kind == Tok::KwNone) {
            next();
            return true;
        }
        Tok close{};
        switch (m_token.kind) {
        case Tok::String: {
            const std::optional<QString> text = plainString();
            if (!text)
                return false;
            setting.values.append(*text);
            next();
            return m_token.kind == Tok::Newline;
        }
        case Tok::LeftParen: close = Tok::RightParen; break;
        case Tok::LeftBracket: close = Tok::RightBracket; break;
        case Tok::LeftBrace: close = Tok::RightBrace; break;
        default: return false;
        }
        const bool isParen = close == Tok::RightParen;
        bool comma = false;
        next();
        while (m_token.kind != close) {
            const std::optional<QString> text = m_token.kind == Tok::String ? plainString() : std::nullopt;
            if (!text)
                return false;
            setting.values.append(*text);
            next();
            if (m_token.kind == Tok::Comma) {
                comma = true;
                next();
            } else if (m_token.kind != close) {
                return false;
            }
        }
        next();
        if (close == Tok::RightBrace && setting.values.isEmpty())
            return false; // {} is a dictionary
        return !isParen || comma || setting.values.isEmpty() || setting.values.size() == 1;
    }

    /// A line that is none of ours. One that mentions our names needs the evaluator.
    bool otherLine()
    {
        int depth = 0;
        for (;; next()) {
            switch (m_token.kind) {
            case Tok::End: return true;
            case Tok::Name:
                if (nameOf(view()) || view() == u"upgrade" || view() == u"downgrade")
                    return false;
                break;
            case Tok::Star: // `from x import *` may bring anything
                return false;
            case Tok::KwDef: // a function inside an if, say
                if (depth > 0)
                    return false;
                break;
            case Tok::Indent: ++depth; break;
            case Tok::Dedent:
                if (--depth == 0) {
                    next();
                    return true;
                }
                break;
            case Tok::Newline:
                if (depth == 0) {
                    next();
                    if (m_token.kind != Tok::Indent)
                        return true;
                    ++depth;
                }
                break;
            default: break;
            }
        }
    }

    const QString &m_text;
    Tokenizer m_tokenizer;
    Token m_token{};
};

/// What \a value says, as ids; false when it isn't text, None or a sequence of texts.
bool readValue(Interpreter &interpreter, const Value &value, QStringList &into)
{
    if (value.isNone())
        return true;
    const Value plain = interpreter.plain(value);
    if (plain.isStr()) {
        into.append(plain.str());
        return true;
    }
    if (!plain.as<Tuple>() && !plain.as<List>() && !plain.as<Set>())
        return false;
    for (const Value &item : interpreter.items(plain)) {
        const Value text = interpreter.plain(item);
        if (!text.isStr())
            return false;
        into.append(text.str());
    }
    return true;
}

/// Evaluates the top level, tolerantly: what fails there leaves unknowns.
Status evaluate(const QByteArray &bytes, const QString &file, const ModuleFinder &finder, Findings &found)
{
    const auto source = parse(bytes, file);
    if (!source)
        return source.error();
    static const auto registry = std::make_shared<const ModuleRegistry>(ModuleRegistry::standard());
    Interpreter interpreter(registry, {.steps = 200'000});
    interpreter.setModuleFinder(finder);
    const Result<Module *> module = interpreter.runModule(source.value());
    if (!module)
        return module.error();
    found = Findings();
    found.docstring = source.value()->tree->docstring;
    found.hasUpgrade = module.value()->find(u"upgrade"_s) != nullptr;
    found.hasDowngrade = module.value()->find(u"downgrade"_s) != nullptr;
    for (const QString &name : {u"revision"_s, u"down_revision"_s, u"branch_labels"_s, u"depends_on"_s}) {
        if (!module.value()->find(name))
            continue;
        Setting &setting = found.of(*nameOf(name));
        setting.isSet = true;
        QString reason;
        const Result<Value> read = interpreter.guarded([&]() -> Value {
            const Value value = interpreter.getAttr(Value(module.value()), name);
            if (const auto *unknown = value.as<Unknown>())
                reason = unknown->reason.isEmpty() ? u"it comes from %1"_s.arg(unknown->origin)
                                                   : unknown->reason;
            return Value(readValue(interpreter, value, setting.values));
        });
        if (!read || !read->isTrue()) {
            return refused(file, 0, u"gives %1 a value that can't be read%2"_s.arg(
                name, reason.isEmpty() ? u": a text, None or a tuple of texts is expected"_s
                                       : u": "_s + reason));
        }
    }
    return done();
}

/// Alembic treats an empty text like None here.
QStringList withoutEmpty(QStringList values)
{
    values.removeAll(QString());
    values.removeDuplicates();
    return values;
}

QString createDate(const QString &longDoc)
{
    const QString label = u"Create Date:"_s;
    const qsizetype at = longDoc.indexOf(label);
    if (at < 0)
        return {};
    const qsizetype begin = at + label.size();
    const qsizetype end = longDoc.indexOf(u'\n', begin);
    return longDoc.mid(begin, end < 0 ? -1 : end - begin).trimmed();
}

Result<ScriptHeader> headerOf(Findings &found, const QString &file)
{
    ScriptHeader header;
    const Setting &revision = found.of(Name::Revision);
    if (revision.isSet) {
        if (revision.values.size() != 1)
            return refused(file, revision.line, u"sets revision to something else than one text"_s);
        header.revision = revision.values.first();
        header.revisionLine = revision.line;
    } else {
        static const QRegularExpression legacy(u"^([a-f0-9]+)\\.py$"_s);
        const QString name = QFileInfo(file).fileName();
        const QRegularExpressionMatch match = legacy.match(name);
        if (!match.hasMatch()) {
            return Error{.code = ErrorCode::ProjectRefused,
                         .message = u"Could not determine revision id from filename %1. Be sure the "
                                    "'revision' variable is declared inside the script (please see "
                                    "'Upgrading from Alembic 0.1 to 0.2' in the documentation)."_s
                                        .arg(name),
                         .file = file};
        }
        header.revision = match.captured(1);
    }
    if (!found.of(Name::DownRevision).isSet)
        return refused(file, 0, u"sets no down_revision: write None for the first revision"_s);
    header.downRevisions = withoutEmpty(found.of(Name::DownRevision).values);
    header.labels = withoutEmpty(found.of(Name::Labels).values);
    header.dependsOn = withoutEmpty(found.of(Name::DependsOn).values);
    header.longDoc = found.docstring.trimmed();
    const qsizetype firstPart = header.longDoc.indexOf(u"\n\n");
    header.doc = firstPart < 0 ? header.longDoc : header.longDoc.left(firstPart);
    header.createDate = createDate(header.longDoc);
    header.hasUpgrade = found.hasUpgrade;
    header.hasDowngrade = found.hasDowngrade;
    return header;
}

/// A bracket or text that is never closed hides the rest of the file, not what stands before it.
Result<ScriptHeader> headerBefore(const SyntaxFailure &failure, Findings &found, const QString &file)
{
    const Error error = syntaxError(failure, file);
    if (!found.of(Name::Revision).isSet || !found.of(Name::DownRevision).isSet)
        return error;
    auto header = headerOf(found, file);
    if (!header)
        return error;
    ScriptHeader whole = *header;
    whole.hasUpgrade = whole.hasDowngrade = true; // who evaluates them is told
    whole.problem = error;
    return whole;
}

} // namespace

Result<ScriptHeader> readHeader(const QByteArray &bytes, const QString &file, const ModuleFinder &finder)
{
    const Result<QString> text = decodeSource(bytes, file);
    if (!text)
        return text.error();
    Findings found;
    try {
        if (QuickScan(*text).run(found))
            return headerOf(found, file);
    } catch (const SyntaxFailure &failure) {
        return headerBefore(failure, found, file);
    }
    const Status evaluated = evaluate(bytes, file, finder, found);
    if (!evaluated)
        return evaluated.error();
    return headerOf(found, file);
}

} // namespace tribikos::py
