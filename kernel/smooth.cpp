// The moving average, one pass.
#include "smooth.hpp"

#include <cmath>

namespace runlens {

Column<double> debiased_ema(std::span<const double> y, double weight, std::span<const std::int64_t> steps) {
  Column<double> out;
  out.reserve(y.size());
  double mean = 0.0;
  double bias = 1.0;  // w^n: the share of the mean that still is the zero it started with
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double value = y[i];
    if (i > 0 && i < steps.size() && steps[i] < steps[i - 1]) {
      mean = 0.0;
      bias = 1.0;
    }
    if (!std::isfinite(value)) {
      out.push_back(value);
      continue;
    }
    mean = weight * mean + (1.0 - weight) * value;
    // Below a double's resolution the bias is gone; going on would only make denormals, which are slow.
    bias = bias > 1e-17 ? bias * weight : 0.0;
    out.push_back(mean / (1.0 - bias));
  }
  return out;
}

}  // namespace runlens
