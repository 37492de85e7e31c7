// A scalar -> the bytes of its record, the one thing the writer does a million times.
#pragma once

#include <string>
#include <string_view>

#include "bytes.hpp"

namespace runlens {

// Appends length, checksum, payload and checksum.
void append_record(std::string& out, Bytes payload);

// Appends the record of an Event with one simple_value. A step of 0 is left out, as protobuf does.
void append_scalar(std::string& out, std::string_view tag, float value, std::int64_t step, double wall_time);

}  // namespace runlens
