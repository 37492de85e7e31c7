// Values of other kinds: histograms, and matrices as text.
#include <algorithm>
#include <utility>
#include <vector>

#include "bucket_sums.hpp"
#include "buckets.hpp"
#include "histogram.hpp"
#include "read_tsv.hpp"
#include "tsv.hpp"
#include "python/arrays.hpp"

namespace runlens::python {

using namespace nb::literals;

namespace {

// (counts, number of NaN, of +infinity, of -infinity, least and greatest finite value)
template <typename T>
nb::tuple histogram(const Input<T>& values) {
  Histogram found;
  {
    nb::gil_scoped_release unlocked;
    found = count<T>(as_span(values));
  }
  return nb::make_tuple(to_array(std::move(found.counts)), found.nan, found.positive_infinity, found.negative_infinity,
                        found.min, found.max);
}

// (ends, left, right, count, statistics, reasons: None or what is wrong with each)
nb::tuple read_histograms(const nb::list& messages) {
  std::vector<nb::bytes> kept;  // while the GIL is released, a list may change
  std::vector<Bytes> views;
  for (nb::handle item : messages) {
    kept.push_back(nb::cast<nb::bytes>(item));
    views.push_back(as_bytes(kept.back()));
  }
  Histograms found;
  std::vector<const char*> faults;
  {
    nb::gil_scoped_release unlocked;
    for (const Bytes view : views) faults.push_back(found.append(view));
  }
  nb::list reasons;
  for (const char* fault : faults) reasons.append(fault == nullptr ? nb::object(nb::none()) : nb::object(nb::str(fault)));
  return nb::make_tuple(to_array(std::move(found.ends)), to_array(std::move(found.left)),
                        to_array(std::move(found.right)), to_array(std::move(found.count)),
                        to_array(std::move(found.statistics)), reasons);
}

// Sums of histograms: (ends, left, right, count, faults: (number of the histogram, what is wrong with it)).
// Histogram i has the buckets before ends[i], group i the histograms before groups[i].
nb::tuple sum_histograms(const Input<std::int64_t>& ends, const Input<double>& left, const Input<double>& right,
                         const Input<double>& count, const Input<std::int64_t>& groups, std::size_t most_single,
                         std::size_t most_summed) {
  const auto are_ends = [](std::span<const std::int64_t> numbers, std::size_t last) {
    return std::is_sorted(numbers.begin(), numbers.end()) && (numbers.empty() ? 0 : numbers.back()) == std::int64_t(last) &&
           (numbers.empty() || numbers.front() >= 0);
  };
  const bool fits = left.size() == count.size() && right.size() == count.size() && most_single > 0 && most_summed > 0;
  if (!fits || !are_ends(as_span(ends), count.size()) || !are_ends(as_span(groups), ends.size())) {
    throw nb::value_error("sum_histograms: want ascending ends of all histograms and groups, and columns of one length");
  }
  BucketSums sums(most_single, most_summed);
  std::vector<std::pair<std::size_t, const char*>> faults;
  {
    nb::gil_scoped_release unlocked;
    std::size_t number = 0;
    std::size_t first = 0;
    for (const std::int64_t group : as_span(groups)) {
      for (; number < static_cast<std::size_t>(group); ++number) {
        const std::size_t size = static_cast<std::size_t>(as_span(ends)[number]) - first;
        const auto part = [&](const Input<double>& column) { return as_span(column).subspan(first, size); };
        const char* fault = sums.add({part(left), part(right), part(count)});
        if (fault != nullptr) faults.emplace_back(number, fault);
        first += size;
      }
      sums.finish();
    }
  }
  nb::list told;
  for (const auto& [number, fault] : faults) told.append(nb::make_tuple(number, fault));
  return nb::make_tuple(to_array(std::move(sums.ends)), to_array(std::move(sums.left)), to_array(std::move(sums.right)),
                        to_array(std::move(sums.count)), told);
}

Array<double> histogram_edges() {
  Column<double> edges;
  for (const double edge : runlens::histogram_edges()) edges.push_back(edge);
  return to_array(std::move(edges));
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

// A matrix being read from text, in pieces.
class PyTsvReader {
 public:
  bool feed(const nb::bytes& piece) {
    nb::gil_scoped_release unlocked;
    return reader_.feed(as_bytes(piece));
  }

  bool finish() { return reader_.finish(); }

  // (values, columns, (ragged lines, the first), (unreadable lines, the first)); the values are handed over.
  nb::tuple result() {
    const Irregular &ragged = reader_.ragged(), &unreadable = reader_.unreadable();
    return nb::make_tuple(to_array(std::move(reader_.values())), reader_.columns(),
                          nb::make_tuple(ragged.count, ragged.first_line),
                          nb::make_tuple(unreadable.count, unreadable.first_line));
  }

 private:
  TsvReader reader_;
};

}  // namespace

void define_values(nb::module_& m) {
  m.def("histogram_edges", &histogram_edges);
  m.def("histogram", &histogram<float>, "values"_a);
  m.def("histogram", &histogram<double>, "values"_a);
  m.def("read_histograms", &read_histograms, "messages"_a);
  m.def("sum_histograms", &sum_histograms, "ends"_a, "left"_a, "right"_a, "count"_a, "groups"_a, "most_single"_a,
        "most_summed"_a);
  m.def("tsv", &tsv<float>, "matrix"_a);
  m.def("tsv", &tsv<double>, "matrix"_a);
  nb::class_<PyTsvReader>(m, "TsvReader")
      .def(nb::init<>())
      .def("feed", &PyTsvReader::feed, "piece"_a)
      .def("finish", &PyTsvReader::finish)
      .def("result", &PyTsvReader::result);
}

}  // namespace runlens::python
