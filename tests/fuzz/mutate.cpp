#include "core/edit/projecttemplates.h"
#include "tests/fuzz/readers.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QList>
#include <QTextStream>

#include <algorithm>
#include <random>

/// Mutates samples and gives them to the readers. Deterministic: the same seed and samples make the
/// same texts. A text on which a reader dies, or takes longer than it may, is kept beside.
namespace {

using namespace Qt::StringLiterals;

constexpr qint64 slowMs = 15'000;
constexpr const char *lastFile = "mutate-last.bin";

struct Sample
{
    QByteArray text{};
    QString suffix{};
};

/// Pieces that mean something to one reader or another.
const QList<QByteArray> &tokens()
{
    static const QList<QByteArray> list{
        "(", ")", "[", "]", "{", "}", "'", "\"", "'''", "\"\"\"", "f'{", "}'", "\\", "\n", "\r\n",
        "\t", "    ", ":", ":=", "**", "*", "...", "lambda: ", "if ", "else", "for x in x", "while 1:",
        "def f(", "class A(A):", "return", "yield ", "await ", "async ", "match x:\n case ", "try:",
        "except* E:", "finally:", "with ", "import ", "from . import ", "global x\n", "nonlocal x\n",
        "del x\n", "@x\n", "raise", "assert ", "%s", "%(x)s", "{0}", "{!r:>{w}}", "0x", "1e999", "1_000",
        "99999999999999999999", "-9223372036854775808", "\xef\xbb\xbf", "\xff", "\0", "# coding: utf-16\n",
        "op.", "sa.", "op.batch_alter_table('t') as b", "sa.Column(", "sa.text(", "op.execute(", "None",
        "True", "revision = ", "down_revision = ", ";", "--", "/*", "*/", "$$", "$a$", "`", "DELIMITER //\n",
        "BEGIN", "END", "CREATE TRIGGER t ", "CREATE TABLE t (", "E'\\'", "q'[", "-- tribikos: up\n", "[a]",
        "[[a]]", "a = ", "a.b.c = 1\n", "%(here)s", "%%", "\\u0000", "\\U0010ffff", "\\N{BULLET}",
        "1979-05-27T07:32:00Z", "inf", "nan", "=", "==", "!=", "->", "~", "<<", ">>=", "//"};
    return list;
}

class Mutator
{
public:
    explicit Mutator(quint64 seed) : m_random(seed) {}

    QByteArray next(const QList<Sample> &samples, const Sample &sample)
    {
        QByteArray text = sample.text;
        for (qsizetype count = 1 + below(6); count > 0; --count)
            change(text, samples);
        return text.left(200'000);
    }
    qsizetype below(qsizetype bound) { return bound <= 0 ? 0 : qsizetype(m_random() % quint64(bound)); }

private:
    void change(QByteArray &text, const QList<Sample> &samples)
    {
        const qsizetype at = below(text.size() + 1);
        const qsizetype length = below(std::min<qsizetype>(text.size() - at, 1 + below(80)) + 1);
        switch (below(7)) {
        case 0: text.remove(at, length); break;
        case 1: text.insert(at, text.mid(below(text.size() + 1), length)); break;
        case 2: text.insert(at, tokens().at(below(tokens().size()))); break;
        case 3: text.replace(at, length, tokens().at(below(tokens().size()))); break;
        case 4:
            if (at < text.size())
                text[at] = char(below(256));
            break;
        case 5: { // many of the same
            const QByteArray piece = below(2) ? tokens().at(below(tokens().size())) : text.mid(at, length);
            text.insert(at, piece.repeated(1 + below(piece.size() > 20 ? 20 : 3000)));
            break;
        }
        default: { // the end of another sample
            const QByteArray &other = samples.at(below(samples.size())).text;
            text = text.left(at) + other.mid(below(other.size() + 1));
        }
        }
    }

    std::mt19937_64 m_random;
};

QList<Sample> samplesOf(const QStringList &folders)
{
    QStringList paths;
    for (const QString &folder : folders) {
        QDirIterator files(folder, {u"*.py"_s, u"*.mako"_s, u"*.sql"_s, u"*.ini"_s, u"*.toml"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext())
            paths.append(files.next());
    }
    paths.sort();
    QList<Sample> samples{
        {"[alembic]\nscript_location = %(here)s/m\nsqlalchemy.url = sqlite:///a.db\n", u"ini"_s},
        {"[project]\nname = \"a\"\n[[environments]]\nurl = 'x'\n[types]\nGUID = \"CHAR(36)\"\n", u"toml"_s},
        {"-- up\nCREATE TABLE t (a INTEGER DEFAULT (1), CHECK (a > 0));\nINSERT INTO t VALUES ('x;y');\n",
         u"sql"_s},
        {tribikos::templateFile(u"multidb"_s, u"script.py.mako"_s), u"mako"_s}};
    for (const QString &path : paths) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly) && file.size() < 100'000)
            samples.append({file.readAll(), path.section(u'.', -1)});
    }
    return samples;
}

/// Kept before the readers see it, so that it is there when one of them ends the process.
void remember(const Sample &sample)
{
    QFile file(QString::fromLatin1(lastFile));
    if (file.open(QIODevice::WriteOnly))
        file.write(sample.suffix.toLatin1() + '\n' + sample.text);
}

int replayKept(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return 2;
    const QByteArray suffix = file.readLine().trimmed();
    tribikos::fuzz::readAll(file.readAll(), QString::fromLatin1(suffix));
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments().mid(1);
    QTextStream out(stdout);
    if (arguments.size() == 1)
        return replayKept(arguments.first());
    if (arguments.size() < 3) {
        out << "usage: tribikos-mutate ROUNDS SEED FOLDER…   or   tribikos-mutate KEPT-FILE\n";
        return 2;
    }
    const QList<Sample> samples = samplesOf(arguments.mid(2));
    const int rounds = arguments.at(0).toInt();
    Mutator mutator(arguments.at(1).toULongLong());
    qint64 slowest = 0;
    for (int round = 0; round < rounds; ++round) {
        const Sample &sample = samples.at(mutator.below(samples.size()));
        const Sample mutated{mutator.next(samples, sample), sample.suffix};
        remember(mutated);
        QElapsedTimer timer;
        timer.start();
        tribikos::fuzz::readAll(mutated.text, mutated.suffix);
        slowest = std::max(slowest, timer.elapsed());
        if (timer.elapsed() > slowMs) {
            out << "round " << round << " took " << timer.elapsed() << " ms: see " << lastFile << '\n';
            return 1;
        }
    }
    QFile::remove(QString::fromLatin1(lastFile));
    out << rounds << " rounds over " << samples.size() << " samples, the slowest took " << slowest << " ms\n";
    return 0;
}
