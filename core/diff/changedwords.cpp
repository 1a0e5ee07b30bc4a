#include "core/diff/changedwords.h"

#include <algorithm>
#include <vector>

namespace tribikos {

namespace {

constexpr qsizetype mostComparedWords = 1500; // of either text; the table is their product

using Words = std::vector<TextStretch>;

/// Names and numbers are words, quoted texts too, any other sign is one by itself.
Words wordsOf(QStringView text)
{
    const auto isLetter = [](QChar c) { return c.isLetterOrNumber() || c == u'_'; };
    Words words;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype begin = at++;
        const QChar first = text[begin];
        if (first.isSpace())
            continue;
        if (first == u'\'' || first == u'"' || first == u'`') {
            const qsizetype end = text.indexOf(first, at);
            at = end < 0 ? text.size() : end + 1;
        } else if (isLetter(first)) {
            while (at < text.size() && isLetter(text[at]))
                ++at;
        }
        words.push_back({begin, at - begin});
    }
    return words;
}

class WordComparison
{
public:
    WordComparison(QStringView text, QStringView other)
        : m_text(text)
        , m_other(other)
        , m_words(wordsOf(text))
        , m_otherWords(wordsOf(other))
        , m_lastWord(qsizetype(m_words.size()))
        , m_lastOther(qsizetype(m_otherWords.size()))
    {
        while (m_first < m_lastWord && m_first < m_lastOther && isSame(m_first, m_first))
            ++m_first;
        while (m_lastWord > m_first && m_lastOther > m_first
               && isSame(m_lastWord - 1, m_lastOther - 1)) {
            --m_lastWord;
            --m_lastOther;
        }
    }

    QList<TextStretch> changed() const
    {
        const qsizetype many = m_lastWord - m_first;
        const qsizetype others = m_lastOther - m_first;
        std::vector<bool> isKept(size_t(many), false);
        if (many <= mostComparedWords && others <= mostComparedWords)
            keepCommon(isKept);
        QList<TextStretch> stretches;
        for (qsizetype i = 0; i < many; ++i) {
            if (isKept[size_t(i)])
                continue;
            const TextStretch &word = m_words[size_t(m_first + i)];
            if (i > 0 && !isKept[size_t(i - 1)])
                stretches.last().length = word.at + word.length - stretches.last().at;
            else
                stretches.append(word);
        }
        return stretches;
    }

private:
    bool isSame(qsizetype word, qsizetype other) const
    {
        const auto of = [](QStringView text, const TextStretch &part) {
            return text.sliced(part.at, part.length);
        };
        return of(m_text, m_words[size_t(word)]) == of(m_other, m_otherWords[size_t(other)]);
    }

    /// The table of the longest common subsequences of the ends, and the way through it.
    void keepCommon(std::vector<bool> &isKept) const
    {
        const size_t rows = size_t(m_lastWord - m_first);
        const size_t columns = size_t(m_lastOther - m_first);
        std::vector<quint16> longest((rows + 1) * (columns + 1), 0);
        const auto at = [&longest, columns](size_t row, size_t column) -> quint16 & {
            return longest[row * (columns + 1) + column];
        };
        const auto same = [this](size_t row, size_t column) {
            return isSame(m_first + qsizetype(row), m_first + qsizetype(column));
        };
        for (size_t row = rows; row-- > 0;)
            for (size_t column = columns; column-- > 0;)
                at(row, column) = same(row, column)
                                      ? quint16(at(row + 1, column + 1) + 1)
                                      : std::max(at(row + 1, column), at(row, column + 1));
        for (size_t row = 0, column = 0; row < rows && column < columns;) {
            if (same(row, column)) {
                isKept[row++] = true;
                ++column;
            } else if (at(row + 1, column) >= at(row, column + 1)) {
                ++row;
            } else {
                ++column;
            }
        }
    }

    QStringView m_text;
    QStringView m_other;
    Words m_words;
    Words m_otherWords;
    qsizetype m_first = 0;
    qsizetype m_lastWord;
    qsizetype m_lastOther;
};

/// In order, and none over another.
QList<TextStretch> joined(QList<TextStretch> stretches)
{
    std::ranges::sort(stretches, {}, &TextStretch::at);
    QList<TextStretch> result;
    for (const TextStretch &stretch : std::as_const(stretches)) {
        if (result.isEmpty() || stretch.at > result.constLast().at + result.constLast().length)
            result.append(stretch);
        else
            result.last().length = std::max(result.constLast().length,
                                            stretch.at + stretch.length - result.constLast().at);
    }
    return result;
}

} // namespace

QList<TextStretch> changedWords(QStringView text, QStringView other)
{
    return WordComparison(text, other).changed();
}

QList<QList<TextStretch>> changedWords(const QStringList &texts)
{
    QList<QList<TextStretch>> all;
    for (const QString &text : texts) {
        QList<TextStretch> stretches;
        for (const QString &other : texts)
            if (!text.isEmpty() && !other.isEmpty() && other != text)
                stretches += changedWords(text, other);
        all.append(joined(stretches));
    }
    return all;
}

} // namespace tribikos
