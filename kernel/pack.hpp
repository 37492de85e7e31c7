// What a scan found, moved out of the scanner: columns in one block, each in the narrowest type that holds it exactly.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "block.hpp"
#include "scan.hpp"

namespace runlens {

enum class Number : std::uint8_t { int32, int64, float32, float64 };

struct PackedColumn {
  Number number;
  void* data;  // in the pack's block
  std::size_t size;
  bool is_repeated;  // the same numbers as the tag's before it, and the same memory: tags of one loop share their steps
};

struct PackedTag {
  std::int64_t tag;  // its number in the file
  std::vector<PackedColumn> columns;
};

struct Pack {
  std::shared_ptr<Block> block;
  std::vector<PackedTag> scalars;  // columns step, wall time, value
  std::vector<PackedTag> entries;  // columns form, step, wall time, offset, length, checksum
  // The earliest of the tags' first wall times and the latest of their last ones, of those that are finite.
  double first_time = std::numeric_limits<double>::infinity();
  double last_time = -std::numeric_limits<double>::infinity();
};

// Takes the columns of all tags; they are empty afterwards.
Pack pack(std::deque<Tag>& tags);

}  // namespace runlens
