#include "core/pyread/words.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <memory>

namespace tribikos::py {

namespace {

constexpr qsizetype longestWord = 32;
constexpr size_t mostWords = 2048;

struct Word
{
    qsizetype size = 0;
    std::array<QChar, longestWord> text{};
    QString shared{}; // points to text

    bool is(QStringView other) const
    {
        return size == other.size()
               && std::memcmp(text.data(), other.data(), size_t(size) * sizeof(QChar)) == 0;
    }
};

/// Each word has one place, a guess from a few of its characters, since names often differ in their numbers alone.
/// Whoever comes first has it for good: others may point there.
std::array<std::atomic<const Word *>, mostWords> words{};

size_t placeOf(QStringView text)
{
    const char16_t *at = text.utf16();
    const auto last = size_t(text.size() - 1);
    size_t guess = at[0];
    for (const size_t i : {last / 2, last - last / 4, last})
        guess = guess * 31 + at[i];
    return (guess * 31 + last) % mostWords;
}

/// The word at \a place, which is \a text if nobody was there before.
const Word *settled(std::atomic<const Word *> &place, QStringView text)
{
    auto made = std::make_unique<Word>();
    made->size = text.size();
    std::ranges::copy(text, made->text.begin());
    made->shared = QString::fromRawData(made->text.data(), made->size);
    const Word *there = nullptr;
    if (place.compare_exchange_strong(there, made.get(), std::memory_order_acq_rel))
        return made.release();
    return there; // another thread was faster
}

} // namespace

QString sharedWord(QStringView text)
{
    if (text.isEmpty() || text.size() > longestWord)
        return text.toString();
    std::atomic<const Word *> &place = words[placeOf(text)];
    const Word *word = place.load(std::memory_order_acquire);
    if (!word)
        word = settled(place, text);
    if (!word->is(text))
        return text.toString();
    return word->shared; // counts no references, for it owns nothing
}

} // namespace tribikos::py
