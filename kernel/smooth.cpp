// The moving average, one pass.
#include "smooth.hpp"

#include <cmath>

namespace runlens {

template <typename Y, typename Step>
Column<double> debiased_ema(std::span<const Y> y, double weight, std::span<const Step> steps) {
  Column<double> out;
  out.reserve(y.size());
  double mean = 0.0;
  double bias = 1.0;  // w^n: the share of the mean that still is the zero it started with
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto value = static_cast<double>(y[i]);
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

template Column<double> debiased_ema(std::span<const float>, double, std::span<const std::int32_t>);
template Column<double> debiased_ema(std::span<const float>, double, std::span<const std::int64_t>);
template Column<double> debiased_ema(std::span<const double>, double, std::span<const std::int32_t>);
template Column<double> debiased_ema(std::span<const double>, double, std::span<const std::int64_t>);

}  // namespace runlens
