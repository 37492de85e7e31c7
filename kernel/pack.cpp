// Choose types, add up room, allocate once, copy.
#include "pack.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runlens {
namespace {

Number narrowest(const Column<std::int64_t>& column) {
  using Limits = std::numeric_limits<std::int32_t>;
  const bool fits = std::all_of(column.begin(), column.end(),
                                [](std::int64_t value) { return value >= Limits::min() && value <= Limits::max(); });
  return fits ? Number::int32 : Number::int64;
}

Number narrowest(const Column<double>& column) {
  const bool fits = std::all_of(column.begin(), column.end(), [](double value) {
    // A number beyond float's range must not be converted; NaN equals nothing, but is NaN in any type.
    if (std::isfinite(value) && std::abs(value) > std::numeric_limits<float>::max()) return false;
    return static_cast<double>(static_cast<float>(value)) == value || std::isnan(value);
  });
  return fits ? Number::float32 : Number::float64;
}

std::size_t room(Number number, std::size_t size) {
  const bool is_narrow = number == Number::int32 || number == Number::float32;
  return is_narrow ? Block::room_for<float>(size) : Block::room_for<double>(size);
}

template <typename Narrow, typename Wide>
void* copy(const Column<Wide>& column, Block& block) {
  Narrow* at = block.place<Narrow>(column.size());
  std::transform(column.begin(), column.end(), at, [](Wide value) { return static_cast<Narrow>(value); });
  return at;
}

template <typename T>
void* copy_as(Number number, const Column<T>& column, Block& block) {
  switch (number) {
    case Number::int32: return copy<std::int32_t>(column, block);
    case Number::int64: return copy<std::int64_t>(column, block);
    case Number::float32: return copy<float>(column, block);
    default: return copy<double>(column, block);
  }
}

// Calls `visit` with each column of what a tag gained, in the order in which they are handed out.
template <typename Visit>
void for_each_column(ScalarColumns& columns, Visit&& visit) {
  visit(columns.steps);
  visit(columns.wall_times);
  visit(columns.values);
}

template <typename Visit>
void for_each_column(EntryColumns& columns, Visit&& visit) {
  visit(columns.forms);
  visit(columns.steps);
  visit(columns.wall_times);
  visit(columns.offsets);
  visit(columns.lengths);
  visit(columns.checksums);
}

// Notes the types and sizes of a tag's columns and returns the room that they need.
template <typename Columns>
std::size_t plan(std::int64_t tag, Columns& columns, std::vector<PackedTag>& planned) {
  if (columns.steps.empty()) return 0;
  std::size_t needed = 0;
  PackedTag& packed = planned.emplace_back(PackedTag{tag, {}});
  for_each_column(columns, [&](const auto& column) {
    const Number number = narrowest(column);
    packed.columns.push_back({number, nullptr, column.size()});
    needed += room(number, column.size());
  });
  return needed;
}

template <typename Columns>
void note_times(const Columns& columns, Pack& packed) {
  if (columns.wall_times.empty()) return;
  const double first = *columns.wall_times.begin();
  const double last = *(columns.wall_times.end() - 1);
  if (std::isfinite(first)) packed.first_time = std::min(packed.first_time, first);
  if (std::isfinite(last)) packed.last_time = std::max(packed.last_time, last);
}

template <typename Columns>
void fill(PackedTag& packed, Columns& columns, Block& block) {
  std::size_t at = 0;
  for_each_column(columns, [&](const auto& column) {
    PackedColumn& target = packed.columns[at++];
    target.data = copy_as(target.number, column, block);
  });
  columns = Columns{};
}

}  // namespace

Pack pack(std::deque<Tag>& tags) {
  Pack packed;
  std::size_t needed = 0;
  std::int64_t number = 0;
  for (Tag& tag : tags) {
    note_times(tag.scalars, packed);
    note_times(tag.entries, packed);
    needed += plan(number, tag.scalars, packed.scalars) + plan(number, tag.entries, packed.entries);
    ++number;
  }
  packed.block = std::make_shared<Block>(needed);
  for (PackedTag& item : packed.scalars) fill(item, tags[static_cast<std::size_t>(item.tag)].scalars, *packed.block);
  for (PackedTag& item : packed.entries) fill(item, tags[static_cast<std::size_t>(item.tag)].entries, *packed.block);
  return packed;
}

}  // namespace runlens
