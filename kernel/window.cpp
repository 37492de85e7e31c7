// Smoothing by what lies around a value: means, Gaussian weights, medians.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "smooth.hpp"

namespace runlens {
namespace {

constexpr double kExactSigma = 8.0;  // up to here the weights themselves are cheap enough
constexpr double kReach = 4.0;       // in sigmas: what lies beyond weighs less than 1/2,900 of the middle

// Sums over `half` places to both sides; nothing is ever subtracted, so that a huge value leaves no error behind it
// (blocks of sums from both ends, as van Herk, "A fast algorithm for local minimum and maximum filters", 1992).
void sum_around(std::vector<double>& values, std::size_t half) {
  if (half == 0) return;
  const std::size_t size = values.size();
  const std::size_t width = 2 * half + 1;
  std::vector<double> from_start(size + 2 * half);
  std::copy(values.begin(), values.end(), from_start.begin() + static_cast<std::ptrdiff_t>(half));
  std::vector<double> to_end = from_start;
  for (std::size_t i = 1; i < from_start.size(); ++i) {
    if (i % width != 0) from_start[i] += from_start[i - 1];
  }
  for (std::size_t i = to_end.size() - 1; i-- > 0;) {
    if ((i + 1) % width != 0) to_end[i] += to_end[i + 1];
  }
  for (std::size_t i = 0; i < size; ++i) {
    values[i] = i % width == 0 ? from_start[i + 2 * half] : to_end[i] + from_start[i + 2 * half];
  }
}

// The mean over one or several windows in turn; values that are not finite count nowhere.
template <typename Y>
Column<double> mean_around(std::span<const Y> y, std::span<const std::size_t> halves) {
  std::vector<double> sums(y.size());
  std::vector<double> counts(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto value = static_cast<double>(y[i]);
    counts[i] = std::isfinite(value) ? 1.0 : 0.0;
    sums[i] = std::isfinite(value) ? value : 0.0;
  }
  for (const std::size_t half : halves) {
    sum_around(sums, half);
    sum_around(counts, half);
  }
  Column<double> out;
  out.reserve(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto value = static_cast<double>(y[i]);
    out.push_back(std::isfinite(value) ? sums[i] / counts[i] : value);
  }
  return out;
}

// Half widths of three means whose variances add up to nearest sigma squared.
std::array<std::size_t, 3> boxes(double sigma) {
  const double ideal = std::sqrt(4.0 * sigma * sigma + 1.0);
  auto narrow = static_cast<std::size_t>(ideal);
  if (narrow % 2 == 0) --narrow;
  const auto width = static_cast<double>(narrow);
  const double fewer = (12.0 * sigma * sigma - 3.0 * width * width - 12.0 * width - 9.0) / (-4.0 * width - 4.0);
  const auto narrow_ones = static_cast<std::size_t>(std::clamp(std::round(fewer), 0.0, 3.0));
  std::array<std::size_t, 3> halves{};
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = narrow / 2 + (i < narrow_ones ? 0 : 1);
  return halves;
}

// The values of a window in order.
class Sorted {
 public:
  void add(double value) {
    if (std::isfinite(value)) values_.insert(std::upper_bound(values_.begin(), values_.end(), value), value);
  }
  void drop(double value) {
    if (std::isfinite(value)) values_.erase(std::lower_bound(values_.begin(), values_.end(), value));
  }
  double median() const {
    const std::size_t middle = values_.size() / 2;
    if (values_.size() % 2 == 1) return values_[middle];
    return values_[middle - 1] + (values_[middle] - values_[middle - 1]) / 2.0;
  }

 private:
  std::vector<double> values_;
};

}  // namespace

template <typename Y>
Column<double> centred_mean(std::span<const Y> y, std::size_t half) {
  const std::array<std::size_t, 1> halves{std::min(half, y.size())};
  return mean_around(y, std::span<const std::size_t>(halves));
}

template <typename Y>
Column<double> gaussian(std::span<const Y> y, double sigma) {
  if (sigma > kExactSigma) {
    auto halves = boxes(sigma);
    for (auto& half : halves) half = std::min(half, y.size());
    return mean_around(y, std::span<const std::size_t>(halves));
  }
  if (!(sigma > 0.0)) sigma = 1e-9;
  const auto reach = static_cast<std::size_t>(std::ceil(kReach * sigma));
  std::vector<double> weights(reach + 1);
  for (std::size_t d = 0; d <= reach; ++d) {
    const double distance = static_cast<double>(d) / sigma;
    weights[d] = std::exp(-0.5 * distance * distance);
  }
  Column<double> out;
  out.reserve(y.size());
  for (std::size_t i = 0; i < y.size(); ++i) {
    const auto middle = static_cast<double>(y[i]);
    if (!std::isfinite(middle)) {
      out.push_back(middle);
      continue;
    }
    double sum = 0.0;
    double weight = 0.0;
    const std::size_t last = std::min(y.size() - 1, i + reach);
    for (std::size_t j = i > reach ? i - reach : 0; j <= last; ++j) {
      const auto value = static_cast<double>(y[j]);
      if (!std::isfinite(value)) continue;
      const double share = weights[j > i ? j - i : i - j];
      sum += share * value;
      weight += share;
    }
    out.push_back(sum / weight);
  }
  return out;
}

template <typename Y>
Column<double> centred_median(std::span<const Y> y, std::size_t half) {
  Column<double> out;
  out.reserve(y.size());
  Sorted window;
  const std::size_t reach = std::min(half, y.size());
  for (std::size_t i = 0; i < std::min(reach, y.size()); ++i) window.add(static_cast<double>(y[i]));
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i + reach < y.size()) window.add(static_cast<double>(y[i + reach]));
    if (i > reach) window.drop(static_cast<double>(y[i - reach - 1]));
    const auto value = static_cast<double>(y[i]);
    out.push_back(std::isfinite(value) ? window.median() : value);
  }
  return out;
}

template Column<double> centred_mean(std::span<const float>, std::size_t);
template Column<double> centred_mean(std::span<const double>, std::size_t);
template Column<double> gaussian(std::span<const float>, double);
template Column<double> gaussian(std::span<const double>, double);
template Column<double> centred_median(std::span<const float>, std::size_t);
template Column<double> centred_median(std::span<const double>, std::size_t);

}  // namespace runlens
