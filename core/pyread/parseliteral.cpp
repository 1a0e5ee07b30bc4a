#include "core/pyread/parser.h"

#include "core/pyread/words.h"

#include <QLocale>

namespace tribikos::py {

using namespace Qt::StringLiterals;

/// Adjacent string literals while they are put together.
struct Parser::Pieces
{
    ast::Exprs parts{}; // of an f-string, with what came before
    QString text{};     // plain text not yet in parts
    QByteArray bytes{};
    QString refusal{}; // why the whole can't be evaluated
    bool isFormat = false;
    bool isBytes = false;
};

namespace {

/// What a few decimal digits say; nullopt: something longer or with more to it.
std::optional<qint64> smallNumber(QStringView text)
{
    constexpr qsizetype fewDigits = 18;
    if (text.size() > fewDigits)
        return std::nullopt;
    qint64 value = 0;
    for (const QChar c : text) {
        if (c < u'0' || c > u'9')
            return std::nullopt;
        value = value * 10 + (c.unicode() - u'0');
    }
    return value;
}

} // namespace

ast::Expr *Parser::number()
{
    const Token token = take();
    if (const auto small = smallNumber(view(token)))
        return constant(token, Value(*small));
    QString text = view(token).toString().toLower();
    text.remove(u'_');
    const auto refused = [&](const QString &reason) {
        auto *node = make<ast::RefusedExpr>(token);
        node->reason = reason;
        return finish(node);
    };
    const char16_t second = text.size() > 1 ? text[1].unicode() : u'\0';
    const bool hex = second == u'x';
    if (hex || second == u'o' || second == u'b') {
        bool ok = false;
        const qlonglong value = text.mid(2).toLongLong(&ok, hex ? 16 : second == u'o' ? 8 : 2);
        return ok ? constant(token, Value(value))
                  : refused(u"uses a whole number beyond 64 bits"_s);
    }
    if (text.endsWith(u'j'))
        return refused(u"uses a complex number"_s);
    bool ok = false;
    if (text.contains(u'.') || text.contains(u'e')) {
        const double value = QLocale::c().toDouble(text, &ok);
        return ok ? constant(token, Value(value))
                  : refused(u"uses a number beyond the range of a float"_s);
    }
    const qlonglong value = text.toLongLong(&ok);
    return ok ? constant(token, Value(value)) : refused(u"uses a whole number beyond 64 bits"_s);
}

/// Text in one pair of quotes without prefix and escapes, which most is; null: something else begins here.
ast::Expr *Parser::plainString()
{
    const QStringView whole = view(peek());
    const QChar quote = whole.front();
    const bool mayBeTriple = whole.size() >= 6 && whole[1] == quote;
    if ((quote != u'"' && quote != u'\'') || mayBeTriple || kind(1) == Tok::String)
        return nullptr;
    if (!peek().isPlain)
        return nullptr;
    return constant(take(), Value(sharedWord(whole.sliced(1, whole.size() - 2))));
}

ast::Expr *Parser::strings()
{
    if (ast::Expr *plain = plainString())
        return plain;
    const Depth depth(*this);
    const Token begin = peek();
    Pieces pieces;
    bool first = true;
    while (at(Tok::String)) {
        const Token token = take();
        const StringPrefix prefix = stringPrefix(view(token).left(3));
        if (!first && prefix.bytes != pieces.isBytes)
            failAt(token, u"cannot mix bytes and nonbytes literals"_s);
        first = false;
        pieces.isBytes = prefix.bytes;
        stringPiece(token, pieces);
    }
    if (!pieces.refusal.isEmpty()) {
        auto *node = make<ast::RefusedExpr>(begin);
        node->reason = pieces.refusal;
        return finish(node);
    }
    if (pieces.isBytes) {
        auto *node = make<ast::BytesConstant>(begin);
        node->data = pieces.bytes;
        return finish(node);
    }
    if (!pieces.isFormat)
        return constant(begin, Value(pieces.text));
    auto *joined = make<ast::JoinedStr>(begin);
    joined->parts = std::move(pieces.parts);
    if (!pieces.text.isEmpty())
        joined->parts.push_back(constant(begin, Value(pieces.text)));
    return finish(joined);
}

void Parser::stringPiece(const Token &token, Pieces &pieces)
{
    const QStringView whole = view(token);
    const StringPrefix prefix = stringPrefix(whole.left(3));
    const qsizetype open = prefix.length;
    const bool triple = whole.size() >= open + 6 && whole[open + 1] == whole[open]
                        && whole[open + 2] == whole[open];
    const qsizetype quotes = triple ? 3 : 1;
    const qsizetype begin = token.begin + open + quotes;
    const qsizetype end = token.end - quotes;
    const QStringView text = QStringView(m_text).sliced(begin, end - begin);
    if (prefix.format) {
        pieces.isFormat = true;
        formatPieces(token, begin, end, prefix.raw, false, pieces);
    } else if (prefix.bytes) {
        pieces.bytes += unescapedBytes(token, text, prefix.raw);
    } else if (prefix.raw) {
        pieces.text += text;
    } else {
        pieces.text += unescaped(token, text, pieces);
    }
}

/// The text and fields of an f-string from \a begin; of a format spec up to its '}', else to \a end.
qsizetype Parser::formatPieces(const Token &token, qsizetype begin, qsizetype end, bool raw,
                               bool isSpec, Pieces &pieces)
{
    const QStringView source(m_text);
    qsizetype from = begin;
    qsizetype at = begin;
    const auto flush = [&](qsizetype to) {
        const QStringView text = source.sliced(from, to - from);
        pieces.text += raw ? text.toString() : unescaped(token, text, pieces);
    };
    while (at < end) {
        const QChar c = source[at];
        if (c == u'\\' && !raw) {
            if (at + 2 < end && source[at + 1] == u'N' && source[at + 2] == u'{') {
                while (at < end && source[at] != u'}')
                    ++at;
                at = qMin(at + 1, end);
            } else if (at + 1 < end && (source[at + 1] == u'{' || source[at + 1] == u'}')) {
                ++at; // the backslash stays, the brace counts
                continue;
            } else {
                at += 2;
            }
            continue;
        }
        if (c != u'{' && c != u'}') {
            ++at;
            continue;
        }
        const bool doubled = !isSpec && at + 1 < end && source[at + 1] == c;
        if (doubled) {
            flush(at + 1);
            at += 2;
            from = at;
        } else if (c == u'{') {
            flush(at);
            if (!pieces.text.isEmpty()) {
                pieces.parts.push_back(constant(token, Value(pieces.text)));
                pieces.text.clear();
            }
            at = replacementField(token, at, end, raw, pieces);
            from = at;
        } else if (isSpec) {
            break;
        } else {
            failAt(positionOf(token, at), u"f-string: single '}' is not allowed"_s);
        }
    }
    flush(qMin(at, end));
    return at;
}

/// One `{…}` of an f-string that opens at \a open; answers the offset behind it.
qsizetype Parser::replacementField(const Token &token, qsizetype open, qsizetype end, bool raw,
                                   Pieces &pieces)
{
    const Depth depth(*this);
    m_searched += open - token.begin; // for the field's line
    if (m_searched > maxSearched)
        failAt(token, u"f-string: too long for so many fields"_s);
    const Token begin = positionOf(token, open + 1);
    Stream outer{Tokenizer(QStringView(m_text).first(end), begin)};
    std::swap(outer, m_stream);
    const Token last = m_last;
    const bool wasMarked = std::exchange(m_isMarked, false);

    if (at(Tok::RightBrace) || at(Tok::Exclamation) || at(Tok::Colon))
        failAt(begin, u"f-string: empty expression not allowed"_s);
    auto *field = make<ast::FormattedValue>(begin);
    field->value = at(Tok::KwYield) ? yieldExpr() : starList();
    if (at(Tok::Assign)) { // f"{x = }" shows its own text
        const Token sign = take();
        qsizetype stop = sign.end;
        while (stop < end && m_text[stop].isSpace())
            ++stop;
        pieces.text += QStringView(m_text).sliced(open + 1, stop - open - 1);
        if (at(Tok::RightBrace))
            field->conversion = u'r';
    }
    if (!pieces.text.isEmpty()) {
        pieces.parts.push_back(constant(token, Value(pieces.text)));
        pieces.text.clear();
    }
    if (accept(Tok::Exclamation)) {
        const QStringView name = at(Tok::Name) ? view(peek()) : QStringView();
        if (name != u"r" && name != u"s" && name != u"a")
            fail(u"f-string: invalid conversion character: expected 's', 'r', or 'a'"_s);
        field->conversion = name[0];
        take();
    }
    const Token stop = peek();
    qsizetype next = stop.end;
    if (stop.kind == Tok::Colon || stop.kind == Tok::Walrus) {
        Pieces spec;
        next = formatPieces(token, stop.begin + 1, end, raw, true, spec);
        field->spec = make<ast::JoinedStr>(begin);
        field->spec->parts = std::move(spec.parts);
        if (!spec.text.isEmpty())
            field->spec->parts.push_back(constant(token, Value(spec.text)));
        if (next >= end)
            failAt(begin, u"f-string: expecting '}'"_s);
        ++next;
    } else if (stop.kind != Tok::RightBrace) {
        fail(u"f-string: invalid syntax"_s);
    }
    std::swap(outer, m_stream);
    m_last = last;
    m_isMarked = wasMarked;
    pieces.parts.push_back(field);
    return next;
}

Token Parser::positionOf(const Token &token, qsizetype offset) const
{
    Token result = token;
    qsizetype lineStart = token.begin - token.column + 1;
    for (qsizetype i = token.begin; i < offset; ++i) {
        if (m_text[i] == u'\n') {
            ++result.line;
            lineStart = i + 1;
        }
    }
    result.begin = int(offset);
    result.column = int(offset - lineStart) + 1;
    return result;
}

QString Parser::unescaped(const Token &token, QStringView text, Pieces &pieces)
{
    if (!text.contains(u'\\'))
        return text.toString();
    QString result;
    result.reserve(text.size());
    const auto hexDigits = [&](qsizetype from, int count) {
        bool ok = from + count <= text.size();
        const uint code = ok ? text.sliced(from, count).toUInt(&ok, 16) : 0;
        if (!ok || code > 0x10ffff || text[from] == u'+' || text[from] == u'-')
            failAt(token, u"(unicode error) truncated or illegal \\x, \\u or \\U escape"_s);
        return code;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != u'\\' || i + 1 >= text.size()) {
            result += text[i];
            continue;
        }
        const char16_t c = text[++i].unicode();
        switch (c) {
        case u'\n': break;
        case u'\\':
        case u'\'':
        case u'"': result += QChar(c); break;
        case u'a': result += u'\a'; break;
        case u'b': result += u'\b'; break;
        case u'f': result += u'\f'; break;
        case u'n': result += u'\n'; break;
        case u'r': result += u'\r'; break;
        case u't': result += u'\t'; break;
        case u'v': result += u'\v'; break;
        case u'x':
            result += QChar(hexDigits(i + 1, 2));
            i += 2;
            break;
        case u'u':
            result += QChar(hexDigits(i + 1, 4));
            i += 4;
            break;
        case u'U': {
            const char32_t code = hexDigits(i + 1, 8);
            result += QString::fromUcs4(&code, 1);
            i += 8;
            break;
        }
        case u'N': pieces.refusal = u"names a character with \\N{…}"_s; break;
        default:
            if (c >= u'0' && c <= u'7') {
                uint code = 0;
                qsizetype used = 0;
                for (; used < 3 && i + used < text.size() && text[i + used] >= u'0'
                       && text[i + used] <= u'7';
                     ++used)
                    code = code * 8 + (text[i + used].unicode() - u'0');
                result += QChar(code);
                i += used - 1;
            } else { // Python keeps what it doesn't know
                result += u'\\';
                result += QChar(c);
            }
        }
    }
    return result;
}

QByteArray Parser::unescapedBytes(const Token &token, QStringView text, bool raw)
{
    for (const QChar c : text) {
        if (c.unicode() > 127)
            failAt(token, u"bytes can only contain ASCII literal characters"_s);
    }
    if (raw)
        return text.toLatin1();
    QString kept; // \u, \U and \N mean nothing in bytes
    for (qsizetype i = 0; i < text.size(); ++i) {
        kept += text[i];
        if (text[i] == u'\\' && i + 1 < text.size()) {
            const QChar c = text[++i];
            if (c == u'u' || c == u'U' || c == u'N')
                kept += u'\\';
            kept += c;
        }
    }
    Pieces none;
    return unescaped(token, kept, none).toLatin1();
}

} // namespace tribikos::py
