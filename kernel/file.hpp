// Feeds a scanner from a file on disk, in bounded memory.
#pragma once

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "scan.hpp"

namespace runlens {

// What was read before is no longer there: the file was cut, edited or written anew.
struct Replaced {};

struct Progress {
  std::int64_t offset = 0;   // bytes done with
  std::int64_t pending = 0;  // bytes after them that are not yet a record
  bool at_end = false;       // the file had no more
};

class FileScanner {
 public:
  // Scans from where the last call stopped, at least one record if there is one and otherwise about `limit` bytes.
  // The file is opened for this call only, so that thousands of runs need no thousands of handles. It is read, not
  // mapped: a file that shrinks under a mapping would kill the process.
  // Throws std::system_error when it cannot be opened or read, and Replaced.
  Progress advance(const char* path, std::int64_t limit) {
    const Handle file = open(path);
    const std::int64_t size = size_of(file.get());
    const std::int64_t start = scanner.offset();
    if (size < start || !begins_and_goes_on_as_before(file.get())) throw Replaced{};
    seek(file.get(), start, SEEK_SET);
    std::vector<std::uint8_t> buffer;
    std::size_t held = 0;
    for (;;) {
      // A record that claims more than the file has is waited for without reading what is there of it again.
      const std::int64_t left = size - scanner.offset();
      if (left < static_cast<std::int64_t>(scanner.needed())) return {scanner.offset(), left, true};
      const auto wanted = static_cast<std::size_t>(
          std::min(left, static_cast<std::int64_t>(std::max(piece, scanner.wanted()))));
      held += fill(file.get(), buffer, held, wanted);
      const bool is_short = held < wanted;  // cut since it was opened
      const bool at_end = is_short || scanner.offset() + static_cast<std::int64_t>(held) >= size;
      const std::size_t done = scanner.scan(Bytes(buffer.data(), held), at_end);
      remember(Bytes(buffer.data(), done));
      awaited_ = as_text(Bytes(buffer.data(), held).subspan(done).first(std::min(held - done, header_size)));
      held -= done;
      if (done > 0) std::memmove(buffer.data(), buffer.data() + done, held);
      const bool enough = scanner.offset() - start >= limit;
      if (at_end || enough) return {scanner.offset(), static_cast<std::int64_t>(held), at_end};
    }
  }

  // What a later process needs to go on where this one stopped.
  std::string state() const { return std::string(1, static_cast<char>(head_.size())) + head_ +
                                     std::string(1, static_cast<char>(tail_.size())) + tail_ + scanner.state(); }

  // False for bytes that are no state: the scanner must not be used then.
  bool restore(Bytes state) {
    for (std::string* mark : {&head_, &tail_}) {
      if (state.empty() || state[0] > mark_size || state[0] >= state.size()) return false;
      *mark = as_text(state.subspan(1, state[0]));
      state = state.subspan(std::size_t{1} + state[0]);
    }
    return scanner.restore(state) && std::max(head_.size(), tail_.size()) <= static_cast<std::uint64_t>(scanner.offset());
  }

  Scanner scanner;

 private:
  // Bytes kept of the beginning, which holds the first wall time, and of what was read last, which ends in a checksum.
  static constexpr std::size_t mark_size = 64;

  void remember(Bytes read) {
    const auto start = static_cast<std::size_t>(scanner.offset()) - read.size();  // not 0 for one that began further on
    if (start == head_.size()) head_ += as_text(read.first(std::min(read.size(), mark_size - head_.size())));
    tail_ += as_text(read.last(std::min(read.size(), mark_size)));
    if (tail_.size() > mark_size) tail_.erase(0, tail_.size() - mark_size);
  }

  bool begins_and_goes_on_as_before(std::FILE* file) const {
    const std::int64_t offset = scanner.offset();
    return holds(file, 0, head_) && holds(file, offset - static_cast<std::int64_t>(tail_.size()), tail_) &&
           holds(file, offset, awaited_);
  }

  static bool holds(std::FILE* file, std::int64_t offset, const std::string& wanted) {
    if (wanted.empty()) return true;
    char found[mark_size];
    seek(file, offset, SEEK_SET);
    const std::size_t count = std::fread(found, 1, wanted.size(), file);
    if (count < wanted.size() && std::ferror(file)) throw std::system_error(errno, std::generic_category(), "read");
    return std::string_view(found, count) == wanted;
  }

  struct Closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  using Handle = std::unique_ptr<std::FILE, Closer>;

  // Bytes asked of the system at a time: enough for few calls, little enough to stay in the second-level cache.
  static constexpr std::size_t piece = std::size_t{1} << 20;

  static Handle open(const char* path) {
    Handle file(std::fopen(path, "rb"));
    if (!file) throw std::system_error(errno, std::generic_category(), "open");
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    return file;
  }

  static void seek(std::FILE* file, std::int64_t offset, int whence) {
#if defined(_WIN32)
    const int failed = _fseeki64(file, offset, whence);
#else
    const int failed = fseeko(file, static_cast<off_t>(offset), whence);
#endif
    if (failed) throw std::system_error(errno, std::generic_category(), "seek");
  }

  static std::int64_t size_of(std::FILE* file) {
    seek(file, 0, SEEK_END);
#if defined(_WIN32)
    return _ftelli64(file);
#else
    return ftello(file);
#endif
  }

  // Reads until `wanted` bytes are held or the file ends. Grows by what is really there, a piece at a time, because
  // a record's claimed length is not to be believed.
  static std::size_t fill(std::FILE* file, std::vector<std::uint8_t>& buffer, std::size_t held, std::size_t wanted) {
    std::size_t got = 0;
    while (held + got < wanted) {
      const std::size_t step = std::min(piece, wanted - held - got);
      if (buffer.size() < held + got + step) buffer.resize(held + got + step);
      const std::size_t count = std::fread(buffer.data() + held + got, 1, step, file);
      if (count < step && std::ferror(file)) throw std::system_error(errno, std::generic_category(), "read");
      got += count;
      if (count < step) break;
    }
    return got;
  }

  std::string head_;
  std::string tail_;
  std::string awaited_;  // what was looked at beyond the offset: the head of a record whose rest is to come
};

}  // namespace runlens
