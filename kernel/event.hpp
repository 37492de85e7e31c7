// Event and Summary messages: what one record of an event file says.
#pragma once

#include "message.hpp"

namespace runlens {

// What an entry holds. Values of a summary have the number of their field in Summary.Value; parts of the
// event itself have the number of their field in Event plus 100.
enum class Form : std::uint8_t {
  none = 0, simple_value = 2, old_histogram = 3, image = 4, histogram = 5, audio = 6, tensor = 8,
  metadata = 9, graph_def = 104, log_message = 106, session_log = 107, tagged_run_metadata = 108, meta_graph_def = 109,
};

struct Event {
  double wall_time = 0;
  std::int64_t step = 0;
  Bytes whole;
  bool has_parts = false;  // a graph, a session log or another part that is no summary
};

struct Value {
  std::string_view tag;
  Bytes metadata;
  Form form = Form::none;
  Bytes body;              // of every form but simple_value
  float simple_value = 0;
};

// Whether a field of Event is such a part.
inline bool is_part(const Field& field) noexcept {
  return field.wire == Wire::bytes && field.number >= 4 && field.number <= 9 && field.number != 5;
}

// Reads wall time and step, notes other parts, and checks that the whole message is protobuf.
bool read_event(Bytes payload, Event& event) noexcept;

// The event that is written a million times: one simple_value.
struct PlainScalar {
  double wall_time;
  std::int64_t step;
  std::string_view tag;
  float value;
};

// Reads an event with one simple_value whose fields come in the order of their numbers, as all writers write
// them, in a fraction of the time of the general way. False for any other payload, which says nothing about it.
bool read_plain_scalar(Bytes payload, PlainScalar& scalar) noexcept;

// Reads one Summary.Value.
bool read_value(Bytes message, Value& value) noexcept;

// Calls `visit(Value)` for every value of every summary; false where one is not protobuf.
template <typename Visit>
bool for_each_value(const Event& event, Visit&& visit) {
  Message message(event.whole);
  Field field;
  while (message.next(field)) {
    if (!field.is(5, Wire::bytes)) continue;
    Message summary(field.bytes);
    Field entry;
    while (summary.next(entry)) {
      Value value;
      if (!entry.is(1, Wire::bytes)) continue;
      if (!read_value(entry.bytes, value)) return false;
      visit(value);
    }
    if (summary.broken()) return false;
  }
  return true;
}

// What metadata tell of a tag; views into the message.
struct Metadata {
  std::string_view plugin;
  Bytes content;
  std::string_view display_name;
  std::string_view description;
  std::uint64_t data_class = 0;
};

bool read_metadata(Bytes message, Metadata& metadata) noexcept;

}  // namespace runlens
