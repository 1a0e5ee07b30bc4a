#pragma once

#include <QComboBox>

namespace tribikos {

class ProjectController;

/// The choice of one side of a comparison: the models, a database, a revision, a file. What is typed is read as on the command
/// line (core/project/schemasource.h): the beginning of an id, "head", a path.
class SourceBox final : public QComboBox
{
    Q_OBJECT
public:
    SourceBox(ProjectController *controller, const QString &accessibleName,
              QWidget *parent = nullptr);

    /// As SourceRequest::word; empty: nothing is chosen.
    QString word() const { return m_word; }
    /// Shows it without telling.
    void setWord(const QString &word);
    /// Asks for what the project has anew; the word stays.
    void refresh();
    /// Asks for a file to be the side.
    void chooseFile();

signals:
    void wordChosen();

private:
    void takeTyped();
    void take(int index);

    ProjectController *m_controller = nullptr;
    QString m_word{};
};

} // namespace tribikos
