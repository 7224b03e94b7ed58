#include "app/trail.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "app/complain.h"
#include "core/file.h"
#include "core/prose.h"
#include "engine/catalogue.h"

namespace wiretight {
namespace {

constexpr std::uint64_t longest_partial = std::uint64_t{1} << 30;

Outcome<void> put(const std::string& text, const std::string& output, Ports& ports) {
  if (!output.empty()) return write_file(output, text);
  if (ports.out.write(text) == Stream::Written::failed) return failure("cannot be written", "standard output");
  return {};
}

// Writes it, and says how much of the evidence is missing.
Outcome<Exit> finish(const trail::Partial& partial, const TrailRequest& request, Ports& ports) {
  if (const Outcome<void> written = put(to_text(partial), request.output, ports); !written)
    return std::unexpected(written.error());
  if (partial.gaps.empty()) return Exit::fine;
  const Gap& first = partial.gaps.front();
  complain({.what = fmt::format("{} could not be wholly read; the first: {}", count_of(partial.gaps.size(), "file"),
                                first.message),
            .where = first.place},
           ports.error);
  return Exit::incomplete;
}

}  // namespace

Outcome<Exit> trail_worker(const TrailRequest& request, Ports& ports) {
  ports.listen_to_signals();
  const trail::Request asked{.scope = request.scope, .jobs = request.jobs, .interrupted = &ports.interrupted};
  const Outcome<trail::Partial> partial = trail::work(ports.in, request.shard, asked, std::string(version()));
  if (!partial && ports.interrupted) {
    complain(partial.error(), ports.error);
    return Exit::incomplete;
  }
  if (!partial) return std::unexpected(partial.error());
  return finish(*partial, request, ports);
}

Outcome<Exit> trail_merge(const TrailRequest& request, Ports& ports) {
  std::vector<std::pair<std::string, trail::Partial>> partials;
  for (const std::string& path : request.partials) {
    const Outcome<std::string> text = read_file(path, longest_partial);
    if (!text) return std::unexpected(text.error());
    Outcome<trail::Partial> partial = trail::partial_from(*text);
    if (!partial) return failure(partial.error().what, path);
    partials.emplace_back(path, std::move(*partial));
  }
  // Those that hold most first, so that what is in them already is told as such.
  std::ranges::sort(partials, std::ranges::greater{}, [](const auto& one) { return one.second.folders.size(); });
  trail::Partial merged = std::move(partials.front().second);
  for (std::size_t at = 1; at < partials.size(); ++at) {
    const Outcome<void> done = merged.merge(partials[at].second);
    if (!done) return failure(done.error().what, partials[at].first);
  }
  return finish(merged, request, ports);
}

Outcome<Exit> trail_sql(const TrailRequest& request, Ports& ports) {
  const Outcome<void> written =
      put(trail::sql(request.dialect, request.table, request.location), request.output, ports);
  if (!written) return std::unexpected(written.error());
  return Exit::fine;
}

}  // namespace wiretight
