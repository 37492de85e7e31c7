// Binning without a search: the leading bits of a double almost say its bucket, and one comparison settles it.
#include "histogram.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace runlens {
namespace {

// A cell is the doubles that share exponent and 4 leading bits of the mantissa. Its ends differ by at most a factor of 17/16,
// edges by one of 1.1: a cell has at most one edge in it.
constexpr int kCellShift = 52 - 4;
constexpr std::uint64_t kSignless = ~(std::uint64_t{1} << 63);
constexpr double kLowest = 0x1p-40;  // below the first positive edge
constexpr double kHighest = 0x1p67;  // above the last one
constexpr std::uint64_t kFirstCell = std::bit_cast<std::uint64_t>(kLowest) >> kCellShift;
constexpr std::uint64_t kCells = (std::bit_cast<std::uint64_t>(kHighest) >> kCellShift) - kFirstCell + 1;

std::vector<double> positive_edges() {
  std::vector<double> edges;
  for (double edge = 1e-12; edge < 1e20; edge *= 1.1) edges.push_back(edge);
  return edges;
}

// How many of some ascending thresholds, all between kLowest and kHighest, a magnitude reaches.
class Ranks {
 public:
  explicit Ranks(std::vector<double> thresholds) : thresholds_(std::move(thresholds)) {
    std::size_t rank = 0;
    for (std::uint64_t cell = 0; cell < kCells; ++cell) {
      const auto low = std::bit_cast<double>((cell + kFirstCell) << kCellShift);
      while (rank < thresholds_.size() && thresholds_[rank] <= low) ++rank;
      ranks_[cell] = static_cast<std::uint16_t>(rank);
    }
    thresholds_.push_back(std::numeric_limits<double>::infinity());
  }

  // `bits` are those of a finite double without its sign.
  std::size_t of(std::uint64_t bits) const noexcept {
    const std::uint64_t prefix = bits >> kCellShift;
    const std::uint64_t cell = prefix < kFirstCell ? 0 : std::min(prefix - kFirstCell, kCells - 1);
    const std::size_t rank = ranks_[cell];
    return rank + (std::bit_cast<double>(bits) >= thresholds_[rank] ? 1 : 0);
  }

 private:
  std::vector<double> thresholds_;
  std::array<std::uint16_t, kCells> ranks_{};
};

// Above zero a bucket begins with its edge; below zero, seen from zero, it begins just beyond it.
Ranks ranks_above_zero() {
  std::vector<double> thresholds = positive_edges();
  thresholds.back() = std::nextafter(thresholds.back(), HUGE_VAL);  // the last bucket has its right edge, too
  return Ranks(std::move(thresholds));
}

Ranks ranks_below_zero() {
  std::vector<double> thresholds = positive_edges();
  for (double& threshold : thresholds) threshold = std::nextafter(threshold, HUGE_VAL);
  return Ranks(std::move(thresholds));
}

void count_other(Histogram& found, double value) {
  if (std::isnan(value)) {
    ++found.nan;
  } else {
    ++(value > 0 ? found.positive_infinity : found.negative_infinity);
  }
}

}  // namespace

const std::vector<double>& histogram_edges() {
  static const std::vector<double> edges = [] {
    const std::vector<double> positive = positive_edges();
    std::vector<double> all;
    for (auto edge = positive.rbegin(); edge != positive.rend(); ++edge) all.push_back(-*edge);
    all.push_back(0.0);
    all.insert(all.end(), positive.begin(), positive.end());
    return all;
  }();
  return edges;
}

template <typename T>
Histogram count(std::span<const T> values) {
  static const Ranks above = ranks_above_zero();
  static const Ranks below = ranks_below_zero();
  const std::size_t half = histogram_edges().size() / 2;  // edges on either side of zero
  Histogram found;
  found.counts.reserve(2 * half + 2);
  for (std::size_t i = 0; i < 2 * half + 2; ++i) found.counts.push_back(0);
  std::int64_t* counts = found.counts.data();
  double min = HUGE_VAL;
  double max = -HUGE_VAL;
  for (const T narrow : values) {
    const auto value = static_cast<double>(narrow);
    if (!std::isfinite(value)) {
      count_other(found, value);
      continue;
    }
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(value) & kSignless;
    ++counts[value < 0 ? half - below.of(bits) : half + 1 + above.of(bits)];
    min = std::min(min, value);
    max = std::max(max, value);
  }
  const bool has_none = min > max;
  found.min = has_none ? std::numeric_limits<double>::quiet_NaN() : min;
  found.max = has_none ? std::numeric_limits<double>::quiet_NaN() : max;
  return found;
}

template Histogram count(std::span<const float>);
template Histogram count(std::span<const double>);

}  // namespace runlens
