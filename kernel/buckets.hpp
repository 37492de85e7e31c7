// Reads many HistogramProtos at once.
#pragma once

#include "bytes.hpp"
#include "column.hpp"

namespace runlens {

// What each histogram says beside its buckets, in this order; NaN for one that is malformed.
enum Statistic { kMin, kMax, kNum, kSum, kSumSquares, kNan, kPositiveInfinity, kNegativeInfinity, kStatistics };

struct Histograms {
  Column<std::int64_t> ends;  // where each one's buckets end
  Column<double> left, right, count;
  Column<double> statistics;  // kStatistics of each

  // Appends one; one that is malformed gets no buckets, and the reason is returned, else null.
  //
  // Empty buckets at both ends are left out, and the outermost edges become the least and greatest value, as
  // TensorBoard's data_compat.py has it, but only where these are finite and on their side of the bucket.
  const char* append(Bytes message);
};

}  // namespace runlens
