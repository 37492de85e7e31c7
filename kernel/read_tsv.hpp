// Tab-separated text -> a matrix of floats, fed in pieces of any size.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bytes.hpp"
#include "column.hpp"

namespace runlens {

// Lines that are not as the first one is, or hold what is no number: how many, and the number of the first, from 1.
struct Irregular {
  std::int64_t count = 0;
  std::int64_t first_line = 0;

  void note(std::int64_t line) {
    if (count++ == 0) first_line = line;
  }
};

// The first line that is not empty says how many columns there are; empty lines are no rows. What is missing or no
// number is NaN, and what is too much is left out, so that row n stays row n.
class TsvReader {
 public:
  // False once the text cannot be a matrix: nearly all of its rows lack most of their numbers.
  bool feed(Bytes piece);
  // Takes the last line, should it have no newline.
  bool finish();

  Column<float>& values() { return values_; }
  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }
  const Irregular& ragged() const { return ragged_; }
  const Irregular& unreadable() const { return unreadable_; }

 private:
  bool line(std::string_view text);

  Column<float> values_;
  std::string begun_;  // a line whose end has not come yet
  std::int64_t bytes_ = 0;
  std::int64_t padding_ = 0;
  std::int64_t line_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  Irregular ragged_;
  Irregular unreadable_;
};

}  // namespace runlens
