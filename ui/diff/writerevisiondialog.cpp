#include "ui/diff/writerevisiondialog.h"

#include "core/base/text.h"
#include "ui/sql/sqlview.h"

#include <QCheckBox>
#include <QDateTime>
#include <QDir>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScreen>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

WriteRevisionDialog::WriteRevisionDialog(const ProjectPtr &project,
                                         std::shared_ptr<const ModelRevision> revision,
                                         QWidget *window)
    : EditDialog(tr("New revision from the models"), tr("&Write revision"), window)
    , m_project(project)
    , m_revision(std::move(revision))
    , m_made(
          Error{.code = ErrorCode::Cancelled, .message = tr("The file is still being worked out.")})
    , m_message(new QLineEdit(this))
    , m_byHand(new QCheckBox(tr("&Change the text by hand"), this))
    , m_file(new QLabel(this))
    , m_text(new SqlView(this))
{
    resize(QSize(920, 680).boundedTo(screen()->availableSize()));
    m_message->setPlaceholderText(tr("what the revision is about"));
    m_byHand->setToolTip(tr("The message stays as it is then."));
    m_file->setTextFormat(Qt::PlainText);
    m_file->setProperty("role", u"dim"_s);
    m_file->setWordWrap(true);
    m_text->setReadOnlyName(tr("The new revision’s file"));
    auto *form = new QFormLayout;
    form->addRow(tr("&Message"), m_message);
    body()->addLayout(form);
    body()->addWidget(m_text, 1);
    body()->addWidget(m_byHand);
    body()->addWidget(m_file);
    m_wait.setSingleShot(true);
    m_wait.setInterval(150);
    connect(&m_wait, &QTimer::timeout, this, &WriteRevisionDialog::preview);
    connect(m_message, &QLineEdit::textChanged, this, [this] {
        setReady(false); // what is shown is not what was typed
        m_byHand->setEnabled(false);
        m_wait.start();
    });
    connect(m_byHand, &QCheckBox::toggled, this, [this](bool isOn) {
        m_message->setEnabled(!isOn);
        m_byHand->setEnabled(!isOn); // there is no way back that would keep what was changed
        m_text->setEditable(isOn);
        m_text->setFocus();
    });
    m_byHand->setEnabled(false);
    setReady(false);
    m_message->setFocus();
    preview();
}

void WriteRevisionDialog::preview()
{
    m_job.start(
        [project = m_project, revision = m_revision, message = m_message->text().trimmed(),
         id = m_id](const std::stop_token &) {
            const RevisionRequest request{.message = message.isEmpty() ? std::nullopt
                                                                       : std::optional(message),
                                          .id = id,
                                          .now = QDateTime::currentMSecsSinceEpoch() * 1000};
            return revisionFor(*project, *revision, request);
        },
        [this](const Result<NewRevision> &made) { show(made); });
}

void WriteRevisionDialog::show(const Result<NewRevision> &made)
{
    m_made = made;
    setReady(bool(made));
    if (!made)
        return showProblem(made.error());
    m_id = made->id;
    m_byHand->setEnabled(true);
    const bool isPython = made->file.endsWith(u".py"_s);
    m_text->setText(QString::fromUtf8(made->edit.changes.constLast().after.value_or(QByteArray())),
                    isPython ? SqlView::Language::Python : SqlView::Language::Sql);
    QStringList lines{visibleText(QDir::toNativeSeparators(made->file), false)};
    lines += m_revision->notes + made->notes;
    m_file->setText(visibleText(lines.join(u'\n')));
}

Result<NewRevision> WriteRevisionDialog::made() const
{
    if (!m_made || !m_byHand->isChecked())
        return m_made;
    NewRevision changed = *m_made;
    changed.edit.changes.last().after = m_text->editedText().toUtf8();
    return changed;
}

} // namespace tribikos
