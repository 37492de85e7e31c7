// Framing with both checksums verified, and the way back to it after damage.
#include "record.hpp"

#include "crc32c.hpp"

namespace runlens {

bool starts_record(Bytes data) noexcept {
  return data.size() >= header_size && load<std::uint64_t>(data.data()) <= max_payload &&
         masked_crc32c(data.first(8)) == load<std::uint32_t>(data.data() + 8);
}

Record read_record(Bytes data) noexcept {
  if (data.size() < header_size) return {Framing::truncated, {}, header_size};
  if (!starts_record(data)) return {Framing::bad_header, {}, 0};
  const auto length = static_cast<std::size_t>(load<std::uint64_t>(data.data()));
  const std::size_t size = header_size + length + footer_size;
  if (data.size() < size) return {Framing::truncated, {}, size};
  const Bytes payload = data.subspan(header_size, length);
  const bool right = masked_crc32c(payload) == load<std::uint32_t>(payload.data() + length);
  return {right ? Framing::whole : Framing::bad_payload, payload, size};
}

Resumption find_record(Bytes data, std::size_t from) noexcept {
  std::size_t offset = from;
  for (; offset + header_size <= data.size(); ++offset) {
    // A length has its upper bytes zero: looking at those first skips nearly every offset without a checksum.
    if (load<std::uint64_t>(data.data() + offset) > max_payload) continue;
    const Framing framing = read_record(data.subspan(offset)).framing;
    if (framing == Framing::whole || framing == Framing::truncated) return {offset, true};
  }
  return {offset, false};
}

}  // namespace runlens
