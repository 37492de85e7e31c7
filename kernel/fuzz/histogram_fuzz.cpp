// libFuzzer target: every double is counted in the bucket that a search finds.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "histogram.hpp"

namespace {

// The place in the counts of a finite value, by binary search.
std::size_t searched(double value) {
  const std::vector<double>& edges = runlens::histogram_edges();
  if (value == edges.back()) return edges.size() - 1;
  return static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin());
}

// Counts `values` and compares with the search.
template <typename T>
void check(const std::vector<T>& values) {
  const runlens::Histogram found = runlens::count(std::span<const T>(values));
  std::vector<std::int64_t> want(found.counts.size(), 0);
  std::int64_t others = 0;
  for (const T value : values) {
    if (std::isfinite(value)) {
      ++want[searched(static_cast<double>(value))];
    } else {
      ++others;
    }
  }
  if (!std::equal(want.begin(), want.end(), found.counts.begin())) std::abort();
  if (others != found.nan + found.positive_infinity + found.negative_infinity) std::abort();
}

template <typename T>
std::vector<T> numbers(const std::uint8_t* bytes, std::size_t size) {
  std::vector<T> values(size / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof(T));
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  check(numbers<float>(bytes, size));
  std::vector<double> values = numbers<double>(bytes, size);
  // Each value also by the edge it picks, and that edge's neighbours: random bits rarely come near one.
  const std::vector<double>& edges = runlens::histogram_edges();
  for (std::size_t i = 0; i < size; ++i) {
    const double edge = edges[(i * 256 + bytes[i]) % edges.size()];
    values.insert(values.end(), {edge, std::nextafter(edge, HUGE_VAL), std::nextafter(edge, -HUGE_VAL)});
  }
  check(values);
  return 0;
}
