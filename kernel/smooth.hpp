// Smoothing over a whole series.
#pragma once

#include <cstddef>
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

// The others are of one segment, whose steps do not go back. All answer with the length of y, copy values that are not
// finite, and leave them out of what they make of the others.

// The same average, but a value loses weight by how many steps lie behind it, not by how many values:
// out = sum w^(d/g) y / sum w^(d/g), d the distance to the value in steps. `gap` is g > 0, the distance that counts as one.
template <typename Y, typename Step>
Column<double> time_ema(std::span<const Y> y, double weight, std::span<const Step> steps, double gap);

// The mean of the values at most `half` places away; fewer at the ends.
template <typename Y>
Column<double> centred_mean(std::span<const Y> y, std::size_t half);

// The mean weighted by exp(-d^2 / (2 sigma^2)), d the distance in places. Wide ones are made of three means in turn, as in
// Kovesi, "Fast almost-Gaussian filtering", DICTA 2010. sigma > 0.
template <typename Y>
Column<double> gaussian(std::span<const Y> y, double sigma);

// The median of the values at most `half` places away; the mean of the middle two where their number is even.
template <typename Y>
Column<double> centred_median(std::span<const Y> y, std::size_t half);

}  // namespace runlens
