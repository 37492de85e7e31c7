// The way back from a point to the record that holds it: the file is scanned again, from a place before it.
#include "locate.hpp"

#include "tensor.hpp"

namespace runlens {

void Scanner::seek(std::string tag, std::int64_t row) {
  sought_ = std::move(tag);
  rows_before_ = row;
}

// Called after each record. The columns of the tag hold what was added since they were last emptied.
void Scanner::note_place(Bytes payload, std::size_t done) {
  const auto known = index_.find(*sought_);
  if (known == index_.end()) return;
  const ScalarColumns& scalars = tags_[known->second].scalars;
  const auto rows = static_cast<std::int64_t>(scalars.steps.size());
  if (rows <= rows_before_) return;
  Place place{offset_ + static_cast<std::int64_t>(done), records_, 0, 0, 0, 0};
  place.step = scalars.steps.begin()[rows_before_];
  place.wall_time = scalars.wall_times.begin()[rows_before_];
  place.value = scalars.values.begin()[rows_before_];
  // A record may hold several values of the tag; those that are its last in the columns came with this record.
  std::vector<std::uint64_t> dtypes;
  Event event;
  if (read_event(payload, event)) {
    for_each_value(event, [&](const Value& value) {
      if (value.tag != *sought_) return;
      if (value.form == Form::simple_value) dtypes.push_back(dtype_of_simple_value);
      if (value.form == Form::tensor && scalar_of_tensor(value.body)) dtypes.push_back(dtype_of_tensor(value.body));
    });
  }
  const auto from_end = static_cast<std::size_t>(rows - rows_before_);
  if (from_end <= dtypes.size()) place.dtype = dtypes[dtypes.size() - from_end];
  place_ = place;
}

std::optional<Place> locate(const char* path, std::int64_t start, std::string tag, std::int64_t row) {
  FileScanner file;
  file.scanner.start_at(start);
  for (;;) {
    file.scanner.seek(tag, row);
    const Progress progress = file.advance(path, 1);
    if (file.scanner.place() || progress.at_end) return file.scanner.place();
    for (Tag& seen : file.scanner.tags()) {
      if (seen.name == tag) row -= static_cast<std::int64_t>(seen.scalars.steps.size());
      seen.scalars = ScalarColumns{};
      seen.entries = EntryColumns{};
    }
  }
}

}  // namespace runlens
