// Point -> record.
#pragma once

#include <optional>
#include <string>

#include "file.hpp"

namespace runlens {

// The scalar of `tag` that comes after `row` others of it from byte `start` on, where an earlier scan stopped; records are
// counted from there. Nothing when the file ends before it.
// Throws std::system_error when the file cannot be opened or read.
std::optional<Place> locate(const char* path, std::int64_t start, std::string tag, std::int64_t row);

}  // namespace runlens
