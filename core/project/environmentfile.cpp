#include "core/project/environmentfile.h"

#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// \a stronger where it says something, else \a weaker.
template<typename T>
void complete(std::optional<T> *stronger, const std::optional<T> &weaker)
{
    if (!*stronger)
        *stronger = weaker;
}

} // namespace

void completeFromEnvironmentFile(const OpenRequest &request, ProjectData *data)
{
    const ProjectConfig &config = data->config;
    data->options = config.options;
    data->searchPath = config.sysPath;
    data->searchPath.append(config.root);
    for (const QString &file : config.models)
        if (QFileInfo::exists(file))
            data->modelFiles.append(file);
    data->urlIsOfRequest = !request.url.isEmpty();
    data->url = data->urlIsOfRequest ? request.url : config.sqlalchemyUrl;
}

} // namespace tribikos
