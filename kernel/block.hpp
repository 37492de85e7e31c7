// Memory for all columns of one scan: one allocation, exact in size, in large pages where the system has them.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace runlens {

// Columns grow in small memory that is used again for the next file, and end here. Ten million points would otherwise
// be sixty thousand first touches of a page, which take longer than scanning the points.
class Block {
 public:
  explicit Block(std::size_t size) : size_(size == 0 ? 1 : size) {
    if (size_ >= large_page) map();
    if (data_ == nullptr) data_ = static_cast<std::byte*>(std::malloc(size_));
    if (data_ == nullptr) throw std::bad_alloc();
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
#if defined(__linux__)
    if (mapped_ != nullptr) {
      munmap(mapped_, mapped_size_);
      return;
    }
#endif
    std::free(data_);
  }

  // Room for `count` numbers, aligned to eight bytes. The caller has added up `room_for` of all it places.
  template <typename T>
  T* place(std::size_t count) noexcept {
    auto* at = reinterpret_cast<T*>(data_ + used_);
    used_ += room_for<T>(count);
    return at;
  }

  template <typename T>
  static constexpr std::size_t room_for(std::size_t count) noexcept {
    return (count * sizeof(T) + 7) / 8 * 8;
  }

 private:
  static constexpr std::size_t large_page = std::size_t{1} << 21;

  void map() noexcept {
#if defined(__linux__)
    // A page more, so that there is a large-page boundary to start at; what lies before it is never touched.
    mapped_size_ = size_ + large_page;
    void* mapped = mmap(nullptr, mapped_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return;
    mapped_ = mapped;
    const auto start = (reinterpret_cast<std::uintptr_t>(mapped) + large_page - 1) / large_page * large_page;
    data_ = reinterpret_cast<std::byte*>(start);
    madvise(data_, size_ / large_page * large_page, MADV_HUGEPAGE);  // advice: what becomes of it does not matter
#endif
  }

  std::size_t size_;
  std::size_t used_ = 0;
  std::byte* data_ = nullptr;
  void* mapped_ = nullptr;
  std::size_t mapped_size_ = 0;
};

}  // namespace runlens
