#include "buckets.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "message.hpp"

namespace runlens {
namespace {

// Field numbers of summary.proto, and those that are ours (see wire/histogram.py).
constexpr std::uint32_t kFirstStatistic = 1;
constexpr std::uint32_t kLastStatistic = 5;
constexpr std::uint32_t kBucketLimit = 6;
constexpr std::uint32_t kBucket = 7;
constexpr std::uint32_t kFirstNotFinite = 1001;
constexpr std::uint32_t kLastNotFinite = 1003;

struct Parts {
  std::array<double, kStatistics> statistics{};
  std::vector<double> limits, counts;
};

bool append_doubles(std::vector<double>& list, const Field& field) {
  if (field.wire == Wire::fixed64) {
    list.push_back(field.as_double());
    return true;
  }
  const std::size_t size = field.bytes.size() / sizeof(double);
  for (std::size_t i = 0; i < size; ++i) list.push_back(load<double>(field.bytes.data() + i * sizeof(double)));
  return size * sizeof(double) == field.bytes.size();
}

const char* read(Bytes bytes, Parts& parts) {
  Message message(bytes);
  Field field;
  while (message.next(field)) {
    const std::uint32_t number = field.number;
    if (field.wire == Wire::fixed64 && number >= kFirstStatistic && number <= kLastStatistic) {
      parts.statistics[number - kFirstStatistic] = field.as_double();
    } else if (field.wire == Wire::varint && number >= kFirstNotFinite && number <= kLastNotFinite) {
      parts.statistics[kNan + number - kFirstNotFinite] = static_cast<double>(field.bits);
    } else if ((number == kBucketLimit || number == kBucket) &&
               (field.wire == Wire::fixed64 || field.wire == Wire::bytes)) {
      if (!append_doubles(number == kBucket ? parts.counts : parts.limits, field)) {
        return "a list of doubles ends within a number";
      }
    }
  }
  if (message.broken()) return "not protobuf";
  return parts.limits.size() == parts.counts.size() ? nullptr : "bucket limits are not as many as buckets";
}

}  // namespace

const char* Histograms::append(Bytes message) {
  Parts parts;
  const char* fault = read(message, parts);
  if (fault != nullptr) {
    parts = {};
    parts.statistics.fill(std::numeric_limits<double>::quiet_NaN());
  }
  const auto& [said, limits, counts] = parts;
  for (const double statistic : said) statistics.push_back(statistic);
  std::size_t first = 0;
  std::size_t last = counts.size();
  while (first < last && counts[first] == 0.0) ++first;
  while (first < last && counts[last - 1] == 0.0) --last;
  for (std::size_t i = first; i < last; ++i) {
    const bool least = i == first && std::isfinite(said[kMin]) && said[kMin] <= limits[i];
    left.push_back(least ? said[kMin] : limits[i > 0 ? i - 1 : 0]);
    const double low = *(left.end() - 1);
    const bool greatest = i == last - 1 && std::isfinite(said[kMax]) && said[kMax] >= low;
    right.push_back(greatest ? said[kMax] : limits[i]);
    count.push_back(counts[i]);
  }
  ends.push_back(static_cast<std::int64_t>(count.size()));
  return fault;
}

}  // namespace runlens
