#pragma once

#include "core/project/project.h"

#include <QStatusBar>

class QLabel;
class QProgressBar;

namespace tribikos {

/// The bar at the bottom: database, position, size of the history, how it was read, what runs.
class StatusLine final : public QStatusBar
{
    Q_OBJECT
public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setProject(const Project *project);
    /// \a state is null while nothing is known of the database.
    void setDatabase(const Environment *environment, const EnvironmentState *state);
    /// "3 of 10 match"; an empty \a text takes it away.
    void setMatches(const QString &text);
    /// What runs in the background; empty: nothing.
    void setBusy(const QString &text);

private:
    QLabel *m_database = nullptr;
    QLabel *m_position = nullptr;
    QLabel *m_counts = nullptr;
    QLabel *m_matches = nullptr;
    QLabel *m_reading = nullptr;
    QLabel *m_busyText = nullptr;
    QProgressBar *m_busy = nullptr;
};

} // namespace tribikos
