#include "core/sqlread/rawblock.h"

#include "core/sqlread/rawalter.h"
#include "core/sqlread/sqlcursor.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A body's tokens from left to right; what isn't DDL is passed over.
class BlockReader
{
public:
    BlockReader(const QString &body, Schema &schema, int depth)
        : m_cursor(body, Backend::PostgreSql)
        , m_schema(schema)
        , m_depth(depth)
    {}
    bool apply();

private:
    bool applyWord(const SqlToken &word);
    bool applyAlter();
    bool applyCreate();
    bool applyDrop();
    bool applyExecute();
    bool touchTable();
    bool touchIndex();
    bool isCascade();

    SqlCursor m_cursor;
    Schema &m_schema;
    const int m_depth;
};

bool BlockReader::apply()
{
    while (!m_cursor.atEnd()) {
        const SqlToken token = m_cursor.take();
        if (token.kind == SqlToken::Kind::Word && !applyWord(token))
            return false;
    }
    return true;
}

bool BlockReader::applyWord(const SqlToken &word)
{
    if (word.isWord(u"ALTER"))
        return applyAlter();
    if (word.isWord(u"CREATE"))
        return applyCreate();
    if (word.isWord(u"DROP"))
        return applyDrop();
    if (word.isWord(u"EXECUTE"))
        return applyExecute();
    return !word.isWord(u"CALL") && !word.isWord(u"PERFORM") && !word.isWord(u"IMPORT");
}

/// The table whose name is next, and of which nothing certain is left.
bool BlockReader::touchTable()
{
    m_cursor.acceptIfExists();
    m_cursor.acceptIfNotExists();
    m_cursor.accept({u"ONLY"});
    const TableName name = m_cursor.takeTableName();
    if (name.name.isEmpty() || name.name.contains(u'%'))
        return false;
    Table &table = m_schema.tables[knownTable(m_schema, name, Backend::PostgreSql)];
    if (table.name.name.isEmpty())
        table.name = name;
    table.isOpaque = true;
    const bool isOfKeys = isKeyAction(m_cursor);
    table.columnsOpaque = table.columnsOpaque || !isOfKeys;
    return true;
}

/// Of the table that has the index, if one is known to have it.
bool BlockReader::touchIndex()
{
    m_cursor.accept({u"CONCURRENTLY"});
    m_cursor.acceptIfExists();
    const QString name = m_cursor.takeTableName().name;
    if (name.isEmpty() || name.contains(u'%'))
        return false;
    for (Table &table : m_schema.tables)
        table.isOpaque =
            table.isOpaque || std::ranges::any_of(table.indexes, [&](const Index &index) {
                return index.name.text == name;
            });
    return true;
}

bool BlockReader::isCascade()
{
    const qsizetype start = m_cursor.position();
    bool found = false;
    while (!m_cursor.atEnd() && !m_cursor.isSymbol(u";"))
        found = m_cursor.take().isWord(u"CASCADE") || found;
    m_cursor.moveTo(start);
    return found;
}

bool BlockReader::applyAlter()
{
    if (m_cursor.accept({u"TABLE"}))
        return touchTable();
    if (m_cursor.accept({u"INDEX"}))
        return touchIndex();
    if (!m_cursor.accept({u"TYPE"}))
        return true;
    m_cursor.takeTableName();
    return !m_cursor.accept({u"RENAME", u"TO"}); // of its columns as well
}

bool BlockReader::applyCreate()
{
    if (m_cursor.isWord(u"TABLE") || m_cursor.isWord(u"UNLOGGED"))
        return false; // a table that may be there or not
    if (!m_cursor.accept({u"INDEX"}) && !m_cursor.accept({u"UNIQUE", u"INDEX"}))
        return true;
    while (!m_cursor.atEnd() && !m_cursor.isSymbol(u";"))
        if (m_cursor.take().isWord(u"ON"))
            return touchTable();
    return false;
}

bool BlockReader::applyDrop()
{
    if (isCascade())
        return false;
    if (m_cursor.accept({u"INDEX"}))
        return touchIndex();
    return !m_cursor.isWord(u"TABLE");
}

/// EXECUTE 'ALTER TABLE …', EXECUTE format('CREATE ROLE %I', …): the texts in it are read in turn.
bool BlockReader::applyExecute()
{
    if (m_cursor.isWord(u"FUNCTION") || m_cursor.isWord(u"PROCEDURE") || m_cursor.isWord(u"ON"))
        return true; // of a trigger; a right
    bool hasText = false;
    while (!m_cursor.atEnd() && !m_cursor.isSymbol(u";")) {
        const SqlToken token = m_cursor.take();
        if (token.kind != SqlToken::Kind::String)
            continue;
        const bool isFirst = !std::exchange(hasText, true);
        if (isFirst && (m_depth > 3 || !BlockReader(token.text, m_schema, m_depth + 1).apply()))
            return false;
        if (token.text.trimmed().startsWith(u'%'))
            return false;
    }
    return hasText;
}

} // namespace

bool applyBlock(const QString &body, Schema &schema)
{
    return BlockReader(body, schema, 0).apply();
}

} // namespace tribikos
