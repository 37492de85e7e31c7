// The framing of an event file: length, its checksum, payload, its checksum.
#pragma once

#include <cstddef>

#include "bytes.hpp"

namespace runlens {

// Bytes before and after a payload.
inline constexpr std::size_t header_size = 12;
inline constexpr std::size_t footer_size = 4;

// A protobuf message cannot be longer, so a longer record is damage even when its checksum is right.
inline constexpr std::uint64_t max_payload = 0x7FFFFFFF;

enum class Framing {
  whole,        // a record with both checksums right
  truncated,    // may become a record when the file grows
  bad_header,   // the length's checksum is wrong, or the length cannot be
  bad_payload,  // the payload's checksum is wrong
};

struct Record {
  Framing framing;
  Bytes payload;     // for whole and bad_payload
  std::size_t size;  // of the whole record, header and footer in; for truncated what it would need, else 0
};

// The record that starts at the first byte of `data`.
Record read_record(Bytes data) noexcept;

// Whether `data` starts like a record: its header is right. The payload need not be there.
bool starts_record(Bytes data) noexcept;

struct Resumption {
  std::size_t offset;  // of the next whole record, or of the bytes to look at again when the file grew
  bool found;          // a whole record, or a right header whose payload is incomplete, starts there
};

// Looks from `from` on, byte by byte, for the place where records go on after damage.
Resumption find_record(Bytes data, std::size_t from) noexcept;

}  // namespace runlens
