#include "tsv.hpp"

#include <charconv>

namespace runlens {
namespace {

// std::to_chars writes no longer number than -2.2250738585072014e-308.
constexpr std::size_t longest_number = 24;

}  // namespace

template <typename T>
std::string tsv(const T* values, std::size_t rows, std::size_t columns) {
  std::string out;
  std::size_t end = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    // Room for the longest row; the capacity doubles, so this is rarely more than moving the end.
    out.resize(end + columns * (longest_number + 1) + 1);
    for (std::size_t column = 0; column < columns; ++column) {
      if (column > 0) out[end++] = '\t';
      const T value = values[row * columns + column];
      end = static_cast<std::size_t>(std::to_chars(&out[end], &out[end] + longest_number, value).ptr - out.data());
    }
    out[end++] = '\n';
  }
  out.resize(end);
  return out;
}

template std::string tsv(const float*, std::size_t, std::size_t);
template std::string tsv(const double*, std::size_t, std::size_t);

}  // namespace runlens
