#include "ui/sql/sqlview.h"

#include "core/base/wholefile.h"

#include <Qsci/qscilexerpython.h>
#include <Qsci/qscilexersql.h>
#include <Qsci/qsciscintilla.h>

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QFileDialog>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QPainter>
#include <QPixmap>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {
constexpr qsizetype shownLimit = 5 << 20; // UTF-16 units; above, only the head is shown
constexpr qsizetype colouredLimit = 1 << 20;
constexpr int lineMarker = 1;
constexpr int badMarker = 2;
constexpr int firstBracketMarker = 3; // see bracketPicture()
constexpr unsigned bracketMask = 0x3f << firstBracketMarker;
constexpr int dimIndicator = 9; // lower ones are the lexers'
constexpr int wordIndicator = 10;

/// The component's list of words misses some that migrations are full of.
class SqlLexer final : public QsciLexerSQL
{
public:
    using QsciLexerSQL::QsciLexerSQL;
    const char *keywords(int set) const override
    {
        static const QByteArray words = [] {
            const QList<QByteArray> columnNames{
                "month",    "year",  "day",    "hour",   "minute", "second",   "name",
                "value",    "data",  "type",   "status", "path",   "position", "location",
                "language", "level", "length", "result", "role",   "state",    "user"};
            QByteArrayList kept;
            for (const QByteArray &word :
                 QByteArray(QsciLexerSQL().keywords(1)).simplified().split(' '))
                if (!columnNames.contains(word)) // names of columns far more often than keywords
                    kept << word;
            return kept.join(' ')
                   + " index rename autoincrement pragma immediate "
                     "comment if replace returning enum extension";
        }();
        return set == 1 ? words.constData() : QsciLexerSQL::keywords(set);
    }
};

/// A line's part of a bracket.
enum class BracketPart { Top, Middle, Bottom, Whole, Outside, OutsideRest };

int markerOf(BracketPart part)
{
    return firstBracketMarker + int(part);
}

QPixmap bracketPicture(BracketPart part, const QSize &size, const ThemeColors &theme)
{
    QPixmap picture(size);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    const bool isOutside = part == BracketPart::Outside || part == BracketPart::OutsideRest;
    painter.setPen(
        QPen(isOutside ? theme.warn : theme.accent, 2, isOutside ? Qt::DotLine : Qt::SolidLine));
    const int x = size.width() / 2;
    const int middle = size.height() / 2;
    const bool hasUp = part == BracketPart::Middle || part == BracketPart::Bottom
                       || part == BracketPart::OutsideRest;
    const bool hasDown = part == BracketPart::Middle || part == BracketPart::Top;
    if (hasUp)
        painter.drawLine(x, 0, x, middle);
    if (hasDown)
        painter.drawLine(x, middle, x, size.height());
    if (part == BracketPart::Top || part == BracketPart::Bottom || part == BracketPart::Whole)
        painter.drawLine(x, middle, size.width() - 2, middle);
    if (part == BracketPart::OutsideRest)
        painter.drawLine(x, middle, x, size.height());
    if (part == BracketPart::Outside) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.warn);
        painter.drawEllipse(QPointF(x, middle), 4, 4);
    }
    return picture;
}

BracketPart partOf(const SqlView::Bracket &bracket, int line)
{
    if (bracket.isOutside)
        return line == bracket.first ? BracketPart::Outside : BracketPart::OutsideRest;
    const bool isTop = line == bracket.first && !bracket.isOpen;
    const bool isBottom = line == bracket.last && !bracket.isUnended;
    if (isTop && isBottom)
        return BracketPart::Whole;
    return isTop ? BracketPart::Top : isBottom ? BracketPart::Bottom : BracketPart::Middle;
}
} // namespace

SqlView::SqlView(QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    setProperty("role", u"code"_s);
    setAttribute(Qt::WA_StyledBackground);
    setFocusPolicy(Qt::NoFocus);
}

void SqlView::buildEditor()
{
    m_editor = new QsciScintilla(this);
    m_editor->setReadOnly(true);
    m_editor->setUtf8(true);
    m_editor->setEolMode(QsciScintilla::EolUnix);
    m_editor->setFrameShape(QFrame::NoFrame);
    m_editor->setAccessibleName(m_accessibleName);
    m_editor->setCaretWidth(1);
    for (int margin = 0; margin < 5; ++margin)
        m_editor->setMarginWidth(margin, 0);
    m_editor->markerDefine(QsciScintilla::Background, lineMarker);
    m_editor->markerDefine(QsciScintilla::Background, badMarker);
    m_editor->indicatorDefine(QsciScintilla::TextColorIndicator, dimIndicator);
    m_editor->indicatorDefine(QsciScintilla::FullBoxIndicator, wordIndicator);
    m_editor->setIndicatorDrawUnder(true, wordIndicator);
    m_editor->installEventFilter(this);
    m_editor->SendScintilla(QsciScintilla::SCI_SETMARGINLEFT, 0UL, 12L);
    m_editor->SendScintilla(QsciScintilla::SCI_SETTABWIDTH, 4UL); // as Alembic prints a tab
    m_editor->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTHTRACKING, 1UL);
    m_editor->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTH, 10UL);
    m_editor->SendScintilla(QsciScintilla::SCI_SETEXTRAASCENT, 2UL);
    m_editor->SendScintilla(QsciScintilla::SCI_SETEXTRADESCENT, 2UL);
    layout()->addWidget(m_editor);
    setFocusPolicy(Qt::TabFocus); // without one nothing can be put behind it
    setTabOrder(this, m_editor);  // it came last, and would stand behind the whole window
    setFocusPolicy(Qt::NoFocus);
    setFocusProxy(m_editor);
    applyColors();
}

void SqlView::setText(const QString &text, Language language)
{
    const bool isSame = m_editor && text == m_text
                        && !m_editor->isModified(); // read again: the reader's place stays
    m_text = text;
    m_whole = {};
    setBrackets({});
    if (!m_editor) {
        if (text.isEmpty())
            return;
        buildEditor();
    }
    setLanguage(text.size() > colouredLimit ? Language::Plain : language);
    unmark();
    markWords({});
    if (isSame && m_remarks.isEmpty())
        return;
    m_remarks.clear();
    m_editor->SendScintilla(QsciScintilla::SCI_SETSCROLLWIDTH, 10UL); // it only grows by itself
    m_editor->setText(text.size() <= shownLimit
                          ? text
                          : text.left(shownLimit) + u"\n\n"_s
                                + tr("-- cut here on screen: Copy and Save as… have all of it"));
    m_editor->setCursorPosition(0, 0);
    m_editor->setFirstVisibleLine(0);
    m_editor->SendScintilla(QsciScintilla::SCI_SETXOFFSET, 0UL);
}

QString SqlView::selectedOrAll() const
{
    return m_editor && m_editor->hasSelectedText() ? m_editor->selectedText() : m_text;
}

void SqlView::showLine(int line)
{
    if (!m_editor || line < 1)
        return;
    markLines(line, 1, false);
}

void SqlView::markLines(int first, int count, bool isBad)
{
    if (!m_editor || first < 1)
        return;
    unmark();
    for (int line = first; line < first + count; ++line)
        m_editor->markerAdd(line - 1, isBad ? badMarker : lineMarker);
    m_editor->setCursorPosition(first - 1, 0);
    m_editor->setFirstVisibleLine(qMax(0, first - 6));
}

void SqlView::unmark()
{
    if (!m_editor)
        return;
    m_editor->markerDeleteAll(lineMarker);
    m_editor->markerDeleteAll(badMarker);
}

bool SqlView::findNext(const QString &text)
{
    return m_editor && !text.isEmpty() && m_editor->findFirst(text, false, false, false, true);
}

void SqlView::markWords(const QList<TextStretch> &words)
{
    if (!m_editor)
        return;
    using Qsci = QsciScintilla;
    m_editor->SendScintilla(Qsci::SCI_SETINDICATORCURRENT, wordIndicator);
    m_editor->SendScintilla(Qsci::SCI_INDICATORCLEARRANGE, 0UL, long(m_editor->length()));
    const QStringView text = m_text;
    for (const TextStretch &word : words) // the component counts in bytes
        m_editor->SendScintilla(Qsci::SCI_INDICATORFILLRANGE,
                                ulong(text.first(word.at).toUtf8().size()),
                                long(text.sliced(word.at, word.length).toUtf8().size()));
}

void SqlView::dimLines(const QList<int> &lines)
{
    if (!m_editor)
        return;
    for (const int line : lines)
        m_editor->fillIndicatorRange(line - 1, 0, line - 1, m_editor->lineLength(line - 1),
                                     dimIndicator);
}

void SqlView::setBrackets(const QList<Bracket> &brackets)
{
    if (brackets == m_brackets)
        return;
    m_brackets = brackets;
    if (m_editor)
        drawBrackets();
}

void SqlView::drawBrackets()
{
    for (int part = 0; part <= int(BracketPart::OutsideRest); ++part)
        m_editor->markerDeleteAll(firstBracketMarker + part);
    const int width = m_brackets.isEmpty() ? 0 : fontMetrics().height();
    m_editor->setMarginType(0, QsciScintilla::SymbolMargin);
    m_editor->setMarginMarkerMask(0, bracketMask);
    m_editor->setMarginWidth(0, width);
    if (m_brackets.isEmpty())
        return;
    const QSize size(width, m_editor->textHeight(0));
    for (int part = 0; part <= int(BracketPart::OutsideRest); ++part)
        m_editor->markerDefine(bracketPicture(BracketPart(part), size, themeFor(palette())),
                               firstBracketMarker + part);
    for (const Bracket &bracket : m_brackets)
        for (int line = bracket.first; line <= bracket.last; ++line)
            m_editor->markerAdd(line - 1, markerOf(partOf(bracket, line)));
}

void SqlView::setRemark(int line, const QString &remark)
{
    if (!m_editor || line < 1 || line > m_editor->lines())
        return;
    const QByteArray bytes = remark.isEmpty() ? QByteArray() : "   -- " + remark.toUtf8();
    const auto end =
        m_editor->SendScintilla(QsciScintilla::SCI_GETLINEENDPOSITION, (unsigned long)(line - 1));
    const bool isReadOnly = m_editor->isReadOnly();
    m_editor->setReadOnly(false);
    m_editor->SendScintilla(QsciScintilla::SCI_SETTARGETSTART,
                            (unsigned long)(end - m_remarks.value(line)));
    m_editor->SendScintilla(QsciScintilla::SCI_SETTARGETEND, (unsigned long)(end));
    m_editor->SendScintilla(QsciScintilla::SCI_REPLACETARGET, (unsigned long)(bytes.size()),
                            bytes.constData());
    m_editor->SendScintilla(QsciScintilla::SCI_EMPTYUNDOBUFFER);
    m_editor->setReadOnly(isReadOnly);
    m_remarks.insert(line, int(bytes.size()));
}

void SqlView::setReadOnlyName(const QString &accessibleName)
{
    m_accessibleName = accessibleName;
    if (m_editor)
        m_editor->setAccessibleName(accessibleName);
}

void SqlView::setEditable(bool isEditable)
{
    if (m_editor)
        m_editor->setReadOnly(!isEditable || m_text.size() > shownLimit);
}

QString SqlView::editedText() const
{
    return m_editor && !m_editor->isReadOnly() ? m_editor->text() : m_text;
}

void SqlView::copy()
{
    QApplication::clipboard()->setText(selectedOrAll());
}

bool SqlView::saveAs(const QString &suggestedName, QString *error)
{
    const QString file = QFileDialog::getSaveFileName(this, tr("Save as"), suggestedName);
    return file.isEmpty() || writeTo(file, error);
}

bool SqlView::writeTo(const QString &file, QString *error) const
{
    WholeFile out(file);
    const auto put = [&out](const QString &text) { out.write(text.toUtf8()); };
    if (out.open()) {
        if (m_whole)
            m_whole(put);
        else
            put(m_text.endsWith(u'\n') ? m_text : m_text + u'\n');
        if (out.commit())
            return true;
    }
    if (error)
        *error = tr("%1 could not be written: %2").arg(file, out.errorString());
    return false;
}

void SqlView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (m_editor && (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange))
        applyColors();
}

/// Escape is the window's, which it closes; the editor would eat it.
bool SqlView::eventFilter(QObject *watched, QEvent *event)
{
    const bool isKey =
        event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (!isKey || static_cast<QKeyEvent *>(event)->key() != Qt::Key_Escape)
        return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

void SqlView::setLanguage(Language language)
{
    if (language == m_language)
        return;
    m_language = language;
    m_editor->setLexer(nullptr);
    delete m_lexer;
    m_lexer = nullptr;
    if (language == Language::Sql) {
        auto *sql = new SqlLexer(m_editor);
        sql->setBackslashEscapes(false);
        m_lexer = sql;
    } else if (language == Language::Python) {
        m_lexer = new QsciLexerPython(m_editor);
    }
    applyColors();
}

void SqlView::applyColors()
{
    const ThemeColors &theme = themeFor(palette());
    QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    mono.setPointSizeF(qMax(6.0, font().pointSizeF() * 0.95));
    m_editor->setFont(mono);
    m_editor->setColor(theme.text);
    m_editor->setPaper(theme.code);
    if (m_lexer) {
        m_lexer->setDefaultFont(mono);
        m_lexer->setFont(mono);
        m_lexer->setDefaultColor(theme.text);
        m_lexer->setColor(theme.text);
        m_lexer->setDefaultPaper(theme.code);
        m_lexer->setPaper(theme.code);
        if (m_language == Language::Sql)
            colorSql(m_lexer, theme);
        else
            colorPython(m_lexer, theme);
        m_editor->setLexer(m_lexer);
    }
    m_editor->setCaretForegroundColor(theme.text);
    m_editor->setSelectionBackgroundColor(theme.selection);
    m_editor->setSelectionForegroundColor(theme.text);
    m_editor->setMarkerBackgroundColor(theme.selection, lineMarker);
    m_editor->setMarkerBackgroundColor(theme.badRow, badMarker);
    m_editor->setIndicatorForegroundColor(theme.comment, dimIndicator);
    QColor ground = theme.warn; // its alpha is the indicator's
    ground.setAlpha(60);
    m_editor->setIndicatorForegroundColor(ground, wordIndicator);
    ground.setAlpha(160);
    m_editor->setIndicatorOutlineColor(ground, wordIndicator);
    if (!m_brackets.isEmpty())
        drawBrackets();
    m_editor->setMarginsBackgroundColor(theme.code);
    m_editor->setMarginsForegroundColor(theme.dim);
}

void SqlView::colorSql(QsciLexer *lexer, const ThemeColors &theme) const
{
    QFont strong = lexer->font(QsciLexerSQL::Default);
    strong.setWeight(QFont::DemiBold);
    lexer->setColor(theme.keyword, QsciLexerSQL::Keyword);
    lexer->setFont(strong, QsciLexerSQL::Keyword);
    for (const int style : {QsciLexerSQL::Comment, QsciLexerSQL::CommentLine,
                            QsciLexerSQL::CommentDoc, QsciLexerSQL::CommentLineHash})
        lexer->setColor(theme.comment, style);
    lexer->setColor(theme.string, QsciLexerSQL::SingleQuotedString);
    lexer->setColor(theme.number, QsciLexerSQL::Number);
}

void SqlView::colorPython(QsciLexer *lexer, const ThemeColors &theme) const
{
    QFont strong = lexer->font(QsciLexerPython::Default);
    strong.setWeight(QFont::DemiBold);
    lexer->setColor(theme.keyword, QsciLexerPython::Keyword);
    lexer->setFont(strong, QsciLexerPython::Keyword);
    lexer->setFont(strong, QsciLexerPython::FunctionMethodName);
    for (const int style : {QsciLexerPython::Comment, QsciLexerPython::CommentBlock})
        lexer->setColor(theme.comment, style);
    for (const int style :
         {QsciLexerPython::SingleQuotedString, QsciLexerPython::DoubleQuotedString,
          QsciLexerPython::TripleSingleQuotedString, QsciLexerPython::TripleDoubleQuotedString,
          QsciLexerPython::SingleQuotedFString, QsciLexerPython::DoubleQuotedFString})
        lexer->setColor(theme.string, style);
    lexer->setColor(theme.number, QsciLexerPython::Number);
}

} // namespace tribikos
