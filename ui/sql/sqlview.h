#pragma once

#include "core/base/backend.h"
#include "core/diff/changedwords.h"
#include "ui/shell/theme.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QWidget>
#include <functional>

class QsciLexer;
class QsciScintilla;

namespace tribikos {

/// Code, read-only unless told otherwise: SQL of a dialect, or a Python script. The one place that knows the editor
/// component. Long texts are cut on screen, never in text(): what is copied and saved is whole.
class SqlView final : public QWidget
{
    Q_OBJECT
public:
    enum class Language { Sql, Python, Plain };

    explicit SqlView(QWidget *parent = nullptr);

    void setText(const QString &text, Language language = Language::Sql);
    const QString &text() const { return m_text; }
    /// The selection, or everything.
    QString selectedOrAll() const;
    /// Scrolls to \a line (1-based) and marks it.
    void showLine(int line);
    /// Scrolls to \a count lines from \a first (1-based) and marks them; \a isBad: as what failed.
    void markLines(int first, int count, bool isBad);
    /// Marks words by a coloured ground, until the next text or mark.
    void markWords(const QList<TextStretch> &words);
    /// Takes the marks away, and leaves the place.
    void unmark();
    /// Shows these lines (1-based) in second rank, until the next text.
    void dimLines(const QList<int> &lines);
    /// Lines that belong together, drawn in the margin: a transaction from BEGIN to COMMIT, or what is in none.
    struct Bracket
    {
        int first = 0; // 1-based
        int last = 0;
        bool isOutside = false;
        bool isOpen = false;    // begun before the first line
        bool isUnended = false; // goes on behind the last one
        friend bool operator==(const Bracket &, const Bracket &) = default;
    };
    /// Until the next text.
    void setBrackets(const QList<Bracket> &brackets);
    const QList<Bracket> &brackets() const { return m_brackets; }
    /// Writes a comment behind \a line (1-based) on screen, in place of the one before; never into text().
    void setRemark(int line, const QString &remark);
    /// Selects the next place of \a text after the cursor, and begins anew at the end.
    bool findNext(const QString &text);
    void setReadOnlyName(const QString &accessibleName);
    /// Lets the person change what is shown. A text too long to be shown whole stays as it is.
    void setEditable(bool isEditable);
    /// What the person made of text().
    QString editedText() const;

    /// Puts selectedOrAll() on the clipboard.
    void copy();
    /// What text() is an excerpt of, told piece by piece: that is what is saved. Until the next text.
    using Whole = std::function<void(const std::function<void(const QString &)> &sink)>;
    void setWhole(Whole whole) { m_whole = std::move(whole); }
    /// Asks where to and writes text(), or the whole, as UTF-8 with LF; \a error receives the reason
    /// when it could not.
    bool saveAs(const QString &suggestedName, QString *error);
    /// The part of saveAs() that needs no dialog.
    bool writeTo(const QString &file, QString *error) const;

protected:
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildEditor();
    void setLanguage(Language language);
    void applyColors();
    void drawBrackets();
    void colorSql(QsciLexer *lexer, const ThemeColors &theme) const;
    void colorPython(QsciLexer *lexer, const ThemeColors &theme) const;

    QsciScintilla *m_editor = nullptr; // made when the first text comes: it is dear at start-up
    QString m_accessibleName{};
    QsciLexer *m_lexer = nullptr;
    Language m_language = Language::Plain;
    QString m_text{};
    QList<Bracket> m_brackets{};
    QHash<int, int> m_remarks{}; // by line: how many bytes they take at its end
    Whole m_whole{}; // null: the text is all there is
};

} // namespace tribikos
