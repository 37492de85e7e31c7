// Rank-0 tensors of every numeric dtype, in tensor_content or in the typed lists.
#include "tensor.hpp"

#include <cmath>

#include "message.hpp"

namespace runlens {
namespace {

// The numbers of tensorflow.DataType.
enum DataType : std::uint64_t {
  float32 = 1, float64 = 2, int32 = 3, uint8 = 4, int16 = 5, int8 = 6, int64 = 9, boolean = 10,
  bfloat16 = 14, uint16 = 17, float16 = 19, uint32 = 22, uint64 = 23,
};

double half_to_double(std::uint16_t bits) noexcept {
  const double sign = (bits & 0x8000U) ? -1.0 : 1.0;
  const int exponent = (bits >> 10) & 0x1F;
  const int fraction = bits & 0x3FF;
  if (exponent == 0x1F) return fraction ? std::nan("") : sign * HUGE_VAL;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 1024, exponent - 25);
}

double bfloat16_to_double(std::uint16_t bits) noexcept {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <typename T>
std::optional<double> one(Bytes content) noexcept {
  if (content.size() != sizeof(T)) return std::nullopt;
  return static_cast<double>(load<T>(content.data()));
}

std::optional<double> scalar_of_content(std::uint64_t dtype, Bytes content) noexcept {
  switch (dtype) {
    case float32: return one<float>(content);
    case float64: return one<double>(content);
    case int32: return one<std::int32_t>(content);
    case uint8: return one<std::uint8_t>(content);
    case int16: return one<std::int16_t>(content);
    case int8: return one<std::int8_t>(content);
    case int64: return one<std::int64_t>(content);
    case uint16: return one<std::uint16_t>(content);
    case uint32: return one<std::uint32_t>(content);
    case uint64: return one<std::uint64_t>(content);
    case boolean:
      if (content.size() != 1) return std::nullopt;
      return content[0] ? 1.0 : 0.0;
    case bfloat16:
      if (content.size() != 2) return std::nullopt;
      return bfloat16_to_double(load<std::uint16_t>(content.data()));
    case float16:
      if (content.size() != 2) return std::nullopt;
      return half_to_double(load<std::uint16_t>(content.data()));
    default: return std::nullopt;
  }
}

// The field that holds the typed list of a dtype, and how its numbers are written.
struct TypedList {
  std::uint32_t number;
  Wire wire;
};

std::optional<TypedList> list_of(std::uint64_t dtype) noexcept {
  switch (dtype) {
    case float32: return TypedList{5, Wire::fixed32};
    case float64: return TypedList{6, Wire::fixed64};
    case int32: case int16: case int8: case uint8: case uint16: return TypedList{7, Wire::varint};
    case int64: return TypedList{10, Wire::varint};
    case boolean: return TypedList{11, Wire::varint};
    case float16: case bfloat16: return TypedList{13, Wire::varint};
    case uint32: return TypedList{16, Wire::varint};
    case uint64: return TypedList{17, Wire::varint};
    default: return std::nullopt;
  }
}

std::optional<double> from_bits(std::uint64_t dtype, std::uint64_t bits) noexcept {
  switch (dtype) {
    case float32: return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case float64: return std::bit_cast<double>(bits);
    case int32: return static_cast<std::int32_t>(bits);
    case int16: return static_cast<std::int16_t>(bits);
    case int8: return static_cast<std::int8_t>(bits);
    case uint8: return static_cast<std::uint8_t>(bits);
    case uint16: return static_cast<std::uint16_t>(bits);
    case uint32: return static_cast<std::uint32_t>(bits);
    case int64: return static_cast<double>(static_cast<std::int64_t>(bits));
    case boolean: return bits ? 1.0 : 0.0;
    case float16: return half_to_double(static_cast<std::uint16_t>(bits));
    case bfloat16: return bfloat16_to_double(static_cast<std::uint16_t>(bits));
    default: return static_cast<double>(bits);  // uint64
  }
}

// The first number of a packed list; nothing where the list is cut.
std::optional<std::uint64_t> first_of_packed(Wire wire, Bytes packed) noexcept {
  std::uint64_t bits = 0;
  switch (wire) {
    case Wire::fixed32:
      if (packed.size() < 4) return std::nullopt;
      return load<std::uint32_t>(packed.data());
    case Wire::fixed64:
      if (packed.size() < 8) return std::nullopt;
      return load<std::uint64_t>(packed.data());
    default:
      if (!Message(packed).next_varint(bits)) return std::nullopt;
      return bits;
  }
}

// Rank 0: a shape without dimensions.
bool is_rank_zero(Bytes shape) noexcept {
  Message message(shape);
  Field field;
  while (message.next(field)) {
    if (field.number == 2) return false;
  }
  return !message.broken();
}

}  // namespace

std::optional<double> scalar_of_tensor(Bytes tensor) noexcept {
  std::uint64_t dtype = 0;
  Bytes content;
  Message head(tensor);
  Field field;
  while (head.next(field)) {
    if (field.is(1, Wire::varint)) dtype = field.bits;
    if (field.is(2, Wire::bytes) && !is_rank_zero(field.bytes)) return std::nullopt;
    if (field.is(4, Wire::bytes)) content = field.bytes;
  }
  if (head.broken()) return std::nullopt;
  const auto list = list_of(dtype);
  if (!list) return std::nullopt;
  if (!content.empty()) return scalar_of_content(dtype, content);

  Message body(tensor);
  while (body.next(field)) {
    if (field.is(list->number, list->wire)) return from_bits(dtype, field.bits);
    if (field.is(list->number, Wire::bytes) && !field.bytes.empty()) {
      const auto bits = first_of_packed(list->wire, field.bytes);
      return bits ? from_bits(dtype, *bits) : std::nullopt;
    }
  }
  return 0.0;  // protobuf leaves out what is zero
}

std::uint64_t dtype_of_tensor(Bytes tensor) noexcept {
  Message message(tensor);
  Field field;
  std::uint64_t dtype = 0;
  while (message.next(field)) {
    if (field.is(1, Wire::varint)) dtype = field.bits;
  }
  return dtype;
}

}  // namespace runlens
