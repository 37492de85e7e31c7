// Protobuf by hand for the one message that is written a million times; all others are encoded in Python.
#include "encode.hpp"

#include "crc32c.hpp"

namespace runlens {
namespace {

template <typename T>
void append_fixed(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

void append_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7) out.push_back(static_cast<char>(value | 0x80U));
  out.push_back(static_cast<char>(value));
}

std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80U; value >>= 7) ++size;
  return size;
}

void append_footer(std::string& out, std::size_t payload_start) {
  const auto* payload = reinterpret_cast<const std::uint8_t*>(out.data()) + payload_start;
  append_fixed(out, masked_crc32c(Bytes(payload, out.size() - payload_start)));
}

void append_header(std::string& out, std::size_t length) {
  std::uint8_t bytes[8];
  const std::uint64_t wide = length;
  std::memcpy(bytes, &wide, sizeof wide);
  append_fixed(out, wide);
  append_fixed(out, masked_crc32c(Bytes(bytes, sizeof bytes)));
}

}  // namespace

void append_record(std::string& out, Bytes payload) {
  append_header(out, payload.size());
  const std::size_t start = out.size();
  out.append(as_text(payload));
  append_footer(out, start);
}

void append_scalar(std::string& out, std::string_view tag, float value, std::int64_t step, double wall_time) {
  const auto step_bits = static_cast<std::uint64_t>(step);
  const std::size_t value_size = 1 + varint_size(tag.size()) + tag.size() + 5;
  const std::size_t summary_size = 1 + varint_size(value_size) + value_size;
  const std::size_t step_size = step == 0 ? 0 : 1 + varint_size(step_bits);
  append_header(out, 9 + step_size + 1 + varint_size(summary_size) + summary_size);
  const std::size_t start = out.size();
  out.push_back('\x09');  // Event.wall_time
  append_fixed(out, wall_time);
  if (step != 0) {
    out.push_back('\x10');  // Event.step
    append_varint(out, step_bits);
  }
  out.push_back('\x2a');  // Event.summary
  append_varint(out, summary_size);
  out.push_back('\x0a');  // Summary.value
  append_varint(out, value_size);
  out.push_back('\x0a');  // Value.tag
  append_varint(out, tag.size());
  out.append(tag);
  out.push_back('\x15');  // Value.simple_value
  append_fixed(out, value);
  append_footer(out, start);
}

}  // namespace runlens
