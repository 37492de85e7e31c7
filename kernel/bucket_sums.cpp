#include "bucket_sums.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace runlens {
namespace {

constexpr double kFarthest = 1e300;    // edges, so that widths are finite, too
constexpr double kLargest = 1e30;      // counts, so that float32 holds them
constexpr double kNarrowest = 1e-290;  // of what lies in one point, so that densities are finite, too
constexpr std::size_t kMostOverlapping = std::size_t{1} << 16;  // each of them may cover all cells

// What lies in one point gets nearly no width.
double widened(double left, double right) {
  const double next = std::nextafter(left, std::numeric_limits<double>::infinity());
  return std::max({right, next, left + kNarrowest});
}

bool in_order(const BucketsView& buckets) {
  for (std::size_t i = 0; i < buckets.left.size(); ++i) {
    if (buckets.left[i] > buckets.right[i] || (i > 0 && buckets.left[i - 1] > buckets.left[i])) return false;
  }
  return true;
}

// Of buckets in order.
bool overlaps(const BucketsView& buckets) {
  double reach = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < buckets.left.size(); ++i) {
    if (buckets.left[i] < reach) return true;
    reach = std::max(reach, buckets.right[i]);
  }
  return false;
}

const char* fault_of(const BucketsView& buckets) {
  const auto near = [](double edge) { return std::abs(edge) <= kFarthest; };
  if (!std::all_of(buckets.left.begin(), buckets.left.end(), near) ||
      !std::all_of(buckets.right.begin(), buckets.right.end(), near)) {
    return "an edge of a bucket is infinite or no number, want at most 1e+300";
  }
  const auto counts = [](double count) { return count >= 0.0 && count <= kLargest; };
  if (!std::all_of(buckets.count.begin(), buckets.count.end(), counts)) {
    return "the count of a bucket is negative or no number, want 0 to 1e+30";
  }
  return nullptr;
}

}  // namespace

const char* BucketSums::add(const BucketsView& histogram) {
  if (const char* fault = fault_of(histogram)) return fault;
  BucketsView taken = histogram;
  if (!in_order(histogram)) {
    const std::size_t size = histogram.left.size();
    std::vector<std::size_t> order(size);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto low = [&](std::size_t i) { return std::min(histogram.left[i], histogram.right[i]); };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return low(a) < low(b); });
    Ordered& ordered = ordered_.emplace_back();
    for (const std::size_t i : order) {
      ordered.left.push_back(low(i));
      ordered.right.push_back(std::max(histogram.left[i], histogram.right[i]));
      ordered.count.push_back(histogram.count[i]);
    }
    taken = {ordered.left, ordered.right, ordered.count};
  }
  if (taken.left.size() > kMostOverlapping && overlaps(taken)) {
    return "buckets overlap, and there are more than 65536 of them";
  }
  parts_.push_back(taken);
  return nullptr;
}

void BucketSums::finish() {
  if (parts_.size() == 1 && parts_[0].left.size() <= most_single_) {
    append(parts_[0]);
  } else {
    std::erase_if(parts_, [](const BucketsView& part) { return part.left.empty(); });
    unite_edges();
    thin_edges(parts_.size() > 1 ? most_summed_ : most_single_);
    counts_.assign(edges_.empty() ? 0 : edges_.size() - 1, 0.0);
    for (const BucketsView& part : parts_) spread(part);
    for (double& cell : counts_) cell = static_cast<float>(cell);
    const auto has_some = [](double cell) { return cell > 0.0; };
    const auto first = std::find_if(counts_.begin(), counts_.end(), has_some) - counts_.begin();
    const auto stop = counts_.rend() - std::find_if(counts_.rbegin(), counts_.rend(), has_some);
    if (first < stop) {
      const auto from = static_cast<std::size_t>(first);
      const auto size = static_cast<std::size_t>(stop - first);
      const std::span<const double> edges(edges_);
      append({edges.subspan(from, size), edges.subspan(from + 1, size), std::span<const double>(counts_).subspan(from, size)});
    }
  }
  ends.push_back(static_cast<std::int64_t>(count.size()));
  parts_.clear();
  ordered_.clear();
}

void BucketSums::append(const BucketsView& histogram) {
  for (const double edge : histogram.left) left.push_back(edge);
  for (const double edge : histogram.right) right.push_back(edge);
  for (const double cell : histogram.count) count.push_back(cell);
}

// Most histograms of a tag share their edges, so that merging one by one is faster than sorting all.
void BucketSums::unite_edges() {
  edges_.clear();
  for (const BucketsView& part : parts_) {
    knots_.clear();
    for (std::size_t i = 0; i < part.left.size(); ++i) {
      knots_.push_back(part.left[i]);
      const double end = widened(part.left[i], part.right[i]);
      if (i + 1 == part.left.size() || end != part.left[i + 1]) knots_.push_back(end);
    }
    if (!std::is_sorted(knots_.begin(), knots_.end())) std::sort(knots_.begin(), knots_.end());
    knots_.erase(std::unique(knots_.begin(), knots_.end()), knots_.end());
    united_.clear();
    std::set_union(edges_.begin(), edges_.end(), knots_.begin(), knots_.end(), std::back_inserter(united_));
    std::swap(edges_, united_);
  }
}

void BucketSums::thin_edges(std::size_t most) {
  const std::size_t size = edges_.size();
  if (size <= most + 1) return;
  for (std::size_t i = 0; i <= most; ++i) edges_[i] = edges_[i * (size - 1) / most];
  edges_.resize(most + 1);
}

// Each bucket's count over the cells between the edges, by the part of the bucket that lies in each.
void BucketSums::spread(const BucketsView& histogram) {
  const std::size_t cells = counts_.size();
  std::size_t first = 0;
  for (std::size_t i = 0; i < histogram.left.size(); ++i) {
    if (!(histogram.count[i] > 0.0)) continue;
    const double low = histogram.left[i];
    const double high = widened(low, histogram.right[i]);
    while (first + 1 < cells && edges_[first + 1] <= low) ++first;  // buckets are in order
    if (edges_[first + 1] >= high) {
      counts_[first] += histogram.count[i];
      continue;
    }
    const double inverse = 1.0 / (high - low);
    for (std::size_t cell = first; cell < cells && edges_[cell] < high; ++cell) {
      const double part = (std::min(high, edges_[cell + 1]) - std::max(low, edges_[cell])) * inverse;
      counts_[cell] += part * histogram.count[i];  // in this order nothing overflows
    }
  }
}

}  // namespace runlens
