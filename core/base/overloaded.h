#pragma once

namespace tribikos {

/// Lambdas as one overload set, for std::visit.
template<typename... T>
struct Overloaded : T...
{
    using T::operator()...;
};
template<typename... T>
Overloaded(T...) -> Overloaded<T...>; // clang 14 does not deduce an aggregate's arguments by itself

} // namespace tribikos
