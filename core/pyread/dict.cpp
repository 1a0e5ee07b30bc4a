#include "core/pyread/function.h"
#include "core/pyread/methods.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

qsizetype Dict::indexOf(Interpreter &interpreter, const Value &key, size_t hash) const
{
    for (auto at = m_index.constFind(hash); at != m_index.constEnd() && at.key() == hash; ++at) {
        const Value &candidate = m_entries[size_t(*at)].key;
        if (candidate.isSame(key) || interpreter.equals(candidate, key))
            return *at;
        interpreter.step();
    }
    return -1;
}

const Value *Dict::find(Interpreter &interpreter, const Value &key) const
{
    const qsizetype index = indexOf(interpreter, key, interpreter.hash(key));
    return index < 0 ? nullptr : &m_entries[size_t(index)].value;
}

const Value *Dict::find(const QString &key) const
{
    const size_t hash = qHash(key);
    for (auto at = m_index.constFind(hash); at != m_index.constEnd() && at.key() == hash; ++at) {
        const Entry &entry = m_entries[size_t(*at)];
        if (entry.key.isStr() && entry.key.str() == key)
            return &entry.value;
    }
    return nullptr;
}

void Dict::insert(Interpreter &interpreter, const Value &key, const Value &value)
{
    const size_t hash = interpreter.hash(key);
    const qsizetype index = indexOf(interpreter, key, hash);
    if (index >= 0) {
        m_entries[size_t(index)].value = value;
        return;
    }
    interpreter.checkLength(m_size + 1);
    interpreter.charge(160);
    m_index.insert(hash, qsizetype(m_entries.size()));
    m_entries.push_back({key, value, true});
    ++m_size;
}

bool Dict::remove(Interpreter &interpreter, const Value &key)
{
    const size_t hash = interpreter.hash(key);
    const qsizetype index = indexOf(interpreter, key, hash);
    if (index < 0)
        return false;
    m_index.remove(hash, index);
    m_entries[size_t(index)] = {Value(), Value(), false};
    --m_size;
    if (m_entries.size() > 32 && qint64(m_entries.size()) > 2 * m_size)
        compact();
    return true;
}

void Dict::compact()
{
    std::vector<qsizetype> moved(m_entries.size(), -1);
    std::vector<Entry> kept;
    for (size_t i = 0; i < m_entries.size(); ++i) {
        if (!m_entries[i].live)
            continue;
        moved[i] = qsizetype(kept.size());
        kept.push_back(m_entries[i]);
    }
    for (qsizetype &index : m_index)
        index = moved[size_t(index)];
    m_entries = std::move(kept);
}

void Dict::clear()
{
    m_entries.clear();
    m_index.clear();
    m_size = 0;
}

std::vector<std::pair<Value, Value>> Dict::entries() const
{
    std::vector<std::pair<Value, Value>> result;
    result.reserve(size_t(m_size));
    for (const Entry &entry : m_entries) {
        if (entry.live)
            result.emplace_back(entry.key, entry.value);
    }
    return result;
}

std::optional<Value> Dict::getAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, dictMethods(), Value(this), name))
        return method;
    return Object::getAttr(interpreter, name);
}

void Dict::iterate(Interpreter &interpreter, const Visitor &visit)
{
    const qint64 before = m_size;
    for (const auto &[key, value] : entries()) {
        if (!visit(key))
            return;
        if (m_size != before)
            interpreter.raise(u"RuntimeError"_s, u"dictionary changed size during iteration"_s);
    }
}

Value Dict::getItem(Interpreter &interpreter, const Value &key)
{
    if (const Value *value = find(interpreter, key))
        return *value;
    if (const auto *unknown = key.as<Unknown>())
        unknown->refuse(interpreter);
    if (onMissing && key.isStr())
        onMissing(key.str());
    interpreter.raiseKeyError(key);
}

void Dict::setItem(Interpreter &interpreter, const Value &key, const Value &value)
{
    insert(interpreter, key, value);
}

void Dict::delItem(Interpreter &interpreter, const Value &key)
{
    if (!remove(interpreter, key))
        interpreter.raiseKeyError(key);
}

std::optional<bool> Dict::contains(Interpreter &interpreter, const Value &item)
{
    return find(interpreter, item) != nullptr;
}

std::optional<Value> Dict::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                  bool reflected)
{
    const auto *right = other.as<Dict>();
    if (op != BinaryOp::Or || !right || reflected)
        return std::nullopt;
    auto *merged = interpreter.make<Dict>();
    for (const auto &[key, value] : entries())
        merged->insert(interpreter, key, value);
    for (const auto &[key, value] : right->entries())
        merged->insert(interpreter, key, value);
    return Value(merged);
}

std::optional<Value> Dict::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    const auto *right = other.as<Dict>();
    if (!right || (op != CompareOp::Eq && op != CompareOp::Ne))
        return std::nullopt;
    bool same = m_size == right->m_size;
    for (const auto &[key, value] : entries()) {
        if (!same)
            break;
        const Value *theirs = right->find(interpreter, key);
        same = theirs && interpreter.equals(value, *theirs);
    }
    return Value(same == (op == CompareOp::Eq));
}

size_t Dict::hash(Interpreter &interpreter)
{
    interpreter.raise(u"TypeError"_s, u"unhashable type: 'dict'"_s);
}

QString Dict::repr(Interpreter &interpreter)
{
    QString text = u"{"_s;
    for (const auto &[key, value] : entries()) {
        if (text.size() > 1)
            text += u", "_s;
        text += interpreter.repr(key) + u": "_s + interpreter.repr(value);
        interpreter.step();
    }
    return interpreter.checkedText(text + u'}');
}

// --- Set -----------------------------------------------------------------------------------------

QString Set::typeName() const
{
    return frozen ? u"frozenset"_s : u"set"_s;
}

std::optional<Value> Set::getAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, setMethods(), Value(this), name))
        return method;
    return Object::getAttr(interpreter, name);
}

void Set::iterate(Interpreter &interpreter, const Visitor &visit)
{
    m_dict.iterate(interpreter, visit);
}

std::optional<bool> Set::contains(Interpreter &interpreter, const Value &item)
{
    return m_dict.find(interpreter, item) != nullptr;
}

void Set::insert(Interpreter &interpreter, const Value &item)
{
    if (!m_dict.find(interpreter, item))
        m_dict.insert(interpreter, item, Value());
}

bool Set::remove(Interpreter &interpreter, const Value &item)
{
    return m_dict.remove(interpreter, item);
}

std::vector<Value> Set::items() const
{
    std::vector<Value> result;
    for (const auto &[key, value] : m_dict.entries())
        result.push_back(key);
    return result;
}

std::optional<Value> Set::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                 bool reflected)
{
    auto *right = other.as<Set>();
    if (!right || reflected)
        return std::nullopt;
    if (op != BinaryOp::Or && op != BinaryOp::And && op != BinaryOp::Sub && op != BinaryOp::Xor)
        return std::nullopt;
    auto *made = interpreter.make<Set>(frozen);
    for (const Value &item : items()) {
        const bool both = *right->contains(interpreter, item);
        if (op == BinaryOp::Or || both == (op == BinaryOp::And))
            made->insert(interpreter, item);
    }
    if (op == BinaryOp::Or || op == BinaryOp::Xor) {
        for (const Value &item : right->items()) {
            if (!*contains(interpreter, item))
                made->insert(interpreter, item);
        }
    }
    return Value(made);
}

std::optional<Value> Set::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    auto *right = other.as<Set>();
    if (!right)
        return std::nullopt;
    const auto within = [&](const Set &small, Set &large) {
        for (const Value &item : small.items()) {
            if (!*large.contains(interpreter, item))
                return false;
        }
        return true;
    };
    const qint64 mine = m_dict.size();
    const qint64 theirs = right->m_dict.size();
    switch (op) {
    case CompareOp::Eq: return Value(mine == theirs && within(*this, *right));
    case CompareOp::Ne: return Value(mine != theirs || !within(*this, *right));
    case CompareOp::Le: return Value(within(*this, *right));
    case CompareOp::Lt: return Value(mine < theirs && within(*this, *right));
    case CompareOp::Ge: return Value(within(*right, *this));
    case CompareOp::Gt: return Value(mine > theirs && within(*right, *this));
    }
    return std::nullopt;
}

size_t Set::hash(Interpreter &interpreter)
{
    if (!frozen)
        interpreter.raise(u"TypeError"_s, u"unhashable type: 'set'"_s);
    size_t sum = 11;
    for (const Value &item : items())
        sum ^= interpreter.hash(item) * 31;
    return sum;
}

QString Set::repr(Interpreter &interpreter)
{
    if (m_dict.size() == 0)
        return frozen ? u"frozenset()"_s : u"set()"_s;
    QString text;
    for (const Value &item : items())
        text += (text.isEmpty() ? u""_s : u", "_s) + interpreter.repr(item);
    return interpreter.checkedText(frozen ? u"frozenset({%1})"_s.arg(text) : u"{%1}"_s.arg(text));
}

} // namespace tribikos::py
