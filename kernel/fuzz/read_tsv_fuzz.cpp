// libFuzzer target: any text is read as a matrix, in pieces of any size as in one, or refused.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "read_tsv.hpp"

namespace {

// Whether the text could be a matrix.
bool read_in_pieces(runlens::TsvReader& reader, runlens::Bytes text, std::size_t piece) {
  for (std::size_t at = 0; at < text.size(); at += piece) {
    if (!reader.feed(text.subspan(at, std::min(piece, text.size() - at)))) return false;
  }
  return reader.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const runlens::Bytes text{data + 1, size - 1};
  runlens::TsvReader whole, pieces;
  const bool is_matrix = read_in_pieces(whole, text, text.size() + 1);
  const bool is_matrix_too = read_in_pieces(pieces, text, std::size_t{1} + data[0] % 16);
  const auto count = static_cast<std::int64_t>(whole.values().size());
  // Memory is bounded by the text: a number takes two bytes, and as many again may be missing.
  if (count > 2 * static_cast<std::int64_t>(size) + 2) std::abort();
  // What was padded depends on how much text was seen by then, so refusals may come at different lines.
  if (!is_matrix || !is_matrix_too) return 0;
  if (count != whole.rows() * whole.columns()) std::abort();
  if (whole.rows() != pieces.rows() || whole.columns() != pieces.columns()) std::abort();
  if (whole.ragged().count != pieces.ragged().count || whole.unreadable().count != pieces.unreadable().count) {
    std::abort();
  }
  const auto bytes = static_cast<std::size_t>(count) * sizeof(float);
  if (count > 0 && std::memcmp(whole.values().begin(), pieces.values().begin(), bytes) != 0) std::abort();
  return 0;
}
