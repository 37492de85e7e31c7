// Adds up histograms: checks each, and sums groups of them on the edges of all.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "column.hpp"

namespace runlens {

// One histogram: left edges, right edges and counts of its buckets, three spans of one length.
struct BucketsView {
  std::span<const double> left, right, count;
};

// Sums of histograms, one behind the other. Within a bucket values are taken to lie evenly.
class BucketSums {
 public:
  // `most_single`: buckets of a histogram that is alone in its sum; `most_summed`: of a sum of several. Both at least 1.
  BucketSums(std::size_t most_single, std::size_t most_summed) noexcept
      : most_single_(most_single), most_summed_(most_summed) {}

  // Takes a histogram into the sum, and must find it unchanged until `finish`. One that cannot be drawn is left out, and
  // the reason is returned, else null.
  const char* add(const BucketsView& histogram);

  // Appends the sum of what was taken since the last one: of a single histogram its own buckets, in order. Where there
  // are too many edges, neighbouring buckets are joined, evenly over the edges. Counts of a sum are rounded to float32:
  // parts of a bucket are an estimate anyway.
  void finish();

  Column<std::int64_t> ends;  // where the buckets of each sum end
  Column<double> left, right, count;

 private:
  struct Ordered {
    std::vector<double> left, right, count;
  };

  void append(const BucketsView& histogram);
  void unite_edges();
  void thin_edges(std::size_t most);
  void spread(const BucketsView& histogram);

  std::size_t most_single_, most_summed_;
  std::vector<BucketsView> parts_;
  std::deque<Ordered> ordered_;  // copies of parts whose buckets were in disorder
  std::vector<double> edges_, knots_, united_, counts_;
};

}  // namespace runlens
