// The Python face of the kernel: it converts, releases the GIL and does nothing else.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <memory>
#include <mutex>

#include "crc32c.hpp"
#include "encode.hpp"
#include "file.hpp"
#include "m4.hpp"
#include "smooth.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <typename T>
using Array = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
template <typename T>
using Input = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

// Hands a column to numpy without copying it.
template <typename T>
Array<T> to_array(runlens::Column<T>&& column) {
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

runlens::Bytes as_bytes(const nb::bytes& data) {
  return {reinterpret_cast<const std::uint8_t*>(data.c_str()), data.size()};
}

// Text from a log may be any bytes.
nb::object to_text(const std::string& text) {
  return nb::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

nb::bytes to_bytes(const std::string& bytes) { return nb::bytes(bytes.data(), bytes.size()); }

// One event file being followed. A lock keeps two threads from advancing the same file.
class PyFileScanner {
 public:
  nb::dict advance(const nb::bytes& path, std::int64_t limit) {
    const std::string name(path.c_str(), path.size());
    runlens::Progress progress;
    int error = 0;
    {
      nb::gil_scoped_release unlocked;
      const std::lock_guard<std::mutex> lock(mutex_);
      try {
        progress = file_.advance(name.c_str(), limit);
      } catch (const std::system_error& failure) {
        error = failure.code().value();
      }
    }
    if (error != 0) {
      errno = error;
      PyErr_SetFromErrnoWithFilename(PyExc_OSError, name.c_str());
      throw nb::python_error();
    }
    return harvest(progress);
  }

 private:
  nb::dict harvest(const runlens::Progress& progress) {
    nb::dict result;
    nb::list tags, scalars, entries, damage;
    std::int64_t index = 0;
    for (runlens::Tag& tag : file_.scanner.tags()) {
      if (tag.is_news) {
        tags.append(nb::make_tuple(index, to_text(tag.name), to_text(tag.plugin), to_bytes(tag.content),
                                   to_text(tag.display_name), to_text(tag.description), tag.data_class));
        tag.is_news = false;
      }
      if (!tag.scalars.steps.empty()) scalars.append(take_scalars(index, tag));
      if (!tag.entries.steps.empty()) entries.append(take_entries(index, tag));
      ++index;
    }
    for (const runlens::Damage& region : file_.scanner.damage()) {
      damage.append(nb::make_tuple(region.offset, region.length, region.reason));
    }
    file_.scanner.damage().clear();
    if (const auto open = file_.scanner.open_damage()) {
      result["open_damage"] = nb::make_tuple(open->offset, open->length, open->reason);
    } else {
      result["open_damage"] = nb::none();
    }
    result["offset"] = progress.offset;
    result["pending"] = progress.pending;
    result["at_end"] = progress.at_end;
    result["records"] = file_.scanner.records();
    result["tags"] = tags;
    result["scalars"] = scalars;
    result["entries"] = entries;
    result["damage"] = damage;
    return result;
  }

  static nb::tuple take_scalars(std::int64_t index, runlens::Tag& tag) {
    runlens::ScalarColumns columns = std::move(tag.scalars);
    tag.scalars = {};
    return nb::make_tuple(index, to_array(std::move(columns.steps)), to_array(std::move(columns.wall_times)),
                          to_array(std::move(columns.values)));
  }

  static nb::tuple take_entries(std::int64_t index, runlens::Tag& tag) {
    runlens::EntryColumns columns = std::move(tag.entries);
    tag.entries = {};
    return nb::make_tuple(index, to_array(std::move(columns.forms)), to_array(std::move(columns.steps)),
                          to_array(std::move(columns.wall_times)), to_array(std::move(columns.offsets)),
                          to_array(std::move(columns.lengths)));
  }

  runlens::FileScanner file_;
  std::mutex mutex_;
};

template <typename X>
Array<std::int64_t> reduce(const Input<X>& x, const Input<double>& y, double low, double high, std::int64_t columns,
                           bool ascends) {
  if (x.size() != y.size()) throw nb::value_error("m4: x and y differ in length");
  if (columns < 1) throw nb::value_error("m4: want at least one pixel column");
  runlens::Column<std::int64_t> kept;
  {
    nb::gil_scoped_release unlocked;
    kept = runlens::m4<X>(as_span(x), as_span(y), {low, high, columns}, ascends);
  }
  return to_array(std::move(kept));
}

Array<double> smooth(const Input<double>& y, double weight, const std::optional<Input<std::int64_t>>& steps) {
  if (steps && steps->size() != y.size()) throw nb::value_error("debiased_ema: y and steps differ in length");
  if (!(weight >= 0.0 && weight < 1.0)) throw nb::value_error("debiased_ema: want 0 <= weight < 1");
  runlens::Column<double> out;
  {
    nb::gil_scoped_release unlocked;
    out = runlens::debiased_ema(as_span(y), weight, steps ? as_span(*steps) : std::span<const std::int64_t>());
  }
  return to_array(std::move(out));
}

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
    runlens::append_scalar(out, {tag, static_cast<std::size_t>(length)}, static_cast<float>(value), step, wall_time);
  }
  return to_bytes(out);
}

nb::bytes record(const nb::bytes& payload) {
  std::string out;
  runlens::append_record(out, as_bytes(payload));
  return to_bytes(out);
}

// Gives memory that scanning used and freed back to the system. Some allocators keep it, in pieces too small to see.
void trim_heap() {
#if defined(__GLIBC__)
  nb::gil_scoped_release unlocked;
  malloc_trim(0);
#endif
}

}  // namespace

NB_MODULE(_kernel, m) {
  m.doc() = "Native core of runlens: checksums, event files, reduction, smoothing.";
  m.def("crc32c", [](const nb::bytes& data) { return runlens::crc32c(as_bytes(data)); }, "data"_a);
  m.def("crc32c_portable", [](const nb::bytes& data) { return runlens::crc32c_portable(as_bytes(data)); }, "data"_a);
  m.def("masked_crc32c", [](const nb::bytes& data) { return runlens::masked_crc32c(as_bytes(data)); }, "data"_a);
  m.def("record", &record, "payload"_a);
  m.def("scalar_records", &scalar_records, "scalars"_a);
  m.def("m4", &reduce<std::int64_t>, "x"_a, "y"_a, "low"_a, "high"_a, "columns"_a, "ascends"_a = false);
  m.def("m4", &reduce<double>, "x"_a, "y"_a, "low"_a, "high"_a, "columns"_a, "ascends"_a = false);
  m.def("trim_heap", &trim_heap);
  m.def("debiased_ema", &smooth, "y"_a, "weight"_a, "steps"_a = nb::none());
  nb::class_<PyFileScanner>(m, "FileScanner")
      .def(nb::init<>())
      .def("advance", &PyFileScanner::advance, "path"_a, "limit"_a);
}
