// TensorProto, as far as a scalar needs it.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.hpp"

namespace runlens {

// The number in a rank-0 tensor of a float, integer or bool dtype; nothing for any other tensor.
// int64 and uint64 beyond 2^53 are rounded to the nearest double.
std::optional<double> scalar_of_tensor(Bytes tensor) noexcept;

// The dtype that a tensor says it has, as in tensorflow.DataType; 0 when it says none.
std::uint64_t dtype_of_tensor(Bytes tensor) noexcept;

inline constexpr std::uint64_t dtype_of_simple_value = 1;  // DT_FLOAT

}  // namespace runlens
