// One pass over the records: checksums, tags, scalars, entries, damage.
#include "scan.hpp"

#include <cstdio>

#include "crc32c.hpp"
#include "tensor.hpp"

namespace runlens {
namespace {

// Damage beyond this many regions of one file is counted into the last.
constexpr std::size_t max_damage = 1000;

// The plugin whose values are empty: what it logs lies in the metadata.
constexpr std::string_view hparams_plugin = "hparams";

std::string mismatch(const char* what, std::uint32_t got, std::uint32_t want) {
  char text[80];
  std::snprintf(text, sizeof text, "%s checksum: got 0x%08x, want 0x%08x", what, got, want);
  return text;
}

std::string header_reason(Bytes data) {
  const auto length = load<std::uint64_t>(data.data());
  const std::uint32_t got = masked_crc32c(data.first(8));
  const auto want = load<std::uint32_t>(data.data() + 8);
  if (got != want) return mismatch("record length", got, want);
  return "record length: got " + std::to_string(length) + " bytes, want at most " + std::to_string(max_payload);
}

std::string payload_reason(Bytes payload) {
  return mismatch("payload", masked_crc32c(payload), load<std::uint32_t>(payload.data() + payload.size()));
}

// The name under which a part of the event itself is filed.
const char* tag_of(Form form) {
  switch (form) {
    case Form::graph_def: return "__run_graph__";
    case Form::meta_graph_def: return "__meta_graph__";
    case Form::session_log: return "__session_log__";
    case Form::log_message: return "__log_message__";
    default: return "__run_metadata__";
  }
}

// Takes a word that was missing; notes one that differs from what was known.
void note_word(Tag& tag, std::string& known, std::string_view said, std::string& differs) {
  if (said.empty() || said == known) return;
  if (known.empty()) {
    known = said;
    tag.is_news = true;
  } else {
    differs = said;
  }
}

}  // namespace

std::size_t Scanner::scan(Bytes data, bool at_end) {
  std::size_t done = 0;
  wanted_ = needed_ = header_size;
  if (doubtful_size_ > 0) damaged_from_ = -1;  // to be judged again, with what follows it
  doubtful_size_ = 0;
  while (done < data.size()) {
    const Bytes rest = data.subspan(done);
    if (damaged_from_ >= 0) {
      if (!step_over_damage(data, done)) break;
      continue;
    }
    const Record record = read_record(rest);
    if (record.framing == Framing::truncated) {
      wanted_ = needed_ = record.size;
      break;
    }
    if (record.framing == Framing::bad_header) {
      begin_damage(done, header_reason(rest));
      continue;
    }
    if (record.framing == Framing::bad_payload) {
      const Bytes after = rest.subspan(record.size);
      if (after.size() < header_size) {
        wanted_ = record.size + header_size;  // to see what follows it
        needed_ = at_end ? wanted_ : record.size;
        if (at_end) {
          begin_damage(done, payload_reason(record.payload));
          doubtful_size_ = static_cast<std::int64_t>(record.size);
        }
        break;
      }
      begin_damage(done, payload_reason(record.payload));
      // The length is to be trusted when a record follows where it says.
      if (starts_record(after)) end_damage(done += record.size);
      continue;
    }
    read_payload(record.payload, done);
    done += record.size;
  }
  offset_ += static_cast<std::int64_t>(done);
  return done;
}

// Looks for the next whole record. False when there is none before more bytes come.
bool Scanner::step_over_damage(Bytes data, std::size_t& done) {
  const bool fresh = offset_ + static_cast<std::int64_t>(done) == damaged_from_;
  const Resumption next = find_record(data, done + (fresh ? 1 : 0));
  done = next.offset < data.size() ? next.offset : data.size();
  if (!next.found) return false;
  const Record record = read_record(data.subspan(done));
  if (record.framing == Framing::whole) {
    end_damage(done);
    return true;
  }
  wanted_ = needed_ = record.size;
  return false;
}

void Scanner::begin_damage(std::size_t done, std::string reason) {
  damaged_from_ = offset_ + static_cast<std::int64_t>(done);
  damage_reason_ = std::move(reason);
}

void Scanner::end_damage(std::size_t done) {
  const std::int64_t length = offset_ + static_cast<std::int64_t>(done) - damaged_from_;
  if (damage_.size() < max_damage) damage_.push_back({damaged_from_, length, std::move(damage_reason_)});
  else damage_.back().length += length;
  damaged_from_ = -1;
}

std::optional<Damage> Scanner::open_damage() const {
  if (damaged_from_ < 0) return std::nullopt;
  return Damage{damaged_from_, doubtful_size_ > 0 ? doubtful_size_ : offset_ - damaged_from_, damage_reason_};
}

void Scanner::read_payload(Bytes payload, std::size_t done) {
  add_payload(payload, done);
  if (sought_ && !place_) note_place(payload, done);
  ++records_;
}

void Scanner::add_payload(Bytes payload, std::size_t done) {
  PlainScalar plain;
  if (read_plain_scalar(payload, plain)) {
    find_tag(plain.tag).scalars.add(plain.step, plain.wall_time, plain.value);
    return;
  }
  Event event;
  bool readable = read_event(payload, event);
  if (readable) {
    const std::int64_t base = offset_ + static_cast<std::int64_t>(done + header_size);
    readable = for_each_value(event, [&](const Value& value) { add_value(event, value, base); });
    if (event.has_parts) add_event_parts(event, base);
  }
  if (!readable) {
    begin_damage(done, "record is not an event: its bytes are not protobuf");
    end_damage(done + header_size + payload.size() + footer_size);
  }
}

void Scanner::add_event_parts(const Event& event, std::int64_t base) {
  Message message(event.whole);
  Field field;
  while (message.next(field)) {
    if (!is_part(field)) continue;
    const auto form = static_cast<Form>(100 + field.number);
    Value part;
    part.tag = tag_of(form);
    part.form = form;
    part.body = field.bytes;
    add_value(event, part, base);
  }
}

// `base` is the offset in the file of the event's first byte.
void Scanner::add_value(const Event& event, const Value& value, std::int64_t base) {
  Tag& tag = find_tag(value.tag);
  if (!value.metadata.empty()) note_metadata(tag, value.metadata);
  if (!value.metadata.empty() && tag.plugin == hparams_plugin) {
    tag.entries.add(event, Form::metadata, value.metadata, base);
    return;
  }
  if (value.form == Form::none) return;
  std::optional<double> number;
  if (value.form == Form::simple_value) {
    number = value.simple_value;
  } else if (value.form == Form::tensor && (tag.plugin.empty() || tag.plugin == "scalars")) {
    number = scalar_of_tensor(value.body);
  }
  if (number) {
    tag.scalars.add(event.step, event.wall_time, *number);
    return;
  }
  tag.entries.add(event, value.form, value.body, base);
}

void EntryColumns::add(const Event& event, Form form, Bytes body, std::int64_t base) {
  forms.push_back(static_cast<std::int64_t>(form));
  steps.push_back(event.step);
  wall_times.push_back(event.wall_time);
  offsets.push_back(base + (body.data() - event.whole.data()));
  lengths.push_back(static_cast<std::int64_t>(body.size()));
  checksums.push_back(static_cast<std::int32_t>(crc32c(body)));
}

Tag& Scanner::find_tag(std::string_view name) {
  if (!tags_.empty()) {
    const std::uint32_t guess = tags_[last_tag_].successor;
    if (tags_[guess].name == name) {
      last_tag_ = guess;
      return tags_[guess];
    }
  }
  const auto known = index_.find(name);
  std::uint32_t id = 0;
  if (known != index_.end()) {
    id = known->second;
  } else {
    id = static_cast<std::uint32_t>(tags_.size());
    tags_.emplace_back().name = std::string(name);
    index_.emplace(tags_.back().name, id);  // a deque never moves its elements, so the view stays good
  }
  tags_[last_tag_].successor = id;
  last_tag_ = id;
  return tags_[id];
}

// The first word on each point counts, whenever it comes; the first that says otherwise is kept, to be told.
void Scanner::note_metadata(Tag& tag, Bytes message) {
  const std::uint64_t seen = std::uint64_t{crc32c(message)} << 32 | message.size();
  if (seen == tag.metadata_seen) return;
  Metadata metadata;
  if (!read_metadata(message, metadata)) return;
  tag.metadata_seen = seen;
  Disagreement differs;
  const bool same_plugin = tag.plugin.empty() || tag.plugin == metadata.plugin;
  note_word(tag, tag.plugin, metadata.plugin, differs.plugin);
  note_word(tag, tag.display_name, metadata.display_name, differs.display_name);
  note_word(tag, tag.description, metadata.description, differs.description);
  if (same_plugin && tag.content.empty() && !metadata.content.empty()) {
    tag.content = std::string(as_text(metadata.content));
    tag.is_news = true;
  }
  if (same_plugin && tag.data_class == 0 && metadata.data_class != 0) {
    tag.data_class = metadata.data_class;
    tag.is_news = true;
  }
  if (tag.disagreement.empty() && !differs.empty()) {
    tag.disagreement = std::move(differs);
    tag.disagreement_is_news = true;
  }
}

}  // namespace runlens
