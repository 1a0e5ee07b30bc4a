#pragma once

#include <QObject>

/// SQLAlchemy's expressions beside what the real one compiles (data/expressions.json).
class tst_Expressions : public QObject
{
    Q_OBJECT

private slots:
    void compile_data();
    void compile();
};
