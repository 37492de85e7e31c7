// Walks the fields of one protobuf message without ever reading past its end.
#pragma once

#include "bytes.hpp"

namespace runlens {

enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct Field {
  std::uint32_t number = 0;
  Wire wire = Wire::varint;
  std::uint64_t bits = 0;  // a varint's value, or a fixed number's bits
  Bytes bytes;             // of a length-delimited field

  bool is(std::uint32_t wanted_number, Wire wanted_wire) const noexcept {
    return number == wanted_number && wire == wanted_wire;
  }
  double as_double() const noexcept { return std::bit_cast<double>(bits); }
  float as_float() const noexcept { return std::bit_cast<float>(static_cast<std::uint32_t>(bits)); }
  std::int64_t as_int() const noexcept { return static_cast<std::int64_t>(bits); }
};

class Message {
 public:
  explicit Message(Bytes data) noexcept : at_(data.data()), end_(data.data() + data.size()) {}

  // Moves to the next field. False at the end, and at the first byte that is not protobuf (then `broken`).
  bool next(Field& field) noexcept {
    std::uint64_t key = 0;
    if (at_ == end_) return false;
    if (!read_varint(key)) return stop();
    if (key >> 3 == 0 || key >> 32 != 0) return stop();
    field.number = static_cast<std::uint32_t>(key >> 3);
    field.wire = static_cast<Wire>(key & 7U);
    switch (field.wire) {
      case Wire::varint: return read_varint(field.bits) || stop();
      case Wire::fixed64: return read_fixed<std::uint64_t>(field.bits) || stop();
      case Wire::fixed32: return read_fixed<std::uint32_t>(field.bits) || stop();
      case Wire::bytes: return read_bytes(field.bytes) || stop();
    }
    return stop();  // groups (3, 4) are not used by any of these formats
  }

  bool broken() const noexcept { return broken_; }

  // What has not been read yet.
  Bytes rest() const noexcept { return Bytes(at_, static_cast<std::size_t>(end_ - at_)); }

  // One number of a packed list of varints; false at its end or where it is broken.
  bool next_varint(std::uint64_t& value) noexcept { return at_ != end_ && (read_varint(value) || stop()); }

 private:
  bool stop() noexcept {
    broken_ = true;
    at_ = end_;
    return false;
  }

  bool read_varint(std::uint64_t& value) noexcept {
    if (at_ != end_ && *at_ < 0x80U) [[likely]] {  // keys, most lengths, small numbers
      value = *at_++;
      return true;
    }
    return read_long_varint(value);
  }

  bool read_long_varint(std::uint64_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 70 && at_ != end_; shift += 7) {
      const std::uint8_t byte = *at_++;
      if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80U) return true;
    }
    return false;
  }

  template <typename T>
  bool read_fixed(std::uint64_t& value) noexcept {
    if (static_cast<std::size_t>(end_ - at_) < sizeof(T)) return false;
    value = load<T>(at_);
    at_ += sizeof(T);
    return true;
  }

  bool read_bytes(Bytes& bytes) noexcept {
    std::uint64_t length = 0;
    if (!read_varint(length) || length > static_cast<std::uint64_t>(end_ - at_)) return false;
    bytes = Bytes(at_, static_cast<std::size_t>(length));
    at_ += length;
    return true;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool broken_ = false;
};

}  // namespace runlens
