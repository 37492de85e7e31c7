// Memory that columns gave back, kept by each thread for the columns of the next file.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace runlens {

// The system's allocator returns such memory to the system and gets it back untouched: touching it first again takes
// longer than scanning what is put there. Blocks are malloc's own, so whoever holds one may also just free it.
class SpareMemory {
 public:
  static constexpr std::size_t largest = std::size_t{1} << 20;  // bytes of a block that is kept

  static SpareMemory& of_this_thread() {
    static thread_local SpareMemory spare;
    return spare;
  }

  // A block of a size that is a power of two, at most `largest`.
  void* take(std::size_t size) {
    std::vector<void*>& blocks = of_size(size);
    if (blocks.empty()) {
      void* fresh = std::malloc(size);
      if (fresh == nullptr) throw std::bad_alloc();
      return fresh;
    }
    void* block = blocks.back();
    blocks.pop_back();
    held_ -= size;
    return block;
  }

  // Keeps a block for later, or frees it when it is of another size or enough is kept.
  void give(void* block, std::size_t size) noexcept {
    if (block == nullptr) return;
    if (!std::has_single_bit(size) || size > largest || held_ + size > most) return std::free(block);
    try {
      of_size(size).push_back(block);
      held_ += size;
    } catch (const std::bad_alloc&) {
      std::free(block);
    }
  }

  SpareMemory(const SpareMemory&) = delete;
  SpareMemory& operator=(const SpareMemory&) = delete;
  ~SpareMemory() {
    for (const std::vector<void*>& blocks : by_size_) {
      for (void* block : blocks) std::free(block);
    }
  }

 private:
  static constexpr std::size_t most = std::size_t{16} << 20;  // bytes kept by a thread

  SpareMemory() = default;
  std::vector<void*>& of_size(std::size_t size) { return by_size_[static_cast<std::size_t>(std::countr_zero(size))]; }

  std::array<std::vector<void*>, 21> by_size_;
  std::size_t held_ = 0;
};

}  // namespace runlens
