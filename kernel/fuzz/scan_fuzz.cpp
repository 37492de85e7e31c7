// libFuzzer target: any bytes, fed in any pieces, are scanned without a fault and give the same answer as at once.
#include <cstdlib>

#include "crc32c.hpp"
#include "encode.hpp"
#include "scan.hpp"

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

std::size_t count_scalars(Scanner& scanner) {
  std::size_t count = 0;
  for (const runlens::Tag& tag : scanner.tags()) count += tag.scalars.values.size();
  return count;
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
    if (whole.offset() != pieces.offset() || count_scalars(whole) != count_scalars(pieces)) std::abort();
  }
  if (runlens::crc32c(raw) != runlens::crc32c_portable(raw)) std::abort();
  return 0;
}
