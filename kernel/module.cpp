// The Python face of the kernel: it converts, releases the GIL and does nothing else.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <array>
#include <memory>
#include <mutex>

#include "buckets.hpp"
#include "crc32c.hpp"
#include "encode.hpp"
#include "file.hpp"
#include "histogram.hpp"
#include "locate.hpp"
#include "m4.hpp"
#include "pack.hpp"
#include "smooth.hpp"
#include "tsv.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

template <typename T>
using Array = nb::ndarray<nb::numpy, T, nb::ndim<1>>;
template <typename T>
using Input = nb::ndarray<const T, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
template <typename T>
using Matrix = nb::ndarray<const T, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

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

// Keeps a block alive for as long as any array of it is.
nb::capsule own(const std::shared_ptr<runlens::Block>& block) {
  return nb::capsule(new std::shared_ptr<runlens::Block>(block),
                     [](void* pointer) noexcept { delete static_cast<std::shared_ptr<runlens::Block>*>(pointer); });
}

nb::dlpack::dtype dtype_of(runlens::Number number) {
  switch (number) {
    case runlens::Number::int32: return nb::dtype<std::int32_t>();
    case runlens::Number::int64: return nb::dtype<std::int64_t>();
    case runlens::Number::float32: return nb::dtype<float>();
    default: return nb::dtype<double>();
  }
}

using AnyArray = nb::ndarray<nb::numpy, nb::ndim<1>>;

AnyArray to_array(const runlens::PackedColumn& column, const nb::capsule& owner) {
  return AnyArray(column.data, {column.size}, owner, {}, dtype_of(column.number));
}

// A list of (tag, column, column, …).
nb::list to_arrays(const std::vector<runlens::PackedTag>& packed, const nb::capsule& owner) {
  nb::list tags;
  for (const runlens::PackedTag& tag : packed) {
    nb::list item;
    item.append(tag.tag);
    for (const runlens::PackedColumn& column : tag.columns) item.append(to_array(column, owner));
    tags.append(nb::tuple(item));
  }
  return tags;
}

// The scalars of one tag as one small object. Arrays are made when somebody looks: three of them would take more room
// than the points of a short series, and more time than scanning it.
struct PyScalars {
  std::shared_ptr<runlens::Block> block;
  std::array<runlens::PackedColumn, 3> columns;

  AnyArray column(std::size_t number) const { return to_array(columns[number], own(block)); }
};

// A list of (tag, scalars).
nb::list to_scalars(const std::vector<runlens::PackedTag>& packed, const std::shared_ptr<runlens::Block>& block) {
  nb::list tags;
  for (const runlens::PackedTag& tag : packed) {
    tags.append(nb::make_tuple(tag.tag, PyScalars{block, {tag.columns[0], tag.columns[1], tag.columns[2]}}));
  }
  return tags;
}

[[noreturn]] void raise_os_error(int error, const std::string& path) {
  errno = error;
  PyErr_SetFromErrnoWithFilename(PyExc_OSError, path.c_str());
  throw nb::python_error();
}

// (offset, record, step, wall time, value, dtype), or None.
nb::object locate(const nb::bytes& path, std::int64_t start, const std::string& tag, std::int64_t row) {
  const std::string name(path.c_str(), path.size());
  std::optional<runlens::Place> place;
  int error = 0;
  {
    nb::gil_scoped_release unlocked;
    try {
      place = runlens::locate(name.c_str(), start, tag, row);
    } catch (const runlens::Replaced&) {
      // Cut to before the place to begin at: there is no such point any more.
    } catch (const std::system_error& failure) {
      error = failure.code().value();
    }
  }
  if (error != 0) raise_os_error(error, name);
  if (!place) return nb::none();
  return nb::make_tuple(place->offset, place->record, place->step, place->wall_time, place->value, place->dtype);
}

// One event file being followed. A lock keeps two threads from advancing the same file.
class PyFileScanner {
 public:
  PyFileScanner() = default;
  explicit PyFileScanner(const nb::bytes& state) {
    if (!file_.restore(as_bytes(state))) throw nb::value_error("FileScanner: want what state() returned");
  }

  nb::bytes state() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return to_bytes(file_.state());
  }

  // None when what was read before is no longer there.
  nb::object advance(const nb::bytes& path, std::int64_t limit) {
    const std::string name(path.c_str(), path.size());
    runlens::Progress progress;
    runlens::Pack packed;
    int error = 0;
    bool is_replaced = false;
    {
      nb::gil_scoped_release unlocked;
      const std::lock_guard<std::mutex> lock(mutex_);
      try {
        progress = file_.advance(name.c_str(), limit);
        packed = runlens::pack(file_.scanner.tags());
      } catch (const runlens::Replaced&) {
        is_replaced = true;
      } catch (const std::system_error& failure) {
        error = failure.code().value();
      }
    }
    if (error != 0) raise_os_error(error, name);
    if (is_replaced) return nb::none();
    nb::dict result = news();
    const nb::capsule owner = own(packed.block);
    result["pending"] = progress.pending;
    result["at_end"] = progress.at_end;
    result["scalars"] = to_scalars(packed.scalars, packed.block);
    result["first_time"] = packed.first_time;
    result["last_time"] = packed.last_time;
    result["entries"] = to_arrays(packed.entries, owner);
    return result;
  }

  // What is to be told beside the columns: where the scanner stands, tags and damage not yet handed out.
  nb::dict news() {
    nb::dict result;
    nb::list tags, damage, disagreements;
    std::int64_t index = 0;
    for (runlens::Tag& tag : file_.scanner.tags()) {
      if (tag.is_news) {
        tags.append(nb::make_tuple(index, to_text(tag.name), to_text(tag.plugin), to_bytes(tag.content),
                                   to_text(tag.display_name), to_text(tag.description), tag.data_class));
        tag.is_news = false;
      }
      if (tag.disagreement_is_news) {
        const runlens::Disagreement& differs = tag.disagreement;
        disagreements.append(nb::make_tuple(index, to_text(differs.plugin), to_text(differs.display_name),
                                            to_text(differs.description)));
        tag.disagreement_is_news = false;
      }
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
    result["offset"] = file_.scanner.offset();
    result["records"] = file_.scanner.records();
    result["tags"] = tags;
    result["damage"] = damage;
    result["disagreements"] = disagreements;
    return result;
  }

 private:
  runlens::FileScanner file_;
  std::mutex mutex_;
};

template <typename X, typename Y>
Array<std::int64_t> reduce(const Input<X>& x, const Input<Y>& y, double low, double high, std::int64_t columns,
                           bool ascends) {
  if (x.size() != y.size()) throw nb::value_error("m4: x and y differ in length");
  if (columns < 1) throw nb::value_error("m4: want at least one pixel column");
  runlens::Column<std::int64_t> kept;
  {
    nb::gil_scoped_release unlocked;
    kept = runlens::m4<X, Y>(as_span(x), as_span(y), {low, high, columns}, ascends);
  }
  return to_array(std::move(kept));
}

template <typename Y, typename Step>
Array<double> smooth(const Input<Y>& y, double weight, const std::optional<Input<Step>>& steps) {
  if (steps && steps->size() != y.size()) throw nb::value_error("debiased_ema: y and steps differ in length");
  if (!(weight >= 0.0 && weight < 1.0)) throw nb::value_error("debiased_ema: want 0 <= weight < 1");
  runlens::Column<double> out;
  {
    nb::gil_scoped_release unlocked;
    out = runlens::debiased_ema<Y, Step>(as_span(y), weight, steps ? as_span(*steps) : std::span<const Step>());
  }
  return to_array(std::move(out));
}

// (counts, number of NaN, of +infinity, of -infinity, least and greatest finite value)
template <typename T>
nb::tuple histogram(const Input<T>& values) {
  runlens::Histogram found;
  {
    nb::gil_scoped_release unlocked;
    found = runlens::count<T>(as_span(values));
  }
  return nb::make_tuple(to_array(std::move(found.counts)), found.nan, found.positive_infinity, found.negative_infinity,
                        found.min, found.max);
}

// (ends, left, right, count, statistics, reasons: None or what is wrong with each)
nb::tuple read_histograms(const nb::list& messages) {
  std::vector<nb::bytes> kept;  // while the GIL is released, a list may change
  std::vector<runlens::Bytes> views;
  for (nb::handle item : messages) {
    kept.push_back(nb::cast<nb::bytes>(item));
    views.push_back(as_bytes(kept.back()));
  }
  runlens::Histograms found;
  std::vector<const char*> faults;
  {
    nb::gil_scoped_release unlocked;
    for (const runlens::Bytes view : views) faults.push_back(found.append(view));
  }
  nb::list reasons;
  for (const char* fault : faults) reasons.append(fault == nullptr ? nb::object(nb::none()) : nb::object(nb::str(fault)));
  return nb::make_tuple(to_array(std::move(found.ends)), to_array(std::move(found.left)),
                        to_array(std::move(found.right)), to_array(std::move(found.count)),
                        to_array(std::move(found.statistics)), reasons);
}

Array<double> histogram_edges() {
  runlens::Column<double> edges;
  for (const double edge : runlens::histogram_edges()) edges.push_back(edge);
  return to_array(std::move(edges));
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

// Of a large stretch of memory, while other threads run.
std::uint32_t checksum(const Input<std::uint8_t>& stretch) {
  nb::gil_scoped_release unlocked;
  return runlens::crc32c(as_span(stretch));
}

nb::bytes record(const nb::bytes& payload) {
  std::string out;
  runlens::append_record(out, as_bytes(payload));
  return to_bytes(out);
}

template <typename T>
nb::bytes tsv(const Matrix<T>& matrix) {
  std::string out;
  {
    nb::gil_scoped_release unlocked;
    out = runlens::tsv(matrix.data(), matrix.shape(0), matrix.shape(1));
  }
  return to_bytes(out);
}

// One function of Python for every pair of types that columns come in; none converts.
template <typename X>
void def_m4(nb::module_& m) {
  m.def("m4", &reduce<X, float>, "x"_a, "y"_a, "low"_a, "high"_a, "columns"_a, "ascends"_a = false);
  m.def("m4", &reduce<X, double>, "x"_a, "y"_a, "low"_a, "high"_a, "columns"_a, "ascends"_a = false);
}

template <typename Y>
void def_smooth(nb::module_& m) {
  m.def("debiased_ema", &smooth<Y, std::int32_t>, "y"_a, "weight"_a, "steps"_a = nb::none());
  m.def("debiased_ema", &smooth<Y, std::int64_t>, "y"_a, "weight"_a, "steps"_a = nb::none());
}

// Gives memory that scanning used and freed back to the system; the allocator alone would keep it.
void trim_heap() {
#if defined(__GLIBC__)
  nb::gil_scoped_release unlocked;
  malloc_trim(0);
#endif
}

}  // namespace

NB_MODULE(_kernel, m) {
  m.doc() = "Native core of runlens: checksums, event files, reduction, smoothing, binning.";
  m.def("crc32c", [](const nb::bytes& data) { return runlens::crc32c(as_bytes(data)); }, "data"_a);
  m.def("crc32c", &checksum, "column"_a);
  m.def("crc32c_portable", [](const nb::bytes& data) { return runlens::crc32c_portable(as_bytes(data)); }, "data"_a);
  m.def("masked_crc32c", [](const nb::bytes& data) { return runlens::masked_crc32c(as_bytes(data)); }, "data"_a);
  m.def("record", &record, "payload"_a);
  m.def("scalar_records", &scalar_records, "scalars"_a);
  m.def("locate", &locate, "path"_a, "start"_a, "tag"_a, "row"_a);
  m.def("trim_heap", &trim_heap);
  m.def("histogram_edges", &histogram_edges);
  m.def("histogram", &histogram<float>, "values"_a);
  m.def("histogram", &histogram<double>, "values"_a);
  m.def("tsv", &tsv<float>, "matrix"_a);
  m.def("tsv", &tsv<double>, "matrix"_a);
  m.def("read_histograms", &read_histograms, "messages"_a);
  def_m4<std::int32_t>(m);
  def_m4<std::int64_t>(m);
  def_m4<float>(m);
  def_m4<double>(m);
  def_smooth<float>(m);
  def_smooth<double>(m);
  nb::class_<PyScalars>(m, "Scalars")
      .def_prop_ro("steps", [](const PyScalars& scalars) { return scalars.column(0); }, nb::rv_policy::automatic)
      .def_prop_ro("wall_times", [](const PyScalars& scalars) { return scalars.column(1); }, nb::rv_policy::automatic)
      .def_prop_ro("values", [](const PyScalars& scalars) { return scalars.column(2); }, nb::rv_policy::automatic)
      .def("columns",
           [](const PyScalars& scalars) {
             nb::list columns;
             for (const runlens::PackedColumn& column : scalars.columns) columns.append(to_array(column, own(scalars.block)));
             return columns;
           })
      .def("__len__", [](const PyScalars& scalars) { return scalars.columns[0].size; });
  nb::class_<PyFileScanner>(m, "FileScanner")
      .def(nb::init<>())
      .def(nb::init<const nb::bytes&>(), "state"_a)
      .def("advance", &PyFileScanner::advance, "path"_a, "limit"_a)
      .def("news", &PyFileScanner::news)
      .def("state", &PyFileScanner::state);
}
