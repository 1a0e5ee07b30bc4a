#include "core/project/halfundo.h"

#include "core/base/sqlhead.h"
#include "core/base/text.h"
#include "core/diff/diff.h"
#include "core/ops/heldindex.h"
#include "core/project/inverseoperations.h"
#include "core/runtime/journal.h"

#include <QFileInfo>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// An operation of which statements are in.
struct Piece
{
    Operation operation{};
    QString sql{}; // its first statement
    int first = 0; // statements [first, last) of the revision
    int last = 0;
    Schema before{};
    Schema after{}; // all of it
};

bool isAlike(Backend backend, const Schema &a, const Schema &b)
{
    return compare({.backend = backend, .migrations = &a, .database = &b, .hasAllSchemas = true})
        .isEmpty();
}

/// Statements that leave nothing behind.
bool isHarmless(const QString &sql)
{
    static const QStringList words{u"SET"_s, u"SELECT"_s, u"SHOW"_s, u"ANALYZE"_s};
    return words.contains(leadingKeyword(sql));
}

class Undoing
{
public:
    explicit Undoing(const HalfUndoInput &input)
        : m_input(input)
        , m_back(flattened(input.back))
        , m_now(*input.now)
    {}

    Result<HalfUndo> undo();

private:
    Status cut();
    Status takeBack(const Piece &piece);
    void add(const Operation &operation, const Piece &piece);
    Operations derived(const Piece &piece) const;
    bool leadsBack(const Piece &piece, const Operations &inverse) const;
    std::optional<Operation> authorsWay(const Piece &piece) const;
    bool isThere(const Operation &inverse) const;
    Error refused(const Piece &piece, const QString &why) const;
    QString subject() const;

    const HalfUndoInput &m_input;
    const Operations m_back;
    QList<Piece> m_pieces{};
    Schema m_now;        // the database, when what is undone so far has run
    Operations m_held{}; // wait for a key to go
    HalfUndo m_undo{};
};

QString Undoing::subject() const
{
    return u"the %1 of revision %2"_s.arg(
        m_input.half.direction == Direction::Downgrade ? u"downgrade"_s : u"upgrade"_s,
        visibleText(m_input.half.revision, false));
}

Error Undoing::refused(const Piece &piece, const QString &why) const
{
    const int line = piece.operation.span.line;
    const QString place =
        m_input.file.isEmpty()
            ? QString()
            : u" (%1:%2)"_s.arg(visibleText(QFileInfo(m_input.file).fileName(), false)).arg(line);
    return {
        .code = ErrorCode::Conflict,
        .message =
            u"Statement %1 of %2%3 can't be taken back: %4. Nothing was done: finish the "
            u"revision with the command that it had, or set the database right by hand and stamp "
            u"where it is with --interrupted done."_s.arg(QString::number(piece.first + 1),
                                                          subject(), place, why),
        .detail = redactedText(piece.sql),
        .file = m_input.file,
        .line = line};
}

/// Which operation each of the statements that are in belongs to.
Status Undoing::cut()
{
    const QList<QByteArray> &digests = m_input.half.digests;
    Planner planner(m_input.request);
    int count = 0;
    for (const Operation &operation : flattened(m_input.there)) {
        if (count == digests.size())
            break;
        const Schema before = planner.schema();
        const PlanStep part = planner.rendered({.operations = {operation}});
        if (part.statements.isEmpty() && part.status == StepStatus::Ok)
            continue;
        Piece piece{.operation = operation,
                    .sql = part.statements.value(0).shown(),
                    .first = count,
                    .before = before,
                    .after = planner.schema()};
        for (const Statement &statement : part.statements) {
            if (count == digests.size())
                break;
            if (Journal::digest(statement) != digests.at(count))
                return Error{.code = ErrorCode::Conflict,
                             .message = u"Statement %1 of %2 ran before the run broke off, but the "
                                        u"script has another one there now: put the script back as "
                                        u"it was, then take it back."_s.arg(
                                            QString::number(count + 1), subject()),
                             .file = m_input.file,
                             .line = operation.span.line};
            ++count;
        }
        piece.last = count;
        if (part.status != StepStatus::Ok)
            return refused(piece, part.reason);
        m_pieces.append(std::move(piece));
    }
    if (count == digests.size())
        return done();
    return Error{.code = ErrorCode::Conflict,
                 .message = u"%1 statements of %2 ran before the run broke off, but the script has "
                            u"fewer now: put the script back as it was, then take it back."_s.arg(
                                QString::number(digests.size()), subject()),
                 .file = m_input.file};
}

bool Undoing::leadsBack(const Piece &piece, const Operations &inverse) const
{
    Schema schema = piece.after;
    replay(inverse, schema, m_input.request.sqlReader);
    return !hasNewOpaqueTable(piece.before, schema)
           && isAlike(m_input.request.backend, piece.before, schema);
}

/// MySQL keeps the index of a key that is dropped: what is left then goes as well.
Operations Undoing::derived(const Piece &piece) const
{
    constexpr int mostRounds = 3;
    Operations all;
    Schema schema = piece.after;
    for (int round = 0; round < mostRounds; ++round) {
        const Operations more =
            inverseOf(round == 0 ? piece.operation : Operation{.span = piece.operation.span},
                      piece.before, schema);
        if (more.isEmpty())
            break;
        replay(more, schema, m_input.request.sqlReader);
        all += more;
    }
    return all;
}

/// The one operation of the other direction that makes what was before.
std::optional<Operation> Undoing::authorsWay(const Piece &piece) const
{
    const auto found = std::ranges::find_if(
        m_back, [&](const Operation &operation) { return leadsBack(piece, {operation}); });
    return found == m_back.cend() ? std::nullopt : std::optional(*found);
}

/// What the operation takes away is in the database, or what it makes is not.
bool Undoing::isThere(const Operation &inverse) const
{
    if (const std::optional<bool> isDone = isDoneIn(inverse, m_now))
        return !*isDone;
    Schema after = m_now;
    replay(inverse, after, m_input.request.sqlReader);
    return !(after == m_now);
}

/// MySQL drops no index that a key needs: where the key is to go as well that comes first, else the key gets another.
void Undoing::add(const Operation &operation, const Piece &piece)
{
    const auto *drop = operation.as<DropIndex>();
    const bool isPostgres = m_input.request.backend == Backend::PostgreSql;
    const ForeignKey *key = drop && !isPostgres ? keyThatHolds(*drop, m_now) : nullptr;
    if (key) {
        const Table *start = m_input.request.schema.table(*drop->table);
        if (!start || !start->constraints.contains(Constraint(*key)))
            return m_held.append(operation);
        CreateIndex own{.table = *drop->table, .index = {.name = key->name}};
        for (const QString &column : key->columns)
            own.index.elements.append(columnExpr(column));
        add({.kind = own, .span = operation.span}, piece);
    }
    replay(operation, m_now, m_input.request.sqlReader);
    m_undo.operations.append(operation);
    m_undo.undone.append(piece.first);
    for (const Operation &held : std::exchange(m_held, {}))
        if (isThere(held))
            add(held, piece); // or it is held still
}

Status Undoing::takeBack(const Piece &piece)
{
    const auto keep = [&](const Operations &inverse) {
        for (const Operation &operation : inverse)
            if (isThere(operation))
                add(operation, piece);
        return done();
    };
    const bool isOpaque = (piece.operation.as<Execute>() && changesStorage(piece.sql))
                          || piece.after.opaqueReasons.size() > piece.before.opaqueReasons.size()
                          || hasNewOpaqueTable(piece.before, piece.after);
    if (isOpaque)
        return refused(piece, u"what it changed can't be followed"_s);
    if (changesRows(piece.operation, piece.sql)) {
        if (goesWithTables(piece.operation, piece.sql, m_input.request.schema, piece.before))
            return done();
        return refused(piece, u"it changed rows, and how they were before is not known"_s);
    }
    const Operations inverse = derived(piece);
    if (leadsBack(piece, inverse)) {
        if (!inverse.isEmpty() || isHarmless(piece.sql))
            return keep(inverse);
        return refused(piece, u"what it changed can't be followed"_s);
    }
    const std::optional<Operation> way = authorsWay(piece);
    const QString lost = lostBy(piece.before, piece.after);
    if (!way)
        return refused(piece, lost.isEmpty() ? u"no way back could be derived"_s
                                             : u"it dropped %1"_s.arg(lost));
    if (!lost.isEmpty())
        m_undo.losses.append(
            {u"makes %1 again, but what was in there, which statement %2 dropped, does not come back"_s
                 .arg(lost)
                 .arg(piece.first + 1),
             way->span});
    return keep({*way});
}

Result<HalfUndo> Undoing::undo()
{
    if (const Status fits = cut(); !fits)
        return fits.error();
    for (auto piece = m_pieces.rbegin(); piece != m_pieces.rend(); ++piece) {
        nameConstraints(piece->before, m_now);
        nameConstraints(piece->after, m_now);
        if (const Status taken = takeBack(*piece); !taken)
            return taken.error();
    }
    return m_undo;
}

} // namespace

Result<HalfUndo> undoHalf(const HalfUndoInput &input)
{
    return Undoing(input).undo();
}

Schema spelledAs(const QList<TableName> &names, Schema now)
{
    for (const TableName &name : names) {
        const TableName small{name.schema, name.name.toLower()};
        const bool isKeptSmall = small.name != name.name && !names.contains(small)
                                 && now.tables.contains(small) && !now.tables.contains(name);
        if (isKeptSmall)
            replay(Operation{.kind = RenameTable{small, name.name}}, now);
    }
    return now;
}

} // namespace tribikos
