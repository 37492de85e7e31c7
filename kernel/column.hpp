// A growing array of numbers, made so that the memory it touches has been touched before.
#pragma once

#include <cstring>
#include <type_traits>
#include <utility>

#include "spare.hpp"

namespace runlens {

// Like a vector of numbers, but it grows in spare memory while it is small, and by realloc, which moves a block by
// remapping its pages, when it is large.
template <typename T>
class Column {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Column() noexcept = default;
  Column(Column&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Column& operator=(Column&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  Column(const Column&) = delete;
  Column& operator=(const Column&) = delete;
  ~Column() { SpareMemory::of_this_thread().give(data_, capacity_ * sizeof(T)); }

  void push_back(T value) {
    if (size_ == capacity_) grow();
    data_[size_++] = value;
  }

  void reserve(std::size_t capacity) {
    if (capacity == 0) capacity = 1;
    auto* moved = static_cast<T*>(std::realloc(data_, capacity * sizeof(T)));
    if (moved == nullptr) throw std::bad_alloc();
    data_ = moved;
    capacity_ = capacity;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  T* data() noexcept { return data_; }
  const T* begin() const noexcept { return data_; }
  const T* end() const noexcept { return data_ + size_; }

  // Gives the block away; free it with std::free.
  T* release() noexcept {
    size_ = capacity_ = 0;
    return std::exchange(data_, nullptr);
  }

 private:
  void grow() {
    const std::size_t capacity = capacity_ == 0 ? 16 : capacity_ * 2;
    if (capacity * sizeof(T) > SpareMemory::largest || !std::has_single_bit(capacity)) return reserve(capacity);
    SpareMemory& spare = SpareMemory::of_this_thread();
    auto* larger = static_cast<T*>(spare.take(capacity * sizeof(T)));
    if (size_ > 0) std::memcpy(larger, data_, size_ * sizeof(T));
    spare.give(data_, capacity_ * sizeof(T));
    data_ = larger;
    capacity_ = capacity;
  }

  T* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace runlens
