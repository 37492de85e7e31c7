// Moving averages, one pass each.
#include "smooth.hpp"

#include <algorithm>
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

template <typename Y, typename Step>
Column<double> time_ema(std::span<const Y> y, double weight, std::span<const Step> steps, double gap) {
  Column<double> out;
  out.reserve(y.size());
  double sum = 0.0;
  double weights = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i > 0) {
      // As doubles: the difference of two integers may not fit their type.
      const double distance = static_cast<double>(steps[i]) - static_cast<double>(steps[i - 1]);
      const double kept = std::pow(weight, std::max(0.0, distance) / gap);
      sum *= kept;
      weights *= kept;
    }
    const auto value = static_cast<double>(y[i]);
    if (!std::isfinite(value)) {
      out.push_back(value);
      continue;
    }
    sum += value;
    weights += 1.0;
    out.push_back(sum / weights);
  }
  return out;
}

template Column<double> time_ema(std::span<const float>, double, std::span<const std::int32_t>, double);
template Column<double> time_ema(std::span<const float>, double, std::span<const std::int64_t>, double);
template Column<double> time_ema(std::span<const double>, double, std::span<const std::int32_t>, double);
template Column<double> time_ema(std::span<const double>, double, std::span<const std::int64_t>, double);

template Column<double> debiased_ema(std::span<const float>, double, std::span<const std::int32_t>);
template Column<double> debiased_ema(std::span<const float>, double, std::span<const std::int64_t>);
template Column<double> debiased_ema(std::span<const double>, double, std::span<const std::int32_t>);
template Column<double> debiased_ema(std::span<const double>, double, std::span<const std::int64_t>);

}  // namespace runlens
