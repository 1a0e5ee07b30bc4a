// Changes in the header of a revision script written in Python.
#include "core/edit/headerchange.h"

#include "core/edit/pythonsettings.h"
#include "core/pyread/header.h"

#include <QFileInfo>
#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error refusal(const QString &file, int line, const QString &what)
{
    const QString name = QFileInfo(file).fileName();
    return {.code = ErrorCode::Unsupported,
            .message =
                line > 0 ? u"%1:%2 %3"_s.arg(name).arg(line).arg(what) : u"%1 %2"_s.arg(name, what),
            .file = file,
            .line = line};
}

/// How a variable's value is spelled when it is written anew.
struct Spelling
{
    Setting::Shape several = Setting::Shape::Tuple;
    bool oneIsText = true; // else a sequence of one
};

QString written(const QStringList &values, const Spelling &spelling, QChar quote)
{
    if (values.isEmpty())
        return u"None"_s;
    QStringList literals;
    for (const QString &value : values)
        literals.append(pythonString(value, quote));
    const QString inside = literals.join(u", "_s);
    if (values.size() == 1 && spelling.oneIsText)
        return inside;
    switch (spelling.several) {
    case Setting::Shape::List: return u'[' + inside + u']';
    case Setting::Shape::Set: return u'{' + inside + u'}';
    default: return values.size() == 1 ? u'(' + inside + u",)"_s : u'(' + inside + u')';
    }
}

class PythonHeaderEditor
{
public:
    PythonHeaderEditor(const PythonSettings &settings, const QString &file)
        : m_settings(settings)
        , m_file(file)
        , m_text(settings.text())
    {}

    Status set(const QString &name, const QStringList &values, Spelling spelling);
    void setRevises(const QStringList &before, const QStringList &after);
    Status setMessage(const QString &message);
    Result<QByteArray> result() const { return m_settings.applied(m_splices); }

private:
    bool replaceItems(const Setting &setting, const QStringList &values);
    bool removeLines(const Setting &setting, const QStringList &values);
    bool appendLine(const Setting &setting, const QStringList &values);
    bool isAlone(const Setting &setting, qsizetype item) const;
    qsizetype lineBegin(qsizetype offset) const
    {
        return m_text.lastIndexOf(u'\n', offset - 1) + 1;
    }
    qsizetype lineEnd(qsizetype offset) const; // behind the '\n'
    qsizetype docContent() const;
    qsizetype docQuotes() const;

    const PythonSettings &m_settings;
    const QString &m_file;
    const QString &m_text;
    Splices m_splices{};
};

qsizetype PythonHeaderEditor::lineEnd(qsizetype offset) const
{
    const qsizetype end = m_text.indexOf(u'\n', offset);
    return end < 0 ? m_text.size() : end + 1;
}

/// As many texts as before: those that differ are exchanged where they stand.
bool PythonHeaderEditor::replaceItems(const Setting &setting, const QStringList &values)
{
    if (setting.items.size() != values.size() || values.isEmpty())
        return false;
    for (qsizetype i = 0; i < values.size(); ++i) {
        const WrittenText &item = setting.items[i];
        if (item.value != values[i])
            m_splices.replace(item.begin, item.end, pythonString(values[i], m_settings.quote()));
    }
    return true;
}

/// Is the item all that its lines hold, but for a comma and a comment?
bool PythonHeaderEditor::isAlone(const Setting &setting, qsizetype item) const
{
    static const QRegularExpression rest(u"^[ \\t]*,?[ \\t]*(#.*)?\\n$"_s);
    const WrittenText &text = setting.items[item];
    const qsizetype begin = lineBegin(text.begin);
    return begin > setting.begin
           && QStringView(m_text).sliced(begin, text.begin - begin).trimmed().isEmpty()
           && rest.match(m_text.mid(text.end, lineEnd(text.end) - text.end)).hasMatch();
}

/// Texts that stand on lines of their own are taken out with their lines.
bool PythonHeaderEditor::removeLines(const Setting &setting, const QStringList &values)
{
    if (setting.closing == 0 || values.isEmpty() || values.size() >= setting.items.size())
        return false;
    QList<qsizetype> gone;
    qsizetype kept = 0;
    for (qsizetype i = 0; i < setting.items.size(); ++i) {
        if (kept < values.size() && setting.items[i].value == values[kept])
            ++kept;
        else if (isAlone(setting, i))
            gone.append(i);
        else
            return false;
    }
    if (kept != values.size())
        return false;
    for (const qsizetype i : std::as_const(gone))
        m_splices.replace(lineBegin(setting.items[i].begin), lineEnd(setting.items[i].end), {});
    return true;
}

bool PythonHeaderEditor::appendLine(const Setting &setting, const QStringList &values)
{
    const qsizetype count = setting.items.size();
    if (setting.closing == 0 || count == 0 || values.size() <= count
        || !isAlone(setting, count - 1))
        return false;
    for (qsizetype i = 0; i < count; ++i) {
        if (setting.items[i].value != values[i])
            return false;
    }
    const WrittenText &last = setting.items.last();
    const qsizetype begin = lineBegin(last.begin);
    const QString indent = m_text.mid(begin, last.begin - begin);
    if (!setting.endsWithComma)
        m_splices.insert(last.end, u","_s);
    QString lines;
    for (qsizetype i = count; i < values.size(); ++i)
        lines += indent + pythonString(values[i], m_settings.quote()) + u",\n"_s;
    m_splices.insert(lineEnd(last.end), lines);
    return true;
}

Status PythonHeaderEditor::set(const QString &name, const QStringList &values, Spelling spelling)
{
    const Setting *setting = m_settings.find(name);
    if (!setting) {
        const Setting *place = m_settings.find(u"down_revision"_s);
        if (!place)
            return refusal(m_file, 0,
                           u"doesn't set %1 in a line of its own; change it by hand."_s.arg(name));
        const bool hasLineEnd = m_text[place->statementEnd - 1] == u'\n';
        m_splices.insert(place->statementEnd, (hasLineEnd ? QString() : u"\n"_s) + name + u" = "_s
                                                  + written(values, spelling, m_settings.quote())
                                                  + u'\n');
        return done();
    }
    if (!setting->computed.isEmpty())
        return refusal(
            m_file, setting->line,
            u"%1 %2, not written as text; change it by hand."_s.arg(name, setting->computed));
    QStringList now;
    for (const WrittenText &item : setting->items)
        now.append(item.value);
    if (now == values || replaceItems(*setting, values) || removeLines(*setting, values)
        || appendLine(*setting, values))
        return done();
    if (setting->hasComments)
        return refusal(
            m_file, setting->line,
            u"%1 has comments among its values, which would be lost; change it by hand."_s.arg(
                name));
    const bool isSequence =
        setting->shape != Setting::Shape::None && setting->shape != Setting::Shape::Text;
    if (isSequence)
        spelling.several = setting->shape;
    m_splices.replace(setting->begin, setting->end, written(values, spelling, m_settings.quote()));
    return done();
}

qsizetype PythonHeaderEditor::docQuotes() const
{
    const QString literal =
        m_text.mid(m_settings.docBegin(), m_settings.docEnd() - m_settings.docBegin());
    const int prefix = py::stringPrefix(literal).length;
    const QStringView quoted = QStringView(literal).sliced(prefix);
    return quoted.size() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0] ? 3 : 1;
}

qsizetype PythonHeaderEditor::docContent() const
{
    return m_settings.docBegin() + py::stringPrefix(m_text.mid(m_settings.docBegin(), 8)).length
           + docQuotes();
}

/// "Revises: a1, b2" in the docstring. Words that somebody put around the ids stay.
void PythonHeaderEditor::setRevises(const QStringList &before, const QStringList &after)
{
    if (m_settings.docBegin() == m_settings.docEnd())
        return;
    static const QRegularExpression line(u"^([ \\t]*Revises:)([^\\n]*)$"_s,
                                         QRegularExpression::MultilineOption);
    const qsizetype begin = docContent();
    const QString content = m_text.mid(begin, m_settings.docEnd() - docQuotes() - begin);
    const QRegularExpressionMatch match = line.match(content);
    if (!match.hasMatch())
        return;
    const QString old = before.join(u", "_s);
    const qsizetype at = begin + match.capturedStart(2);
    const qsizetype inside = old.isEmpty() ? -1 : match.captured(2).indexOf(old);
    if (inside >= 0)
        m_splices.replace(at + inside, at + inside + old.size(), after.join(u", "_s));
    else
        m_splices.replace(at, at + match.capturedLength(2), u' ' + after.join(u", "_s));
}

/// The message as it can stand in a docstring: nothing in it may end the literal or escape.
QString escapedMessage(const QString &message, QChar quote, bool isRaw, bool isAtEnd)
{
    if (isRaw)
        return message;
    QString text = message;
    text.replace(u'\\', u"\\\\"_s);
    const QString three(3, quote);
    text.replace(three, (u'\\' + QString(quote)).repeated(3));
    if (isAtEnd && text.endsWith(quote))
        text.insert(text.size() - 1, u'\\');
    return text;
}

Status PythonHeaderEditor::setMessage(const QString &message)
{
    if (m_settings.docBegin() == m_settings.docEnd()) {
        m_splices.insert(m_settings.firstStatement(),
                         u"\"\"\""_s + escapedMessage(message, u'"', false, true) + u"\"\"\"\n"_s);
        return done();
    }
    const QString literal = m_text.mid(m_settings.docBegin(), 8);
    const py::StringPrefix prefix = py::stringPrefix(literal);
    const qsizetype begin = docContent();
    const qsizetype quotes = docQuotes();
    if (quotes == 1 && message.contains(u'\n'))
        return refusal(m_file, 0, u"has a docstring of one line; give a message of one line."_s);
    const QString content = m_text.mid(begin, m_settings.docEnd() - quotes - begin);
    qsizetype from = 0;
    while (from < content.size() && content[from].isSpace())
        ++from;
    qsizetype to = content.indexOf(u"\n\n"_s, from);
    const bool isAtEnd = to < 0;
    if (isAtEnd) {
        to = content.size();
        while (to > from && content[to - 1].isSpace())
            --to;
    }
    QString text = escapedMessage(message, literal[prefix.length], prefix.raw, isAtEnd);
    if (quotes == 1)
        text.replace(literal[prefix.length], u'\\' + QString(literal[prefix.length]));
    m_splices.replace(begin + from, begin + to, text);
    return done();
}

/// A docstring without a first sentence makes its "Revises:" line part of the message, and that line may change.
QString withoutRevises(const QString &doc)
{
    static const QRegularExpression line(u"^[ \\t]*Revises:[^\\n]*$"_s,
                                         QRegularExpression::MultilineOption);
    return QString(doc).remove(line).trimmed();
}

/// The header after the change must be the one that was asked for, read by the reader that everybody uses.
Status verify(const QByteArray &bytes, const QString &file, const py::ScriptHeader &before,
              const HeaderChange &change)
{
    const auto after = py::readHeader(bytes, file);
    const auto kept = [](QStringList wanted) {
        wanted.removeDuplicates();
        return wanted;
    };
    const QString doc = change.message.value_or(before.doc).trimmed();
    const bool isMeant =
        after && after->revision == before.revision
        && after->downRevisions == kept(change.downRevisions.value_or(before.downRevisions))
        && after->labels == kept(change.labels.value_or(before.labels))
        && after->dependsOn == kept(change.dependsOn.value_or(before.dependsOn))
        && (change.downRevisions ? withoutRevises(after->doc) == withoutRevises(doc)
                                 : after->doc == doc);
    if (isMeant)
        return done();
    return refusal(file, 0,
                   u"computes what is to be changed, or can't hold it; change it by hand."_s);
}

} // namespace

QString pythonString(const QString &text, QChar quote)
{
    // repr() takes double quotes for a text with an apostrophe in it and no double quote.
    if (quote == u'\'' && text.contains(u'\'') && !text.contains(u'"'))
        quote = u'"';
    QString escaped = text;
    escaped.replace(u'\\', u"\\\\"_s).replace(u'\n', u"\\n"_s).replace(u'\r', u"\\r"_s);
    return quote + escaped.replace(quote, u'\\' + QString(quote)) + quote;
}

Result<QByteArray> changedPythonHeader(const QByteArray &bytes, const QString &file,
                                       const HeaderChange &change)
{
    const auto before = py::readHeader(bytes, file);
    if (!before)
        return before.error();
    const auto settings = PythonSettings::read(bytes, file);
    if (!settings)
        return settings.error();
    PythonHeaderEditor editor(*settings, file);
    Status made = done();
    if (change.downRevisions && *change.downRevisions != before->downRevisions) {
        made = editor.set(u"down_revision"_s, *change.downRevisions, {});
        editor.setRevises(before->downRevisions, *change.downRevisions);
    }
    if (made && change.labels && *change.labels != before->labels)
        made = editor.set(u"branch_labels"_s, *change.labels, {.oneIsText = false});
    if (made && change.dependsOn && *change.dependsOn != before->dependsOn)
        made = editor.set(u"depends_on"_s, *change.dependsOn, {.several = Setting::Shape::List});
    if (made && change.message && change.message->trimmed() != before->doc)
        made = editor.setMessage(change.message->trimmed());
    if (!made)
        return made.error();
    const auto after = editor.result();
    if (!after)
        return after;
    const Status verified = verify(*after, file, *before, change);
    return verified ? after : Result<QByteArray>(verified.error());
}

} // namespace tribikos
