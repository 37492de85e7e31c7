// Field by field, by the numbers of event.proto and summary.proto.
#include "event.hpp"

namespace runlens {

bool read_event(Bytes payload, Event& event) noexcept {
  event.whole = payload;
  Message message(payload);
  Field field;
  while (message.next(field)) {
    if (field.is(1, Wire::fixed64)) event.wall_time = field.as_double();
    if (field.is(2, Wire::varint)) event.step = field.as_int();
    if (is_part(field)) event.has_parts = true;
  }
  return !message.broken();
}

bool read_plain_scalar(Bytes payload, PlainScalar& scalar) noexcept {
  constexpr std::size_t least = 9 + 6 + 5;  // wall time; the keys and lengths of summary, value and tag; the value
  if (payload.size() < least || payload[0] != 0x09) return false;
  scalar.wall_time = load<double>(payload.data() + 1);
  scalar.step = 0;
  Bytes rest = payload.subspan(9);
  if (rest[0] == 0x10) {
    Message step(rest.subspan(1));
    std::uint64_t bits = 0;
    if (!step.next_varint(bits)) return false;
    scalar.step = static_cast<std::int64_t>(bits);
    rest = step.rest();
  }
  if (rest.size() < 6 + 5 || rest.size() > 127) return false;  // so that each length below is one byte
  const std::size_t tag_size = rest.size() - 6 - 5;
  const bool plain = rest[0] == 0x2a && rest[1] == rest.size() - 2 && rest[2] == 0x0a && rest[3] == rest.size() - 4 &&
                     rest[4] == 0x0a && rest[5] == tag_size && rest[6 + tag_size] == 0x15;
  if (!plain) return false;
  scalar.tag = as_text(rest.subspan(6, tag_size));
  scalar.value = load<float>(rest.data() + 6 + tag_size + 1);
  return true;
}

bool read_value(Bytes message_bytes, Value& value) noexcept {
  Message message(message_bytes);
  Field field;
  while (message.next(field)) {
    if (field.wire == Wire::fixed32) {
      if (field.number != 2) continue;
      value.form = Form::simple_value;
      value.simple_value = field.as_float();
    } else if (field.wire == Wire::bytes) {
      switch (field.number) {
        case 1: value.tag = as_text(field.bytes); break;
        case 9: value.metadata = field.bytes; break;
        case 3: case 4: case 5: case 6: case 8:
          value.form = static_cast<Form>(field.number);
          value.body = field.bytes;
          break;
        default: break;
      }
    }
  }
  return !message.broken();
}

bool read_metadata(Bytes message_bytes, Metadata& metadata) noexcept {
  Message message(message_bytes);
  Field field;
  while (message.next(field)) {
    if (field.is(4, Wire::varint)) metadata.data_class = field.bits;
    if (field.wire != Wire::bytes) continue;
    if (field.number == 2) metadata.display_name = as_text(field.bytes);
    if (field.number == 3) metadata.description = as_text(field.bytes);
    if (field.number != 1) continue;
    Message plugin_data(field.bytes);
    Field part;
    while (plugin_data.next(part)) {
      if (part.is(1, Wire::bytes)) metadata.plugin = as_text(part.bytes);
      if (part.is(2, Wire::bytes)) metadata.content = part.bytes;
    }
    if (plugin_data.broken()) return false;
  }
  return !message.broken();
}

}  // namespace runlens
