// libFuzzer target: any bytes are read as a histogram or refused, and the columns fit together; so do sums of it with
// itself and with the numbers that the bytes are, which need not be edges in any order.
#include <cmath>
#include <cstdlib>
#include <vector>

#include "bucket_sums.hpp"
#include "buckets.hpp"

namespace {

double counted(const runlens::BucketsView& buckets) {
  double sum = 0.0;
  for (const double count : buckets.count) sum += count;
  return sum;
}

void sum(const runlens::Histograms& read, runlens::Bytes bytes) {
  std::vector<double> numbers;
  for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) numbers.push_back(runlens::load<double>(bytes.data() + at));
  const std::span<const double> raw(numbers);
  const std::size_t third = numbers.size() / 3;
  const std::size_t half = read.count.size() / 2;
  const auto part = [&](const auto& column) { return std::span<const double>(column.begin(), half); };
  const runlens::BucketsView own{part(read.left), part(read.right), part(read.count)};
  const runlens::BucketsView views[] = {own, own, {raw.first(third), raw.subspan(third, third), raw.subspan(2 * third, third)}};
  runlens::BucketSums sums(8, 5);
  double want = 0.0;
  for (const auto& view : views) {
    if (sums.add(view) == nullptr) want += counted(view);
  }
  sums.finish();
  sums.finish();
  const std::size_t size = sums.count.size();
  const bool fits = sums.ends.size() == 2 && *sums.ends.begin() == static_cast<std::int64_t>(size);
  if (!fits || sums.left.size() != size || sums.right.size() != size || size > 8) std::abort();
  double got = 0.0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool ordered = sums.left.begin()[i] <= sums.right.begin()[i] && std::isfinite(sums.right.begin()[i]);
    if (!ordered || !(sums.count.begin()[i] >= 0.0)) std::abort();
    got += sums.count.begin()[i];
  }
  if (std::abs(got - want) > 1e-3 * want + 1e-30) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  runlens::Histograms read;
  for (int i = 0; i < 2; ++i) {
    const bool refused = read.append({data, size}) != nullptr;
    if (refused && !read.count.empty()) std::abort();
  }
  const auto buckets = static_cast<std::int64_t>(read.count.size());
  const bool fits = read.ends.size() == 2 && *(read.ends.end() - 1) == buckets && *read.ends.begin() * 2 == buckets;
  if (!fits || read.left.size() != read.count.size() || read.right.size() != read.count.size()) std::abort();
  if (read.statistics.size() != 2 * runlens::kStatistics) std::abort();
  sum(read, {data, size});
  return 0;
}
