// A matrix -> tab-separated text: rows end with a newline, numbers have the fewest digits that read back exactly.
#pragma once

#include <cstddef>
#include <string>

namespace runlens {

// `values` holds rows x columns numbers, row after row. T is float or double.
template <typename T>
std::string tsv(const T* values, std::size_t rows, std::size_t columns);

}  // namespace runlens
