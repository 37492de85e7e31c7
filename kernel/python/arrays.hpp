// How columns, bytes and texts pass between Python and the kernel, without being copied where that can be.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdlib>
#include <span>

#include "bytes.hpp"
#include "column.hpp"

namespace runlens::python {

namespace nb = nanobind;

template <typename T>
using Array = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
template <typename T>
using Input = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Matrix = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// Hands a column to numpy without copying it.
template <typename T>
Array<T> to_array(Column<T>&& column) {
  column.reserve(column.size());  // also gives an empty column a block, for the capsule to own
  const std::size_t size = column.size();
  T* data = column.release();
  nb::capsule owner(data, [](void* pointer) noexcept { std::free(pointer); });
  return Array<T>(data, {size}, owner);
}

template <typename T>
std::span<const T> as_span(const Input<T>& array) {
  return {array.data(), array.size()};
}

inline Bytes as_bytes(const nb::bytes& data) {
  return {reinterpret_cast<const std::uint8_t*>(data.c_str()), data.size()};
}

inline nb::bytes to_bytes(const std::string& bytes) { return nb::bytes(bytes.data(), bytes.size()); }

// The parts of the module, each in a file of its own.
void define_files(nb::module_& m);
void define_curves(nb::module_& m);
void define_values(nb::module_& m);

}  // namespace runlens::python
