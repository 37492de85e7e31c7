// TensorProto, as far as a scalar needs it.
#pragma once

#include <optional>

#include "bytes.hpp"

namespace runlens {

// The number in a rank-0 tensor of a float, integer or bool dtype; nothing for any other tensor.
// int64 and uint64 beyond 2^53 are rounded to the nearest double.
std::optional<double> scalar_of_tensor(Bytes tensor) noexcept;

}  // namespace runlens
