#include "read_tsv.hpp"

#include <charconv>
#include <limits>

namespace runlens {
namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

// By way of double, as Python and numpy read it: the nearest float of the nearest double.
bool read_number(std::string_view text, float& value) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size() || text.empty() || error == std::errc::invalid_argument) return false;
  // Too large or too small for a double: from_chars leaves the number alone; its exponent tells which.
  if (error == std::errc::result_out_of_range) {
    const std::size_t exponent = text.find_first_of("eE");
    const bool is_tiny = exponent != std::string_view::npos && text.substr(exponent + 1).starts_with('-');
    number = is_tiny ? 0.0 : std::numeric_limits<double>::infinity();
    if (text.front() == '-') number = -number;
  }
  constexpr double largest = std::numeric_limits<float>::max();
  if (number > largest * (1 + 1e-8)) number = std::numeric_limits<double>::infinity();
  if (number < -largest * (1 + 1e-8)) number = -std::numeric_limits<double>::infinity();
  value = static_cast<float>(number);
  return true;
}

}  // namespace

bool TsvReader::feed(Bytes piece) {
  bytes_ += static_cast<std::int64_t>(piece.size());
  std::string_view rest = as_text(piece);
  for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    std::string_view whole = rest.substr(0, end);
    if (!begun_.empty()) whole = begun_.append(whole);
    if (!line(whole)) return false;
    begun_.clear();
    rest.remove_prefix(end + 1);
  }
  begun_.append(rest);
  return true;
}

bool TsvReader::finish() {
  const bool is_sound = begun_.empty() || line(begun_);
  begun_.clear();
  return is_sound;
}

bool TsvReader::line(std::string_view text) {
  ++line_;
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return true;
  std::int64_t column = 0;
  bool all_readable = true;
  for (bool more = true; more; ++column) {
    const std::size_t end = text.find('\t');
    more = end != std::string_view::npos;
    float value = missing;
    const bool is_number = read_number(text.substr(0, end), value);
    if (rows_ == 0 || column < columns_) {
      all_readable = all_readable && is_number;
      values_.push_back(value);
    }
    if (more) text.remove_prefix(end + 1);
  }
  if (rows_++ == 0) columns_ = column;
  if (column != columns_) ragged_.note(line_);
  if (!all_readable) unreadable_.note(line_);
  for (; column < columns_; ++column, ++padding_) {
    // A number takes two bytes, so this bounds the memory by the text, whatever the first line claims.
    if (padding_ > bytes_) return false;
    values_.push_back(missing);
  }
  return true;
}

}  // namespace runlens
