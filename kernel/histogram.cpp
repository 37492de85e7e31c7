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

// Where the magnitudes of a cell are counted: those that do not reach the threshold, and those that do.
struct Cell {
  double threshold;
  std::uint32_t places[2];
};

// The place of every finite double in the counts, for either sign.
class Places {
 public:
  Places() {
    std::vector<double> thresholds = positive_edges();
    const std::size_t half = thresholds.size();
    // Below zero a bucket, seen from zero, begins just beyond its edge, and above zero with it.
    std::vector<double> beyond = thresholds;
    for (double& edge : beyond) edge = std::nextafter(edge, HUGE_VAL);
    thresholds.back() = beyond.back();  // but the last bucket has its right edge, too
    fill(0, thresholds, [half](std::size_t rank) { return half + 1 + rank; });
    fill(kCells, beyond, [half](std::size_t rank) { return half - rank; });
  }

  // `bits` are those of a finite double.
  std::size_t of(std::uint64_t bits) const noexcept {
    const std::uint64_t magnitude = bits & kSignless;
    const std::uint64_t prefix = std::clamp(magnitude >> kCellShift, kFirstCell, kFirstCell + kCells - 1);
    const Cell& cell = cells_[(bits >> 63) * kCells + (prefix - kFirstCell)];
    return cell.places[std::bit_cast<double>(magnitude) >= cell.threshold];  // a branch would be guessed wrong too often
  }

 private:
  // `place` is that of a magnitude which reaches so many of the thresholds.
  template <typename Place>
  void fill(std::size_t first, const std::vector<double>& thresholds, Place place) {
    std::size_t rank = 0;
    for (std::size_t i = 0; i < kCells; ++i) {
      const auto low = std::bit_cast<double>((i + kFirstCell) << kCellShift);
      while (rank < thresholds.size() && thresholds[rank] <= low) ++rank;
      const bool has_next = rank < thresholds.size();
      cells_[first + i] = {has_next ? thresholds[rank] : HUGE_VAL,
                           {static_cast<std::uint32_t>(place(rank)),
                            static_cast<std::uint32_t>(place(has_next ? rank + 1 : rank))}};
    }
  }

  std::array<Cell, 2 * kCells> cells_{};
};

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
  static const Places places;
  Histogram found;
  for (std::size_t i = 0; i <= histogram_edges().size(); ++i) found.counts.push_back(0);
  std::int64_t* counts = found.counts.data();
  double min = HUGE_VAL;
  double max = -HUGE_VAL;
  for (const T narrow : values) {
    const auto value = static_cast<double>(narrow);
    if (!std::isfinite(value)) {
      count_other(found, value);
      continue;
    }
    ++counts[places.of(std::bit_cast<std::uint64_t>(value + 0.0))];  // -0 + 0 is 0
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
