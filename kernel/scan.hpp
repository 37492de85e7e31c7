// Event file -> columns of scalars and an index of everything else, resumable at any byte.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "column.hpp"
#include "event.hpp"
#include "record.hpp"

namespace runlens {

struct ScalarColumns {
  Column<std::int64_t> steps;
  Column<double> wall_times;  // seconds since the epoch
  Column<double> values;

  void add(std::int64_t step, double wall_time, double value) {
    steps.push_back(step);
    wall_times.push_back(wall_time);
    values.push_back(value);
  }
};

// Where values lie that stay on disk: the body of the value, at `offset` of the file, `length` bytes. The checksum is
// the CRC-32C of the body, by which a later reader knows that the file was not changed since; as signed, to stay narrow.
struct EntryColumns {
  Column<std::int64_t> forms;
  Column<std::int64_t> steps;
  Column<double> wall_times;
  Column<std::int64_t> offsets;
  Column<std::int64_t> lengths;
  Column<std::int64_t> checksums;

  // `base` is the offset in the file of the event's first byte.
  void add(const Event& event, Form form, Bytes body, std::int64_t base);
};

// What later metadata of a tag say otherwise than earlier ones; empty where they agree or are silent.
struct Disagreement {
  std::string plugin;
  std::string display_name;
  std::string description;

  bool empty() const noexcept { return plugin.empty() && display_name.empty() && description.empty(); }
};

struct Tag {
  std::string name;
  std::string plugin;
  std::string content;
  std::string display_name;
  std::string description;
  std::uint64_t data_class = 0;
  std::uint64_t metadata_seen = 0;  // size and checksum of the last metadata read: most repeat themselves
  Disagreement disagreement;        // the first, to be told once
  bool disagreement_is_news = false;
  ScalarColumns scalars;
  EntryColumns entries;
  std::uint32_t successor = 0;  // the tag that came after this one last time: loops repeat themselves
  bool is_news = true;          // name or metadata not yet handed out
};

struct Damage {
  std::int64_t offset;
  std::int64_t length;
  std::string reason;
};

// Where a scalar was logged, and as what.
struct Place {
  std::int64_t offset;  // of the record that holds it
  std::int64_t record;  // how many whole records come before that one
  std::int64_t step;
  double wall_time;
  double value;
  std::uint64_t dtype;  // as in tensorflow.DataType; that of float32 for a simple_value
};

// Scans one file, fed piece by piece. Keeps the tags seen; whoever takes the columns empties them.
class Scanner {
 public:
  // Reads the records in `data`, which lie at `offset()` of the file, and returns how many bytes are done
  // with. `at_end` says that the file has no more for now. What is not done with must be given again.
  std::size_t scan(Bytes data, bool at_end);

  // What a later process needs to go on where this scanner stopped: all but the columns and damage not yet taken.
  std::string state() const;
  // Goes on where another stopped, before the first scan; what it told of its tags is told again. False for bytes that
  // are no state: the scanner must not be used then.
  bool restore(Bytes state);
  // Begins in the middle of a file, before the first scan: `offset` is where an earlier scanner stopped.
  void start_at(std::int64_t offset) noexcept { offset_ = offset; }
  // Looks out for the scalar of a tag that comes after `row` others of it.
  void seek(std::string tag, std::int64_t row);
  const std::optional<Place>& place() const noexcept { return place_; }

  std::int64_t offset() const noexcept { return offset_; }
  // Bytes to give next time, so that a reader can make room for a large record.
  std::size_t wanted() const noexcept { return wanted_; }
  // Bytes without which a next time is in vain: a record's claimed size, or a header's.
  std::size_t needed() const noexcept { return needed_; }
  std::int64_t records() const noexcept { return records_; }

  std::deque<Tag>& tags() noexcept { return tags_; }
  std::vector<Damage>& damage() noexcept { return damage_; }
  // The damage that reaches to the last byte looked at, and may go on; nothing when the last record was whole.
  std::optional<Damage> open_damage() const;

 private:
  bool step_over_damage(Bytes data, std::size_t& done);
  void begin_damage(std::size_t done, std::string reason);
  void end_damage(std::size_t done);
  void read_payload(Bytes payload, std::size_t done);
  void add_payload(Bytes payload, std::size_t done);
  void note_place(Bytes payload, std::size_t done);
  void add_event_parts(const Event& event, std::int64_t base);
  void add_value(const Event& event, const Value& value, std::int64_t base);
  Tag& find_tag(std::string_view name);
  void note_metadata(Tag& tag, Bytes message);

  std::int64_t offset_ = 0;
  std::size_t wanted_ = header_size;
  std::size_t needed_ = header_size;
  std::int64_t records_ = 0;
  std::int64_t damaged_from_ = -1;  // offset of the damage being stepped over, or -1
  std::string damage_reason_;
  std::int64_t doubtful_size_ = 0;  // of a damaged last record: whether its length is true, what follows will tell
  std::deque<Tag> tags_;
  std::unordered_map<std::string_view, std::uint32_t> index_;  // views of the names in tags_
  std::uint32_t last_tag_ = 0;
  std::vector<Damage> damage_;
  std::optional<std::string> sought_;  // the tag of the scalar to look out for
  std::int64_t rows_before_ = 0;       // how many scalars of that tag are still to be passed
  std::optional<Place> place_;
};

}  // namespace runlens
