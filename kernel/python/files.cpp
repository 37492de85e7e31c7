// Reading event files: the scanner, what it finds, and the way back to a record.
#include <nanobind/stl/string.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include <array>
#include <memory>
#include <mutex>

#include "file.hpp"
#include "locate.hpp"
#include "pack.hpp"
#include "python/arrays.hpp"

namespace runlens::python {

using namespace nb::literals;

namespace {

// Text from a log may be any bytes.
nb::object to_text(const std::string& text) {
  return nb::steal(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace"));
}

// Keeps a block alive for as long as any array of it is.
nb::capsule own(const std::shared_ptr<Block>& block) {
  return nb::capsule(new std::shared_ptr<Block>(block),
                     [](void* pointer) noexcept { delete static_cast<std::shared_ptr<Block>*>(pointer); });
}

nb::dlpack::dtype dtype_of(Number number) {
  switch (number) {
    case Number::int32: return nb::dtype<std::int32_t>();
    case Number::int64: return nb::dtype<std::int64_t>();
    case Number::float32: return nb::dtype<float>();
    default: return nb::dtype<double>();
  }
}

using AnyArray = nb::ndarray<nb::numpy, nb::ndim<1>>;

AnyArray to_array(const PackedColumn& column, const nb::capsule& owner) {
  return AnyArray(column.data, {column.size}, owner, {}, dtype_of(column.number));
}

// A list of (tag, column, column, …).
nb::list to_arrays(const std::vector<PackedTag>& packed, const nb::capsule& owner) {
  nb::list tags;
  for (const PackedTag& tag : packed) {
    nb::list item;
    item.append(tag.tag);
    for (const PackedColumn& column : tag.columns) item.append(to_array(column, owner));
    tags.append(nb::tuple(item));
  }
  return tags;
}

// The scalars of one tag as one small object. Arrays are made when somebody looks: three of them would take more room
// than the points of a short series, and more time than scanning it.
struct PyScalars {
  std::shared_ptr<Block> block;
  std::array<PackedColumn, 3> columns;

  AnyArray column(std::size_t number) const { return to_array(columns[number], own(block)); }
};

// A list of (tag, scalars).
nb::list to_scalars(const std::vector<PackedTag>& packed, const std::shared_ptr<Block>& block) {
  nb::list tags;
  for (const PackedTag& tag : packed) {
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
  std::optional<Place> place;
  int error = 0;
  {
    nb::gil_scoped_release unlocked;
    try {
      place = runlens::locate(name.c_str(), start, tag, row);
    } catch (const Replaced&) {
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
    Progress progress;
    Pack packed;
    int error = 0;
    bool is_replaced = false;
    {
      nb::gil_scoped_release unlocked;
      const std::lock_guard<std::mutex> lock(mutex_);
      try {
        progress = file_.advance(name.c_str(), limit);
        packed = pack(file_.scanner.tags());
      } catch (const Replaced&) {
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
    for (Tag& tag : file_.scanner.tags()) {
      if (tag.is_news) {
        tags.append(nb::make_tuple(index, to_text(tag.name), to_text(tag.plugin), to_bytes(tag.content),
                                   to_text(tag.display_name), to_text(tag.description), tag.data_class));
        tag.is_news = false;
      }
      if (tag.disagreement_is_news) {
        const Disagreement& differs = tag.disagreement;
        disagreements.append(nb::make_tuple(index, to_text(differs.plugin), to_text(differs.display_name),
                                            to_text(differs.description)));
        tag.disagreement_is_news = false;
      }
      ++index;
    }
    for (const Damage& region : file_.scanner.damage()) {
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
  FileScanner file_;
  std::mutex mutex_;
};

// Gives memory that scanning used and freed back to the system; the allocator alone would keep it.
void trim_heap() {
#if defined(__GLIBC__)
  nb::gil_scoped_release unlocked;
  malloc_trim(0);
#endif
}

}  // namespace

void define_files(nb::module_& m) {
  m.def("locate", &locate, "path"_a, "start"_a, "tag"_a, "row"_a);
  m.def("trim_heap", &trim_heap);
  nb::class_<PyScalars>(m, "Scalars")
      .def_prop_ro("steps", [](const PyScalars& scalars) { return scalars.column(0); }, nb::rv_policy::automatic)
      .def_prop_ro("wall_times", [](const PyScalars& scalars) { return scalars.column(1); }, nb::rv_policy::automatic)
      .def_prop_ro("values", [](const PyScalars& scalars) { return scalars.column(2); }, nb::rv_policy::automatic)
      .def("columns",
           [](const PyScalars& scalars) {
             nb::list columns;
             for (const PackedColumn& column : scalars.columns) columns.append(to_array(column, own(scalars.block)));
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

}  // namespace runlens::python
