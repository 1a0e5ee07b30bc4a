#pragma once

#include <QObject>

/// Python's and SQLAlchemy's spelling of values and types.
class tst_PythonText : public QObject
{
    Q_OBJECT
private slots:
    void texts_data();
    void texts();
    void types_data();
    void types();
};
