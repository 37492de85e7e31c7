// Choose types, add up room, allocate once, copy.
#include "pack.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
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

template <typename T>
bool equal(const Column<T>& one, const Column<T>& other) {
  return one.size() == other.size() && std::memcmp(one.begin(), other.begin(), one.size() * sizeof(T)) == 0;
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

// Notes the type and size of a column behind those of its tag and returns the room that it needs. `before` is the same
// column of the tag before, which has `tag_before`; null for the first.
template <typename T>
std::size_t plan(const Column<T>& column, const Column<T>* before, const PackedTag* tag_before, PackedTag& packed) {
  if (before != nullptr && equal(column, *before)) {
    packed.columns.push_back(tag_before->columns[packed.columns.size()]);
    packed.columns.back().is_repeated = true;
    return 0;
  }
  const Number number = narrowest(column);
  packed.columns.push_back({number, nullptr, column.size(), false});
  return room(number, column.size());
}

std::size_t plan_scalars(std::int64_t tag, const ScalarColumns& columns, const std::deque<Tag>& tags,
                         std::vector<PackedTag>& planned) {
  if (columns.steps.empty()) return 0;
  planned.push_back({tag, {}});
  const PackedTag* before = planned.size() > 1 ? &planned[planned.size() - 2] : nullptr;
  const ScalarColumns* theirs = before ? &tags[static_cast<std::size_t>(before->tag)].scalars : nullptr;
  PackedTag& packed = planned.back();
  return plan(columns.steps, theirs ? &theirs->steps : nullptr, before, packed) +
         plan(columns.wall_times, theirs ? &theirs->wall_times : nullptr, before, packed) +
         plan(columns.values, theirs ? &theirs->values : nullptr, before, packed);
}

std::size_t plan_entries(std::int64_t tag, EntryColumns& columns, std::vector<PackedTag>& planned) {
  if (columns.steps.empty()) return 0;
  std::size_t needed = 0;
  PackedTag& packed = planned.emplace_back(PackedTag{tag, {}});
  for_each_column(columns, [&]<typename T>(const Column<T>& column) {
    needed += plan<T>(column, nullptr, nullptr, packed);
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

// `before` is the tag before, already filled; null for the first.
template <typename Columns>
void fill(PackedTag& packed, const PackedTag* before, Columns& columns, Block& block) {
  std::size_t at = 0;
  for_each_column(columns, [&](const auto& column) {
    PackedColumn& target = packed.columns[at];
    target.data = target.is_repeated ? before->columns[at].data : copy_as(target.number, column, block);
    ++at;
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
    needed += plan_scalars(number, tag.scalars, tags, packed.scalars) + plan_entries(number, tag.entries, packed.entries);
    ++number;
  }
  packed.block = std::make_shared<Block>(needed);
  const PackedTag* before = nullptr;
  for (PackedTag& item : packed.scalars) {
    fill(item, before, tags[static_cast<std::size_t>(item.tag)].scalars, *packed.block);
    before = &item;
  }
  for (PackedTag& item : packed.entries) {
    fill(item, nullptr, tags[static_cast<std::size_t>(item.tag)].entries, *packed.block);
  }
  return packed;
}

}  // namespace runlens
