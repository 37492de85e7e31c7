// Views of bytes and the little-endian numbers in them.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace runlens {

using Bytes = std::span<const std::uint8_t>;

// Reads a little-endian number; the caller has checked that sizeof(T) bytes are there.
template <typename T>
T load(const std::uint8_t* at) noexcept {
  static_assert(std::endian::native == std::endian::little, "event files are little-endian, and so must the host be");
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace runlens
