#include "ui/diff/ignoredialog.h"

#include "core/diff/ignored.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QStringList keysFor(const Difference &difference)
{
    QStringList keys = ignoreKeys(difference);
    if (difference.kind != Difference::Kind::Object && !keys.contains(u"tables"_s))
        keys.append(u"tables"_s);
    return keys;
}

/// The narrowest first.
QStringList patternsFor(const QString &key, const Difference &difference)
{
    const ComparedObject object = comparedObject(difference);
    const QString schema = object.schema.isEmpty() ? QString() : object.schema + u'.';
    QStringList patterns;
    if (key == u"tables") {
        patterns << schema + object.table;
        if (const qsizetype cut = object.table.indexOf(u'_'); cut > 0)
            patterns << schema + object.table.left(cut + 1) + u'*';
        if (!schema.isEmpty())
            patterns << schema + u'*';
    } else if (object.table.isEmpty()) {
        patterns << schema + object.name << schema + u'*';
    } else {
        const QString name = object.name.isEmpty() ? u"*"_s : object.name;
        patterns << schema + object.table + u'.' + name << u"*."_s + name
                 << schema + object.table + u".*"_s;
    }
    patterns << u"*"_s;
    patterns.removeDuplicates();
    return patterns;
}

} // namespace

QString ignoreKeyText(const QString &key)
{
    const QHash<QString, QString> texts{
        {u"tables"_s, IgnoreDialog::tr("Tables, with all that is in them")},
        {u"columns"_s, IgnoreDialog::tr("Columns")},
        {u"indexes"_s, IgnoreDialog::tr("Indexes")},
        {u"constraints"_s, IgnoreDialog::tr("Constraints of any kind")},
        {u"primary_keys"_s, IgnoreDialog::tr("Primary keys")},
        {u"uniques"_s, IgnoreDialog::tr("Unique constraints")},
        {u"foreign_keys"_s, IgnoreDialog::tr("Foreign keys")},
        {u"checks"_s, IgnoreDialog::tr("Check constraints")},
        {u"types"_s, IgnoreDialog::tr("Types of columns")},
        {u"nullable"_s, IgnoreDialog::tr("NULL or NOT NULL of columns")},
        {u"defaults"_s, IgnoreDialog::tr("Server defaults of columns")},
        {u"comments"_s, IgnoreDialog::tr("Comments")},
        {u"views"_s, IgnoreDialog::tr("Views")},
        {u"triggers"_s, IgnoreDialog::tr("Triggers")},
        {u"functions"_s, IgnoreDialog::tr("Functions")},
        {u"sequences"_s, IgnoreDialog::tr("Sequences")},
        {u"enums"_s, IgnoreDialog::tr("Enums")},
        {u"domains"_s, IgnoreDialog::tr("Domains")},
        {u"extensions"_s, IgnoreDialog::tr("Extensions")},
        {u"schemas"_s, IgnoreDialog::tr("Schemas")}};
    return texts.value(key, key);
}

IgnoreDialog::IgnoreDialog(const Difference &one, const QList<Difference> &all, QWidget *window)
    : EditDialog(tr("Ignore in comparisons"), tr("&Ignore"), window)
    , m_one(one)
    , m_all(all)
    , m_keys(new QComboBox(this))
    , m_pattern(new QComboBox(this))
    , m_reach(new QLabel(this))
{
    auto *question = new QLabel(
        tr("The rule goes into tribikos.toml and holds for check, diff and new revisions as well."),
        this);
    question->setWordWrap(true);
    m_keys->setObjectName(u"keys"_s);
    for (const QString &key : keysFor(one))
        m_keys->addItem(ignoreKeyText(key), key);
    m_pattern->setObjectName(u"pattern"_s);
    m_pattern->setEditable(true);
    m_pattern->setInsertPolicy(QComboBox::NoInsert);
    m_pattern->setMinimumWidth(fontMetrics().horizontalAdvance(u'm') * 24);
    m_pattern->setToolTip(tr("* stands for any letters, ? for one"));
    m_reach->setObjectName(u"reach"_s);
    m_reach->setTextFormat(Qt::PlainText);
    m_reach->setProperty("role", u"dim"_s);
    auto *form = new QFormLayout;
    form->addRow(tr("&Leave out"), m_keys);
    form->addRow(tr("&Named like"), m_pattern);
    form->addRow(QString(), m_reach);
    body()->addWidget(question);
    body()->addLayout(form);
    connect(m_keys, &QComboBox::currentIndexChanged, this, &IgnoreDialog::suggest);
    connect(m_pattern, &QComboBox::currentTextChanged, this, &IgnoreDialog::check);
    suggest();
    m_pattern->setFocus();
    m_pattern->lineEdit()->selectAll();
}

QString IgnoreDialog::key() const
{
    return m_keys->currentData().toString();
}

QString IgnoreDialog::pattern() const
{
    return m_pattern->currentText().trimmed();
}

void IgnoreDialog::suggest()
{
    m_pattern->clear();
    m_pattern->addItems(patternsFor(key(), m_one));
    m_pattern->setCurrentIndex(0);
    check();
}

void IgnoreDialog::check()
{
    const IgnoreRules rules{.patterns = {{key(), {pattern()}}}};
    int left = 0;
    (void)withoutIgnored(m_all, rules, &left);
    const bool hasOwn = rules.ignores(ignoreKeys(m_one), comparedObject(m_one));
    m_reach->setText(hasOwn ? tr("%1 of the %2 differences listed").arg(left).arg(m_all.size())
                            : tr("This difference is not among them"));
    setReady(hasOwn && patternProblem(key(), pattern()).isEmpty());
}

} // namespace tribikos
