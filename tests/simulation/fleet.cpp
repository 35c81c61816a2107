/// A crowd of clients, each a real core, whose sessions all end as their backend goes down for ten minutes. What load meets
/// the backend when it returns, and how long until everything is delivered? Beside it the same crowd without jitter, and
/// what full jitter promises in theory, computed without the core.
///
///   fleet [--clients N] [--seed N]        prints one JSON object
#include "chance.hpp"

#include "core/limits.hpp"
#include "core/reduce.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <queue>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace {

using namespace linktrail;
using simulation::Chance;

struct Crowd {
  std::size_t clients = 100'000;
  std::uint64_t seed = 1;
  std::int64_t burst_ms = 10'000;
  std::int64_t outage_ms = 600'000;
  std::int64_t capacity_per_s = 500;
  std::int64_t latency_ms = 50;
  std::int64_t horizon_ms = std::int64_t{4} * 3'600'000;
};

/// Answers 503 while it is down, and whenever a second has brought more than it can take.
class Backend {
 public:
  explicit Backend(const Crowd& crowd) : crowd_(crowd), load_(static_cast<std::size_t>(crowd.horizon_ms / 1'000) + 1) {}

  bool takes(std::int64_t at_ms) {
    const auto second = static_cast<std::size_t>(at_ms / 1'000);
    if (second >= load_.size()) return false;
    const std::int64_t load = ++load_[second];
    if (at_ms < crowd_.outage_ms || load > crowd_.capacity_per_s) return false;
    ++taken_;
    last_ms_ = at_ms;
    return true;
  }
  [[nodiscard]] const std::vector<std::int64_t>& load() const { return load_; }
  [[nodiscard]] std::int64_t taken() const { return taken_; }
  [[nodiscard]] std::int64_t last_ms() const { return last_ms_; }
  [[nodiscard]] std::int64_t peak_after_outage() const {
    const auto returned = load_.begin() + static_cast<std::ptrdiff_t>(crowd_.outage_ms / 1'000);
    return *std::max_element(returned, load_.end());
  }
  /// Only the seconds up to the last request matter.
  void trim() {
    while (load_.size() > 1 && load_.back() == 0) load_.pop_back();
  }

 private:
  const Crowd& crowd_;
  std::vector<std::int64_t> load_;
  std::int64_t taken_ = 0;
  std::int64_t last_ms_ = 0;
};

struct Happening {
  std::int64_t at_ms = 0;
  std::uint32_t client = 0;
  /// 0: the session ends; 1: a deadline, `number` tells which; 2: the answer to request `number`.
  int kind = 0;
  std::uint32_t number = 0;
  int status = 0;
  bool operator>(const Happening& other) const { return at_ms > other.at_ms; }
};
using Agenda = std::priority_queue<Happening, std::vector<Happening>, std::greater<>>;

struct Client {
  State state{};
  std::uint32_t deadline = 0;
  std::uint64_t events = 0;
};

class Fleet {
 public:
  Fleet(const Crowd& crowd, Backend& backend) : crowd_(crowd), backend_(backend), clients_(crowd.clients) {}

  void live() {
    for (std::uint32_t i = 0; i < clients_.size(); ++i) {
      Chance chance(simulation::mixed(crowd_.seed) + i);
      const std::int64_t at_ms = chance.between(0, crowd_.burst_ms - 1);
      tell(i, at_ms, Started{.scope = {"scope"}, .page = {"p" + std::to_string(i)}, .client_version = "0", .has_locks = true});
      tell(i, at_ms, HeadersResolved{});
      agenda_.push({.at_ms = at_ms, .client = i});
    }
    while (!agenda_.empty() && agenda_.top().at_ms < crowd_.horizon_ms) {
      const Happening next = agenda_.top();
      agenda_.pop();
      if (next.kind == 0)
        tell(next.client, next.at_ms, LinkSucceeded{.id = LinkSessionId{"idv_" + std::to_string(next.client)}});
      if (next.kind == 1 && clients_[next.client].deadline == next.number) tell(next.client, next.at_ms, Woken{});
      if (next.kind == 2) {
        tell(next.client, next.at_ms, PostAnswered{.post = next.number, .kind = AnswerKind::Response, .status = next.status});
      }
    }
  }

 private:
  void tell(std::uint32_t number, std::int64_t at_ms, const Event& event) {
    Client& client = clients_[number];
    const Moment now{.wall_ms = 1'768'471'200'000 + at_ms,
                     .monotonic_ms = at_ms,
                     .entropy = simulation::mixed(crowd_.seed * 1'000'003 + number * 4'099ULL + ++client.events)};
    Transition transition = reduce(std::move(client.state), event, now);
    client.state = std::move(transition.state);
    for (const Effect& effect : transition.effects) {
      if (const auto* wake = std::get_if<WakeAfter>(&effect)) {
        agenda_.push({.at_ms = at_ms + wake->delay_ms, .client = number, .kind = 1, .number = ++client.deadline});
      } else if (const auto* post = std::get_if<Post>(&effect)) {
        const bool is_taken = backend_.takes(at_ms);
        agenda_.push({.at_ms = at_ms + crowd_.latency_ms,
                      .client = number,
                      .kind = 2,
                      .number = post->post,
                      .status = is_taken ? 200 : 503});
      }
    }
  }

  const Crowd& crowd_;
  Backend& backend_;
  std::vector<Client> clients_;
  Agenda agenda_{};
};

/// The ceilings of the core's back-off, written down anew: what is measured must not be compared with itself.
std::int64_t ceiling_ms(std::int64_t failures) {
  std::int64_t ceiling = limits::backoff_first_ms;
  for (std::int64_t i = 1; i < failures && ceiling < limits::backoff_ms_max; ++i) ceiling *= 2;
  return std::min(ceiling, limits::backoff_ms_max);
}

/// The same crowd as formulas: each waits its ceiling, or anything up to it.
void live_by_formula(const Crowd& crowd, Backend& backend, bool has_jitter, std::uint64_t seed) {
  Agenda agenda;
  std::vector<std::int64_t> failures(crowd.clients, 0);
  Chance dice(seed);
  for (std::uint32_t i = 0; i < crowd.clients; ++i) {
    Chance chance(simulation::mixed(crowd.seed) + i);
    agenda.push({.at_ms = chance.between(0, crowd.burst_ms - 1), .client = i});
  }
  while (!agenda.empty() && agenda.top().at_ms < crowd.horizon_ms) {
    const Happening next = agenda.top();
    agenda.pop();
    if (backend.takes(next.at_ms)) continue;
    const std::int64_t most_ms = ceiling_ms(++failures[next.client]);
    const std::int64_t wait_ms = has_jitter ? dice.between(0, most_ms) : most_ms;
    agenda.push({.at_ms = next.at_ms + crowd.latency_ms + wait_ms, .client = next.client});
  }
}

/// The highest load per second, averaged over several crowds, that full jitter is expected to bring after the outage.
double theoretical_peak(const Crowd& crowd) {
  constexpr int crowds = 5;
  constexpr std::size_t window = 10;
  std::vector<double> sums(static_cast<std::size_t>(crowd.horizon_ms / 1'000) + 1);
  for (int i = 0; i < crowds; ++i) {
    Backend backend(crowd);
    live_by_formula(crowd, backend, true, 1'000 + static_cast<std::uint64_t>(i));
    for (std::size_t second = 0; second < sums.size(); ++second) {
      sums[second] += static_cast<double>(backend.load()[second]) / crowds;
    }
  }
  double peak = 0;
  for (auto second = static_cast<std::size_t>(crowd.outage_ms / 1'000); second + window < sums.size(); ++second) {
    double mean = 0;
    for (std::size_t i = 0; i < window; ++i) mean += sums[second + i] / static_cast<double>(window);
    peak = std::max(peak, mean);
  }
  return peak;
}

void print(std::string_view name, Backend& backend) {
  backend.trim();
  std::cout << '"' << name << R"(": {"delivered": )" << backend.taken() << R"(, "peak": )" << backend.peak_after_outage()
            << R"(, "done_ms": )" << backend.last_ms() << R"(, "load": [)";
  for (std::size_t i = 0; i < backend.load().size(); ++i) std::cout << (i == 0 ? "" : ",") << backend.load()[i];
  std::cout << "]}";
}

}  // namespace

int main(int argc, char** argv) {
  Crowd crowd;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    const auto number = std::strtoull(argv[i + 1], nullptr, 10);
    if (word == "--clients") crowd.clients = static_cast<std::size_t>(number);
    if (word == "--seed") crowd.seed = number;
  }
  const auto began = std::chrono::steady_clock::now();
  Backend with_core(crowd);
  Fleet fleet(crowd, with_core);
  fleet.live();
  Backend without_jitter(crowd);
  live_by_formula(crowd, without_jitter, false, 7);
  const double peak_in_theory = theoretical_peak(crowd);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();

  std::cout << "{\"clients\": " << crowd.clients << ", \"capacity\": " << crowd.capacity_per_s
            << ", \"outage_ms\": " << crowd.outage_ms << ", \"burst_ms\": " << crowd.burst_ms
            << ", \"theory_peak\": " << peak_in_theory << ", \"seconds\": " << seconds << ", ";
  print("core", with_core);
  std::cout << ", ";
  print("plain", without_jitter);
  std::cout << "}\n";
  const bool is_whole = with_core.taken() == static_cast<std::int64_t>(crowd.clients);
  const bool is_gentle = static_cast<double>(with_core.peak_after_outage()) <= 1.5 * peak_in_theory;
  return is_whole && is_gentle ? 0 : 1;
}
