#pragma once

namespace tribikos {

/// Lambdas as one overload set, for std::visit.
template<typename... T>
struct Overloaded : T...
{
    using T::operator()...;
};

} // namespace tribikos
