// Curves: what is drawn of them, and smoothing.
#include <nanobind/stl/optional.h>

#include "m4.hpp"
#include "smooth.hpp"
#include "python/arrays.hpp"

namespace runlens::python {

using namespace nb::literals;

namespace {

template <typename X, typename Y>
Array<std::int64_t> reduce(const Input<X>& x, const Input<Y>& y, double low, double high, std::int64_t columns,
                           bool ascends) {
  if (x.size() != y.size()) throw nb::value_error("m4: x and y differ in length");
  if (columns < 1) throw nb::value_error("m4: want at least one pixel column");
  Column<std::int64_t> kept;
  {
    nb::gil_scoped_release unlocked;
    kept = m4<X, Y>(as_span(x), as_span(y), {low, high, columns}, ascends);
  }
  return to_array(std::move(kept));
}

template <typename Y, typename Step>
Array<double> smooth(const Input<Y>& y, double weight, const std::optional<Input<Step>>& steps) {
  if (steps && steps->size() != y.size()) throw nb::value_error("debiased_ema: y and steps differ in length");
  if (!(weight >= 0.0 && weight < 1.0)) throw nb::value_error("debiased_ema: want 0 <= weight < 1");
  Column<double> out;
  {
    nb::gil_scoped_release unlocked;
    out = debiased_ema<Y, Step>(as_span(y), weight, steps ? as_span(*steps) : std::span<const Step>());
  }
  return to_array(std::move(out));
}

template <typename Y, typename Step>
Array<double> smooth_by_time(const Input<Y>& y, double weight, const Input<Step>& steps, double gap) {
  if (steps.size() != y.size()) throw nb::value_error("time_ema: y and steps differ in length");
  if (!(weight >= 0.0 && weight < 1.0 && gap > 0.0)) throw nb::value_error("time_ema: want 0 <= weight < 1 and gap > 0");
  Column<double> out;
  {
    nb::gil_scoped_release unlocked;
    out = time_ema<Y, Step>(as_span(y), weight, as_span(steps), gap);
  }
  return to_array(std::move(out));
}

template <typename Y, typename Width, Column<double> (*Smoother)(std::span<const Y>, Width)>
Array<double> smooth_around(const Input<Y>& y, Width width) {
  Column<double> out;
  {
    nb::gil_scoped_release unlocked;
    out = Smoother(as_span(y), width);
  }
  return to_array(std::move(out));
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
  m.def("time_ema", &smooth_by_time<Y, std::int32_t>, "y"_a, "weight"_a, "steps"_a, "gap"_a);
  m.def("time_ema", &smooth_by_time<Y, std::int64_t>, "y"_a, "weight"_a, "steps"_a, "gap"_a);
  m.def("centred_mean", &smooth_around<Y, std::size_t, &centred_mean<Y>>, "y"_a, "half"_a);
  m.def("centred_median", &smooth_around<Y, std::size_t, &centred_median<Y>>, "y"_a, "half"_a);
  m.def("gaussian", &smooth_around<Y, double, &gaussian<Y>>, "y"_a, "sigma"_a);
}

}  // namespace

void define_curves(nb::module_& m) {
  def_m4<std::int32_t>(m);
  def_m4<std::int64_t>(m);
  def_m4<float>(m);
  def_m4<double>(m);
  def_smooth<float>(m);
  def_smooth<double>(m);
}

}  // namespace runlens::python
