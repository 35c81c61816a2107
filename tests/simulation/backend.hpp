/// The customer's backend as the guide asks for it: every key takes effect once, and no report undoes a stronger one.
#pragma once

#include "core/report.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace linktrail::simulation {

/// How much a report says. Comparable also between reports that no single page has seen together.
struct Rank {
  int flow = 0;
  bool is_decided = false;
  std::int64_t decided_at_ms = 0;
  int outcome = 0;
  bool operator==(const Rank&) const = default;
  friend bool operator<(const Rank& a, const Rank& b) {
    if (a.flow != b.flow) return a.flow < b.flow;
    if (a.is_decided != b.is_decided) return b.is_decided;
    if (a.decided_at_ms != b.decided_at_ms) return a.decided_at_ms < b.decided_at_ms;
    return a.outcome < b.outcome;
  }
};

/// `has_times` is false in lives in which a session has one outcome only: its time then decides nothing, and may be the
/// device's.
[[nodiscard]] inline Rank rank_of(const Report& report, bool has_times) {
  const bool is_decided = report.outcome != Outcome::Unknown;
  return {.flow = static_cast<int>(report.flow),
          .is_decided = is_decided,
          .decided_at_ms = has_times && is_decided ? report.occurred_at_ms : 0,
          .outcome = static_cast<int>(report.outcome)};
}

class Backend {
 public:
  struct Entry {
    Rank best{};
    Outcome outcome = Outcome::Unknown;
    std::set<std::string> keys{};
  };

  void take(const Report& report, const Rank& rank) {
    ++requests;
    Entry& entry = entries[report.id.value];
    if (!entry.keys.insert(report.key.value).second) {
      ++repetitions;
      // One key means one thing. A page that was told only the last of two equal outcomes dates it later, and says no more.
      if (report.outcome == entry.outcome) entry.best = std::max(entry.best, rank);
      return;
    }
    if (entry.best < rank) {
      entry.best = rank;
      entry.outcome = report.outcome;
    }
  }

  std::map<std::string, Entry> entries{};
  std::int64_t requests = 0;
  std::int64_t repetitions = 0;
  /// Requests whose login is older than this are refused with 401.
  std::int64_t login_epoch = 0;
};

}  // namespace linktrail::simulation
