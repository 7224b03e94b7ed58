#include "sources/trail/archive.h"

#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <utility>

#include "core/each.h"
#include "sources/trail/layout.h"

namespace wiretight::trail {
namespace {

// Files that wait for an earlier one to be counted.
constexpr std::size_t most_waiting = 256;

// Brings what several threads read into the order of the files. The thread that has the first file of all that are not
// counted yet never waits, so the others wait for a while at most.
class InFileOrder {
 public:
  using Count = std::function<void(std::size_t file, Part& part)>;
  using Finish = std::function<void(std::size_t file, FileResult& result)>;

  InFileOrder(Count count, Finish finish) : count_(std::move(count)), finish_(std::move(finish)) {}

  // A part of a file that goes on.
  void part(std::size_t file, Part part) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return file == next_; });
    count_(file, part);
  }

  // The rest of it.
  void finish(std::size_t file, FileResult result) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return file == next_ || waiting_.size() < most_waiting; });
    waiting_.emplace(file, std::move(result));
    const std::size_t before = next_;
    for (auto first = waiting_.begin(); first != waiting_.end() && first->first == next_; first = waiting_.begin()) {
      count_(first->first, first->second.part);
      finish_(first->first, first->second);
      waiting_.erase(first);
      ++next_;
    }
    if (next_ != before) changed_.notify_all();
  }

 private:
  Count count_;
  Finish finish_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::size_t, FileResult> waiting_ = {};
  std::size_t next_ = 0;
};

}  // namespace

bool Archive::add(const std::vector<LogObject>& objects, const Read& read, const WantsDigest& wants_digest) {
  InFileOrder order(
      [&](std::size_t file, Part& part) {
        repeated_.begin_folder(folder_of(objects[file].name));
        tally_.add(part, objects[file].name, repeated_);
      },
      [&](std::size_t file, FileResult& result) { read(objects[file], result); });
  std::mutex guard;
  const auto reader = [&]() -> std::unique_ptr<FileReader> {
    const std::lock_guard lock(guard);
    if (idle_.empty()) return std::make_unique<FileReader>(request_.scope);
    std::unique_ptr<FileReader> one = std::move(idle_.back());
    idle_.pop_back();
    return one;
  };
  each(objects.size(), request_.jobs, [&](std::size_t file) {
    FileResult result{.problem = "was not read: the scan was interrupted"};
    if (!interrupted()) {
      try {
        std::unique_ptr<FileReader> one = reader();
        result = one->read(objects[file].path, objects[file].name, wants_digest(objects[file]),
                           [&](Part part) { order.part(file, std::move(part)); });
        const std::lock_guard lock(guard);
        idle_.push_back(std::move(one));
      } catch (const std::exception&) {
        result = {.problem = "there was not enough memory to read it"};
      }
    }
    order.finish(file, std::move(result));
  });
  return !interrupted();
}

}  // namespace wiretight::trail
