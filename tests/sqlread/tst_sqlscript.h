#pragma once

#include <QObject>

class tst_SqlScript : public QObject
{
    Q_OBJECT

private slots:
    void header();
    void base();
    void sections_data();
    void sections();
    void missingSection();
    void places();
    void refusals_data();
    void refusals();
    void refusedSections_data();
    void refusedSections();
    void sectionLineInText_data();
    void sectionLineInText();
    void stretches();
    void catalogueIsNoData();
    void headerAlone();
};
