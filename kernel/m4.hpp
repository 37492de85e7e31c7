// Reduction of a series to what can be seen: M4 (Jugel, Jerzak, Hackenbroich and Markl, VLDB 2014).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "column.hpp"

namespace runlens {

// The pixel columns of a plot: `count` equal parts of the interval from `low` to `high`.
struct PixelColumns {
  double low;
  double high;
  std::int64_t count;
};

// Indices, ascending, of the points that draw the same line as all points do: per visit of a pixel column the
// first, lowest, highest and last, and the first NaN, +inf and -inf; and where the line enters, leaves or
// leaps across the interval, the points outside. x need not ascend: coming back to a column is a new visit. Where it
// is known to ascend, saying so in `ascends` spares reading x. x and y have equal length. An x that is not finite is left out.
template <typename X, typename Y>
Column<std::int64_t> m4(std::span<const X> x, std::span<const Y> y, PixelColumns columns,
                        bool ascends);

}  // namespace runlens
