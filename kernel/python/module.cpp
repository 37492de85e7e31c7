// The Python face of the kernel: it converts, releases the GIL and does nothing else.
#include "crc32c.hpp"
#include "encode.hpp"
#include "python/arrays.hpp"

namespace runlens::python {

using namespace nb::literals;

namespace {

// Encodes (tag, value, step, wall time) tuples; see wire/record.py for what the tuples hold.
nb::bytes scalar_records(const nb::list& scalars) {
  std::string out;
  out.reserve(nb::len(scalars) * 72);
  for (nb::handle item : scalars) {
    PyObject* scalar = item.ptr();
    if (!PyTuple_CheckExact(scalar) || PyTuple_GET_SIZE(scalar) != 4) throw nb::type_error("want tuples of four");
    Py_ssize_t length = 0;
    const char* tag = PyUnicode_AsUTF8AndSize(PyTuple_GET_ITEM(scalar, 0), &length);
    const double value = PyFloat_AsDouble(PyTuple_GET_ITEM(scalar, 1));
    const long long step = PyLong_AsLongLong(PyTuple_GET_ITEM(scalar, 2));
    const double wall_time = PyFloat_AsDouble(PyTuple_GET_ITEM(scalar, 3));
    if (PyErr_Occurred()) throw nb::python_error();
    append_scalar(out, {tag, static_cast<std::size_t>(length)}, static_cast<float>(value), step, wall_time);
  }
  return to_bytes(out);
}

// Of a large stretch of memory, while other threads run.
std::uint32_t checksum(const Input<std::uint8_t>& stretch) {
  nb::gil_scoped_release unlocked;
  return crc32c(as_span(stretch));
}

nb::bytes record(const nb::bytes& payload) {
  std::string out;
  append_record(out, as_bytes(payload));
  return to_bytes(out);
}

}  // namespace

NB_MODULE(_kernel, m) {
  m.doc() = "Native core of runlens: checksums, event files, reduction, smoothing, binning.";
  m.def(
      "crc32c", [](const nb::bytes& data, std::uint32_t before) { return crc32c(as_bytes(data), before); }, "data"_a,
      "before"_a = 0);
  m.def("crc32c", &checksum, "column"_a);
  m.def(
      "crc32c_portable",
      [](const nb::bytes& data, std::uint32_t before) { return crc32c_portable(as_bytes(data), before); }, "data"_a,
      "before"_a = 0);
  m.def("masked_crc32c", [](const nb::bytes& data) { return masked_crc32c(as_bytes(data)); }, "data"_a);
  m.def("record", &record, "payload"_a);
  m.def("scalar_records", &scalar_records, "scalars"_a);
  define_files(m);
  define_curves(m);
  define_values(m);
}

}  // namespace runlens::python
