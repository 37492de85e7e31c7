// libFuzzer target: any bytes, fed in any pieces, are scanned without a fault and give the same answer as at once.
#include <cmath>
#include <cstdlib>

#include "crc32c.hpp"
#include "encode.hpp"
#include "pack.hpp"

namespace {

using runlens::Bytes;
using runlens::Scanner;

// Scans as a reader of a growing file does: `piece` more bytes are visible each time.
void scan_in_pieces(Scanner& scanner, Bytes data, std::size_t piece) {
  for (std::size_t visible = piece; ; visible += piece) {
    const bool at_end = visible >= data.size();
    const auto from = static_cast<std::size_t>(scanner.offset());
    scanner.scan(data.subspan(from, (at_end ? data.size() : visible) - from), at_end);
    if (at_end) return;
  }
}

std::uint64_t bits_of(std::int64_t value) { return static_cast<std::uint64_t>(value); }
std::uint64_t bits_of(double value) { return std::isnan(value) ? 1 : std::bit_cast<std::uint64_t>(value); }

template <typename T>
void append_bits(std::vector<std::uint64_t>& bits, const runlens::Column<T>& column) {
  for (const T value : column) bits.push_back(bits_of(value));
}

// The same numbers before packing.
std::vector<std::uint64_t> bits_before(Scanner& scanner) {
  std::vector<std::uint64_t> bits;
  for (const runlens::Tag& tag : scanner.tags()) {
    append_bits(bits, tag.scalars.steps);
    append_bits(bits, tag.scalars.wall_times);
    append_bits(bits, tag.scalars.values);
  }
  for (const runlens::Tag& tag : scanner.tags()) {
    append_bits(bits, tag.entries.forms);
    append_bits(bits, tag.entries.steps);
    append_bits(bits, tag.entries.wall_times);
    append_bits(bits, tag.entries.offsets);
    append_bits(bits, tag.entries.lengths);
    append_bits(bits, tag.entries.checksums);
  }
  return bits;
}

// One number of a column, widened again. A NaN may change its payload on the way.
std::uint64_t bits_of(const runlens::PackedColumn& column, std::size_t i) {
  switch (column.number) {
    case runlens::Number::int32: return bits_of(std::int64_t{static_cast<const std::int32_t*>(column.data)[i]});
    case runlens::Number::int64: return bits_of(static_cast<const std::int64_t*>(column.data)[i]);
    case runlens::Number::float32: return bits_of(static_cast<double>(static_cast<const float*>(column.data)[i]));
    default: return bits_of(static_cast<const double*>(column.data)[i]);
  }
}

// Numbers as they are, bit by bit, in the order in which they are packed.
std::vector<std::uint64_t> packed_bits(Scanner& scanner) {
  const runlens::Pack pack = runlens::pack(scanner.tags());
  std::vector<std::uint64_t> bits;
  for (const auto* tags : {&pack.scalars, &pack.entries}) {
    for (const runlens::PackedTag& tag : *tags) {
      for (const runlens::PackedColumn& column : tag.columns) {
        for (std::size_t i = 0; i < column.size; ++i) bits.push_back(bits_of(column, i));
      }
    }
  }
  return bits;
}

// What the fast way says of a payload must be what the general way says.
bool fast_way_agrees(Bytes payload) {
  runlens::PlainScalar plain;
  if (!runlens::read_plain_scalar(payload, plain)) return true;
  runlens::Event event;
  bool agrees = runlens::read_event(payload, event) && event.step == plain.step;
  int values = 0;
  agrees = agrees && runlens::for_each_value(event, [&](const runlens::Value& value) {
    ++values;
    agrees = agrees && value.tag == plain.tag && value.form == runlens::Form::simple_value && value.metadata.empty() &&
             std::bit_cast<std::uint32_t>(value.simple_value) == std::bit_cast<std::uint32_t>(plain.value);
  });
  return agrees && values == 1 && !event.has_parts;
}

// A scanner that takes over from another must come to what the other comes to. Any bytes may be offered as a state.
bool goes_on_elsewhere(Bytes data, std::size_t first) {
  Scanner same, other;
  same.scan(data.first(std::min(first, data.size())), true);
  const std::string state = same.state();
  if (!other.restore(Bytes(reinterpret_cast<const std::uint8_t*>(state.data()), state.size()))) return false;
  for (Scanner* scanner : {&same, &other}) {
    for (runlens::Tag& tag : scanner->tags()) {
      tag.scalars = {};
      tag.entries = {};
    }
    scanner->scan(data.subspan(static_cast<std::size_t>(scanner->offset())), true);
  }
  Scanner any;
  any.restore(data);
  return same.state() == other.state() && bits_before(same) == bits_before(other);
}

// Wraps the bytes in right framing, so that the fuzzer reaches the messages without guessing checksums.
std::string framed(Bytes data) {
  std::string out;
  runlens::append_record(out, data);
  runlens::append_scalar(out, "after", 1.0F, 7, 1.7e9);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + bytes[0];
  const Bytes raw(bytes + 1, size - 1);
  if (!fast_way_agrees(raw)) std::abort();
  const std::string wrapped = framed(raw);
  for (const Bytes data : {raw, Bytes(reinterpret_cast<const std::uint8_t*>(wrapped.data()), wrapped.size())}) {
    Scanner whole;
    Scanner pieces;
    whole.scan(data, true);
    scan_in_pieces(pieces, data, piece);
    if (whole.offset() != pieces.offset()) std::abort();
    const std::vector<std::uint64_t> before = bits_before(whole);
    if (before != bits_before(pieces) || before != packed_bits(whole)) std::abort();
    if (!goes_on_elsewhere(data, piece)) std::abort();
  }
  if (runlens::crc32c(raw) != runlens::crc32c_portable(raw)) std::abort();
  return 0;
}
