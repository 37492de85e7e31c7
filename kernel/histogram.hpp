// Counts values in the default buckets of TensorFlow's histograms.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "column.hpp"

namespace runlens {

// The edges that TensorFlow, torch and tensorboardX share: 0, and plus and minus 1e-12 * 1.1^k below 1e20, each the one
// before it times 1.1 in doubles. Ascending; a bucket lies between two of them.
const std::vector<double>& histogram_edges();

// What `count` found.
struct Histogram {
  Column<std::int64_t> counts;  // below the first edge, in each bucket, above the last edge
  std::int64_t nan = 0;
  std::int64_t positive_infinity = 0;
  std::int64_t negative_infinity = 0;
  double min = 0.0;  // of the finite values; NaN without any, and so is max
  double max = 0.0;
};

// Each finite value in one of the counts. A bucket has its left edge and not its right one, but for the last, which has both.
template <typename T>
Histogram count(std::span<const T> values);

}  // namespace runlens
