#pragma once

#include "core/base/result.h"
#include "core/edit/splices.h"
#include "core/pyread/decode.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>
#include <vector>

namespace tribikos {

/// A text in an assignment's value; offsets into PythonSettings::text().
struct WrittenText
{
    int begin = 0;
    int end = 0; // behind its last quote
    QString value{};
};

/// `down_revision: Union[str, None] = ("a1", "b2")  # comment`, taken apart.
struct Setting
{
    enum class Shape { None, Text, Tuple, List, Set };
    Shape shape = Shape::None;
    QList<WrittenText> items{};
    int begin = 0; // the value, brackets included
    int end = 0;
    int closing = 0;       // the closing bracket; 0: none
    int statementEnd = 0;  // behind the statement's last line, its line end included
    int line = 0;
    bool hasComments = false; // inside the value
    bool endsWithComma = false;
    QString computed{}; // not empty: why the value can't be changed
};

/// The top-level assignments of a revision script that say its place, and its docstring, by their tokens.
class PythonSettings
{
public:
    /// Error: Syntax, or Unreadable.
    static Result<PythonSettings> read(const QByteArray &bytes, const QString &file);

    /// The text with '\n' as the only line end: what offsets are into.
    const QString &text() const { return m_text; }
    const Setting *find(const QString &name) const;
    /// The docstring's literal, prefix and quotes included; begin == end: there is none.
    int docBegin() const { return m_docBegin; }
    int docEnd() const { return m_docEnd; }
    /// Where a docstring would go.
    int firstStatement() const { return m_firstStatement; }
    /// The quote that the file writes ids with.
    QChar quote() const { return m_quote; }
    /// The file's bytes with \a splices made in text(). Line ends, mark and encoding stay; new lines end
    /// as the others do. Error: Unsupported, a character that the file's encoding hasn't.
    Result<QByteArray> applied(const Splices &splices) const;

private:
    void scan();
    void setting(size_t name);
    void value(Setting &setting, size_t first, size_t last);
    void items(Setting &setting, size_t first, size_t last);
    bool isTexts(size_t first, size_t last) const;
    QString word(size_t token) const;
    bool commentBetween(size_t first, size_t last) const;

    QString m_file{};
    py::SourceText m_source{};
    QString m_text{};
    std::vector<py::Token> m_tokens{};
    QHash<QString, Setting> m_settings{};
    int m_docBegin = 0;
    int m_docEnd = 0;
    int m_firstStatement = 0;
    QChar m_quote = u'\'';
};

} // namespace tribikos
