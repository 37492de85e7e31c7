// Smoothing over a whole series.
#pragma once

#include <cstdint>
#include <span>

#include "column.hpp"

namespace runlens {

// Exponential moving average with the start-up bias removed: m = w*m + (1-w)*y, out = m / (1 - w^n) after n
// finite values (the correction of Kingma and Ba, Adam, 2015, section 3). Values that are not finite are
// copied and do not enter. The average begins anew where a step is below the one before it: a restart. `steps` is empty or
// has the length of y. 0 <= weight < 1; the answer has the length of y.
template <typename Y, typename Step>
Column<double> debiased_ema(std::span<const Y> y, double weight, std::span<const Step> steps);

}  // namespace runlens
