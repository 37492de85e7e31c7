// One pass, constant memory beside the answer.
#include "m4.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace runlens {
namespace {

constexpr std::int64_t nowhere = -1;

// The points of one visit of a pixel column that are worth keeping.
class Visit {
 public:
  // Looks at the points from `first` up to `end`.
  template <typename Y>
  Visit(std::span<const Y> y, std::size_t first, std::size_t end) noexcept
      : first_(static_cast<std::int64_t>(first)), last_(static_cast<std::int64_t>(end) - 1) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t i = first; i < end; ++i) {
      const double value = y[i];
      if (value - value != 0.0) [[unlikely]] {
        note_not_finite(static_cast<std::int64_t>(i), value);
        continue;
      }
      if (value < low) { low = value; lowest_ = static_cast<std::int64_t>(i); }
      if (value > high) { high = value; highest_ = static_cast<std::int64_t>(i); }
    }
  }

  void keep(Column<std::int64_t>& kept) const {
    std::array<std::int64_t, 7> indices{first_, lowest_, highest_, last_, nan_, above_, below_};
    std::sort(indices.begin(), indices.end());
    std::int64_t previous = nowhere;
    for (const std::int64_t index : indices) {
      if (index != previous) kept.push_back(index);
      previous = index;
    }
  }

 private:
  void note_not_finite(std::int64_t index, double value) noexcept {
    std::int64_t& place = std::isnan(value) ? nan_ : value > 0 ? above_ : below_;
    if (place == nowhere) place = index;
  }

  std::int64_t first_, last_;
  std::int64_t lowest_ = nowhere, highest_ = nowhere;
  std::int64_t nan_ = nowhere, above_ = nowhere, below_ = nowhere;
};

// The point last seen outside the interval: the line may enter from it, or leap from it across the interval.
class Outside {
 public:
  void pass(std::int64_t index, double at, bool leaving, const PixelColumns& columns, Column<std::int64_t>& kept) {
    const double side = !std::isfinite(at) ? 0.0 : at < columns.low ? -1.0 : 1.0;  // 0: no line goes there
    const bool leaping = !leaving && side * side_ < 0;
    if (leaping) keep(kept);
    index_ = side == 0.0 ? nowhere : index;
    side_ = side;
    if (leaving || leaping) keep(kept);
  }

  void keep(Column<std::int64_t>& kept) {
    if (index_ != nowhere) kept.push_back(index_);
    index_ = nowhere;
  }

 private:
  std::int64_t index_ = nowhere;  // nowhere once kept
  double side_ = 0.0;
};

// Which pixel column an x is in; below 0 outside the interval or where x is not finite.
class Locator {
 public:
  explicit Locator(const PixelColumns& columns) noexcept
      : low_(columns.low),
        high_(columns.high),
        scale_(columns.high > columns.low ? static_cast<double>(columns.count) / (columns.high - columns.low) : 0.0),
        last_(columns.count - 1) {}

  std::int64_t operator()(double at) const noexcept {
    if (!(at >= low_ && at <= high_)) return nowhere;
    const double position = (at - low_) * scale_;
    return position < static_cast<double>(last_) ? static_cast<std::int64_t>(position) : last_;  // NaN: the last
  }

 private:
  double low_, high_, scale_;
  std::int64_t last_;
};

// The end of the stretch of points that starts at `first` and stays in its pixel column. Where x ascends it is
// found by doubling steps and halving, so that x is hardly read at all.
template <typename X>
std::size_t stretch_end(std::span<const X> x, std::size_t first, bool ascends, const Locator& locate) {
  const std::int64_t column = locate(static_cast<double>(x[first]));
  const auto stays = [&](const X& value) { return locate(static_cast<double>(value)) == column; };
  std::size_t end = first + 1;
  if (!ascends) {
    while (end < x.size() && stays(x[end])) ++end;
    return end;
  }
  std::size_t step = 1;
  while (end + step < x.size() && stays(x[end + step - 1])) {
    end += step;
    step *= 2;
  }
  const auto window = x.subspan(end, std::min(step, x.size() - end));
  return end + static_cast<std::size_t>(std::partition_point(window.begin(), window.end(), stays) - window.begin());
}

}  // namespace

template <typename X, typename Y>
Column<std::int64_t> m4(std::span<const X> x, std::span<const Y> y, PixelColumns columns, bool ascends) {
  Column<std::int64_t> kept;
  const Locator locate(columns);
  Outside outside;
  bool inside = false;
  const std::size_t size = std::min(x.size(), y.size());
  for (std::size_t i = 0; i < size;) {
    const auto at = static_cast<double>(x[i]);
    if (locate(at) == nowhere) {
      outside.pass(static_cast<std::int64_t>(i), at, inside, columns, kept);
      inside = false;
      ++i;
      continue;
    }
    if (!inside) outside.keep(kept);
    inside = true;
    const std::size_t end = stretch_end(x.first(size), i, ascends, locate);
    Visit(y, i, end).keep(kept);
    i = end;
  }
  return kept;
}

template Column<std::int64_t> m4(std::span<const std::int32_t>, std::span<const float>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const std::int32_t>, std::span<const double>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const std::int64_t>, std::span<const float>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const std::int64_t>, std::span<const double>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const float>, std::span<const float>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const float>, std::span<const double>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const double>, std::span<const float>, PixelColumns, bool);
template Column<std::int64_t> m4(std::span<const double>, std::span<const double>, PixelColumns, bool);

}  // namespace runlens
