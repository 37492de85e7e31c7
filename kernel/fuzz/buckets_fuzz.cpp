// libFuzzer target: any bytes are read as a histogram or refused, and the columns fit together.
#include <cstdlib>

#include "buckets.hpp"

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
  return 0;
}
