#pragma once

#include <QList>
#include <QString>

namespace tribikos {

/// Replacements in one text, by offsets into the text as it was.
class Splices
{
public:
    void replace(qsizetype begin, qsizetype end, const QString &with);
    void insert(qsizetype at, const QString &text) { replace(at, at, text); }
    bool isEmpty() const { return m_parts.isEmpty(); }
    QString applied(const QString &text) const;

    struct Part
    {
        qsizetype begin = 0;
        qsizetype end = 0;
        QString with{};
    };
    const QList<Part> &parts() const { return m_parts; }

private:
    QList<Part> m_parts{};
};

} // namespace tribikos
