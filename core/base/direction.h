#pragma once

namespace tribikos {

/// Which way a step goes; Stamp moves the version rows alone.
enum class Direction { Upgrade, Downgrade, Stamp };

} // namespace tribikos
