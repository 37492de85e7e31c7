// CRC-32C with SSE 4.2 or ARMv8 instructions, and eight bytes at a time by tables elsewhere.
#include "crc32c.hpp"

#include <array>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace runlens {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) ? 0x82F63B78U : 0U);
    tables[0][byte] = crc;
  }
  for (std::size_t slice = 1; slice < 8; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t previous = tables[slice - 1][byte];
      tables[slice][byte] = (previous >> 8) ^ tables[0][previous & 0xFFU];
    }
  }
  return tables;
}

constexpr Tables tables = make_tables();

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t crc32c_hardware(Bytes data, std::uint32_t before) noexcept {
  const std::uint8_t* at = data.data();
  std::size_t left = data.size();
  std::uint64_t crc = ~before;
  for (; left >= 8; at += 8, left -= 8) crc = _mm_crc32_u64(crc, load<std::uint64_t>(at));
  // A short record's last bytes in three steps at most: one by one they would take as long as all before them.
  auto crc32 = static_cast<std::uint32_t>(crc);
  if (left & 4U) {
    crc32 = _mm_crc32_u32(crc32, load<std::uint32_t>(at));
    at += 4;
  }
  if (left & 2U) {
    crc32 = _mm_crc32_u16(crc32, load<std::uint16_t>(at));
    at += 2;
  }
  if (left & 1U) crc32 = _mm_crc32_u8(crc32, *at);
  return ~crc32;
}

const bool has_hardware = __builtin_cpu_supports("sse4.2") != 0;

#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)

std::uint32_t crc32c_hardware(Bytes data, std::uint32_t before) noexcept {
  const std::uint8_t* at = data.data();
  std::size_t left = data.size();
  std::uint32_t crc = ~before;
  for (; left >= 8; at += 8, left -= 8) crc = __crc32cd(crc, load<std::uint64_t>(at));
  for (; left > 0; ++at, --left) crc = __crc32cb(crc, *at);
  return ~crc;
}

constexpr bool has_hardware = true;

#else

std::uint32_t crc32c_hardware(Bytes data, std::uint32_t before) noexcept { return crc32c_portable(data, before); }
constexpr bool has_hardware = false;

#endif

}  // namespace

std::uint32_t crc32c_portable(Bytes data, std::uint32_t before) noexcept {
  const std::uint8_t* at = data.data();
  std::size_t left = data.size();
  std::uint32_t crc = ~before;
  for (; left >= 8; at += 8, left -= 8) {
    const std::uint32_t low = load<std::uint32_t>(at) ^ crc;
    const auto high = load<std::uint32_t>(at + 4);
    crc = tables[7][low & 0xFFU] ^ tables[6][(low >> 8) & 0xFFU] ^ tables[5][(low >> 16) & 0xFFU] ^
          tables[4][low >> 24] ^ tables[3][high & 0xFFU] ^ tables[2][(high >> 8) & 0xFFU] ^
          tables[1][(high >> 16) & 0xFFU] ^ tables[0][high >> 24];
  }
  for (; left > 0; ++at, --left) crc = (crc >> 8) ^ tables[0][(crc ^ *at) & 0xFFU];
  return ~crc;
}

std::uint32_t crc32c(Bytes data, std::uint32_t before) noexcept {
  return has_hardware ? crc32c_hardware(data, before) : crc32c_portable(data, before);
}

}  // namespace runlens
