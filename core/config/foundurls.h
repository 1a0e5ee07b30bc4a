#pragma once

#include "core/config/databaseurl.h"

#include <stop_token>

namespace tribikos {

/// A database URL that stands in a project's file.
struct FoundUrl
{
    DatabaseUrl url{}; // with its password, if it has one
    QString name{};    // what it is given to there: "DATABASE_URL", "sqlalchemy.url"; may be empty
    QString file{};    // below the folder that was looked through
    int line = 0;
};

/*!
    The database URLs that are written out in the settings files of the project at \a folder and two levels below it:
    *.ini, *.cfg, *.toml, .env and its kin, compose files, settings*.py and config*.py. Files of more than a megabyte and
    what is put together at run time ("${USER}"), and lines of more than 4096 characters, are passed over. Reads text; runs nothing. No duplicates.
*/
QList<FoundUrl> findDatabaseUrls(const QString &folder, const std::stop_token &stop = {});

} // namespace tribikos
