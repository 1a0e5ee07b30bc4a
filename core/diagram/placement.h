#pragma once

#include "core/diagram/layers.h"

namespace tribikos {

/// Gives the nodes of \a layers their heights on the page: in their layers' order, apart from one another, and otherwise
/// where their lines are as straight as they can be. The uppermost node's edge is at 0.
void placeNodes(Layers &layers, const DiagramMetrics &metrics, const std::stop_token &stop);

} // namespace tribikos
