#include "sources/endpoint/enumerate.h"

#include <algorithm>

namespace wiretight::endpoint {

namespace {

// wolfSSL takes no hello with more than 150 suites.
constexpr std::size_t chunk_size = 96;

using Codes = std::vector<std::uint16_t>;

std::vector<Codes> chunks_of(std::span<const std::uint16_t> codes) {
  std::vector<Codes> chunks;
  for (std::size_t start = 0; start < codes.size(); start += chunk_size) {
    const auto chunk = codes.subspan(start, std::min(chunk_size, codes.size() - start));
    chunks.emplace_back(chunk.begin(), chunk.end());
  }
  return chunks;
}

net::Task<void> split(net::Wire& wire, Codes codes, const Offer& offer, Enumeration& found) {
  if (codes.empty()) co_return;
  const Choice choice = co_await offer(codes);
  if (!choice.conclusive) found.complete = false;
  if (!choice.code || std::erase(codes, *choice.code) == 0) co_return;
  found.accepted.push_back(*choice.code);
  const auto middle = codes.begin() + static_cast<std::ptrdiff_t>(codes.size() / 2);
  Tasks halves(wire);
  halves.start(split(wire, Codes(codes.begin(), middle), offer, found));
  halves.start(split(wire, Codes(middle, codes.end()), offer, found));
  co_await halves.done();
}

net::Task<void> eliminate(Codes codes, const Offer& offer, Enumeration& found) {
  while (!codes.empty()) {
    const Choice choice = co_await offer(codes);
    if (!choice.conclusive) found.complete = false;
    if (!choice.code || std::erase(codes, *choice.code) == 0) co_return;
    found.accepted.push_back(*choice.code);
  }
}

}  // namespace

net::Task<Enumeration> enumerate(net::Wire& wire, std::span<const std::uint16_t> likely,
                                 std::span<const std::uint16_t> rest, const Offer& offer, bool few_connections) {
  Enumeration found;
  Codes all(likely.begin(), likely.end());
  all.insert(all.end(), rest.begin(), rest.end());
  if (few_connections) {
    for (const Codes& chunk : chunks_of(all)) co_await eliminate(chunk, offer, found);
  } else {
    Tasks tasks(wire);
    for (const std::uint16_t code : likely) tasks.start(split(wire, {code}, offer, found));
    for (const Codes& chunk : chunks_of(rest)) tasks.start(split(wire, chunk, offer, found));
    co_await tasks.done();
  }
  const auto place = [&](std::uint16_t code) { return std::ranges::find(all, code) - all.begin(); };
  std::ranges::sort(found.accepted, {}, place);
  co_return found;
}

}  // namespace wiretight::endpoint
