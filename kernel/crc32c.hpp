// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78), as RFC 3720 appendix B.4 defines it.
#pragma once

#include "bytes.hpp"

namespace runlens {

// By the processor's own instruction where it has one, else by tables. `before` is the checksum of what stands before
// the data, so that what does not fit into memory is checked piece by piece.
std::uint32_t crc32c(Bytes data, std::uint32_t before = 0) noexcept;

// By tables alone: the fallback, and the witness that the tests hold the instruction against.
std::uint32_t crc32c_portable(Bytes data, std::uint32_t before = 0) noexcept;

// Event files store checksums rotated and offset, so that a checksum of checksums stays sound.
inline std::uint32_t masked_crc32c(Bytes data) noexcept {
  const std::uint32_t crc = crc32c(data);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

}  // namespace runlens
