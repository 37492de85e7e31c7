// A scanner's memory as bytes: numbers of eight bytes, texts with their length before them.
#include "bytes.hpp"
#include "scan.hpp"

namespace runlens {
namespace {

class Notes {
 public:
  Notes& operator<<(std::uint64_t number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Notes& operator<<(const std::string& text) {
    *this << std::uint64_t{text.size()};
    bytes += text;
    return *this;
  }
  std::string bytes;
};

// Reads what Notes wrote. Past the end it gives zeros and empty texts, and says so.
class NotesReader {
 public:
  explicit NotesReader(Bytes notes) : rest_(notes) {}

  std::uint64_t number() {
    const Bytes bytes = take(sizeof(std::uint64_t));
    return bytes.empty() ? 0 : load<std::uint64_t>(bytes.data());
  }
  std::int64_t signed_number() { return static_cast<std::int64_t>(number()); }
  std::string text() { return std::string(as_text(take(number()))); }
  bool is_at_end() const { return !failed_ && rest_.empty(); }
  std::size_t left() const { return rest_.size(); }

 private:
  Bytes take(std::uint64_t size) {
    if (size > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return {};
    }
    const Bytes taken = rest_.first(static_cast<std::size_t>(size));
    rest_ = rest_.subspan(static_cast<std::size_t>(size));
    return taken;
  }

  Bytes rest_;
  bool failed_ = false;
};

}  // namespace

std::string Scanner::state() const {
  Notes notes;
  notes << static_cast<std::uint64_t>(offset_) << static_cast<std::uint64_t>(records_)
        << static_cast<std::uint64_t>(doubtful_size_ > 0 ? -1 : damaged_from_) << damage_reason_ << std::uint64_t{tags_.size()};
  for (const Tag& tag : tags_) {
    notes << tag.name << tag.plugin << tag.content << tag.display_name << tag.description << tag.data_class
          << tag.metadata_seen << tag.disagreement.plugin << tag.disagreement.display_name
          << tag.disagreement.description;
  }
  return std::move(notes.bytes);
}

bool Scanner::restore(Bytes state) {
  constexpr std::size_t least_of_a_tag = 10 * sizeof(std::uint64_t);
  NotesReader notes(state);
  offset_ = notes.signed_number();
  records_ = notes.signed_number();
  damaged_from_ = notes.signed_number();
  damage_reason_ = notes.text();
  const std::uint64_t count = notes.number();
  if (offset_ < 0 || damaged_from_ > offset_ || count > notes.left() / least_of_a_tag) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    Tag& tag = tags_.emplace_back();
    tag.name = notes.text();
    tag.plugin = notes.text();
    tag.content = notes.text();
    tag.display_name = notes.text();
    tag.description = notes.text();
    tag.data_class = notes.number();
    tag.metadata_seen = notes.number();
    tag.disagreement.plugin = notes.text();
    tag.disagreement.display_name = notes.text();
    tag.disagreement.description = notes.text();
    tag.disagreement_is_news = !tag.disagreement.empty();
    tag.successor = static_cast<std::uint32_t>((i + 1) % count);  // a guess, as good as any
    if (!index_.emplace(tag.name, static_cast<std::uint32_t>(i)).second) return false;
  }
  return notes.is_at_end();
}

}  // namespace runlens
