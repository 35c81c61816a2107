/// A browser with its tabs, its places of storage, its network and a backend behind it, in which the real core lives one
/// life. The pages' hands do what web/src does, in the same order; time is a number that only this file moves.
#pragma once

#include "backend.hpp"
#include "chance.hpp"
#include "life.hpp"
#include "promises.hpp"

#include "core/encode.hpp"
#include "core/reduce.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace linktrail::simulation {

struct Violation {
  std::string what{};
  std::int64_t at_ms = 0;
};

struct Counts {
  std::int64_t lives = 0;
  std::int64_t steps = 0;
  std::int64_t pages = 0;
  std::int64_t requests = 0;
  std::int64_t repetitions = 0;
  std::int64_t sessions = 0;
  void add(const Counts& other) {
    lives += other.lives;
    steps += other.steps;
    pages += other.pages;
    requests += other.requests;
    repetitions += other.repetitions;
    sessions += other.sessions;
  }
};

/// One stored text. A callback that was journaled is kept as the value it is.
struct Item {
  std::string text{};
  std::string session{};
  Rank rank{};
  std::shared_ptr<const Event> callback{};
  std::int64_t wall_ms = 0;
};
using Shelf = std::map<std::string, Item>;
using Found = std::vector<std::pair<std::string, Item>>;

class World {
 public:
  /// `trace` receives a line for everything that happens; may be empty.
  World(const Life& life, JitterTally& jitter, std::function<void(const std::string&)> trace);
  /// Lives the whole life and the time after it, in which all is mended.
  [[nodiscard]] std::optional<Violation> run();
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  struct Arrival {
    Event event{};
    std::int64_t wall_ms = 0;
    std::optional<std::int64_t> asked_wait_ms{};
  };
  struct Request {
    int page = 0;
    bool outlives = false;
    bool has_arrived = false;
    bool is_answered = false;
    std::size_t bytes = 0;
    std::optional<Report> report{};
    std::int64_t login_epoch = 0;
    std::uint32_t post = 0;
    std::int64_t owner = 0;
    bool escapes = false;
  };
  struct Page {
    int serial = 0;
    int tab = 0;
    std::int64_t owner = 0;
    State state{};
    Ledger ledger{};
    bool is_alive = true;
    bool is_loaded = false;
    bool is_frozen = false;
    bool is_disposed = false;
    bool is_hidden = false;
    bool is_draining = false;
    bool is_change_coming = false;
    std::int64_t born_ms = 0;
    std::int64_t monotonic_zero_ms = 0;
    std::deque<Arrival> inbox{};
    std::vector<std::function<void()>> deferred{};
    std::uint64_t events = 0;
    std::int64_t timer = 0;
    bool is_timer_armed = false;
    Shelf memory{};
    std::set<std::string> own_keys{};
    std::set<std::string> awaited{};
    bool holds = false;
    std::int64_t holding = 0;
    /// Own records that end with the tab or the page.
    std::set<std::string> weak_keys{};
    /// The texts under which each record of another page was offered.
    std::map<std::string, std::set<std::string>> offered{};
    std::int64_t mirror_free_at_ms = 0;
    bool has_headers = false;
    bool is_resolving = false;
    std::int64_t login_epoch = -1;
    std::vector<Post> unsent{};
    std::size_t keepalive_bytes = 0;
    std::size_t keepalive_requests = 0;
    std::vector<std::string> journal{};
    /// How far the core of this page has come with each session.
    std::map<std::string, Rank> known{};
  };
  struct Tab {
    Shelf session{};
    int page = -1;
    std::optional<int> cached{};
  };
  struct Waiter {
    int page = 0;
    bool is_holder = false;
    bool is_granted = false;
  };
  struct Pending {
    std::int64_t at_ms = 0;
    std::uint64_t order = 0;
    std::function<void()> run{};
    bool operator<(const Pending& other) const { return at_ms != other.at_ms ? at_ms > other.at_ms : order > other.order; }
  };

  // Time.
  void after(std::int64_t delay_ms, std::function<void()> run);
  /// Runs in a page's own time: never when it is gone, later when it is frozen.
  void in_page(int serial, std::int64_t delay_ms, std::function<void(Page&)> run);
  void pass_until(std::int64_t until_ms);
  [[nodiscard]] std::int64_t wall_ms() const;
  [[nodiscard]] Page& page(int serial) { return *pages_[static_cast<std::size_t>(serial)]; }

  // Pages.
  int open(int tab, std::int64_t owner);
  void leave(int tab);
  void end(Page& target, bool is_graceful);
  void freeze(int tab);
  void restore(int tab);
  void kill();
  void signal(Page& target, PageSignal what);
  void load(Page& target);
  void clear_journal(Page& target);

  // The shim's hands.
  void tell(Page& target, Event event);
  void arrive(Page& target, Arrival arrival);
  void drain(Page& target);
  void handle(Page& target, const Arrival& arrival);
  void run_effect(Page& target, const Effect& effect);
  void erase_record(Page& target, const StorageKey& key);
  Durability put(Page& target, const std::string& key, Item item);
  void remove(Page& target, const std::string& key);
  static void note_offered(Page& target, const std::list<FoundRecord>& records);
  void remove_prefix(Page& target, const std::string& prefix);
  /// The other pages of the browser hear of it.
  void tell_forgotten(const Page& target, const ErasePrefix& forgotten);
  [[nodiscard]] Found entries(const Page& target) const;
  void to_mirror(Page& target, std::function<void(Page&)> apply);
  void read_mirror(Page& target, std::function<void(Page&, const Found&)> use);
  void scan(Page& target);
  void offer(Page& target, const Found& stored);
  void adopt(Page& target, const std::string& other);
  void take_over(Page& target, const std::string& other, const Found& stored);
  void replay(Page& target, const std::string& prefix, const Found& stored);
  void hold(Page& target);
  void release(Page& target);
  void release_soon(Page& target);
  void request_lock(const std::string& name, int serial, bool is_holder);
  void free_lock(const std::string& name, int serial, bool is_holder);
  void grant(const std::string& name);
  void resolve_headers(Page& target);
  void post(Page& target, const Post& effect);
  void send(Page& target, const Post& effect);
  void answer(const std::shared_ptr<Request>& request, Event event, std::optional<std::int64_t> asked_wait_ms);
  /// The body of a 2xx answer, which comes behind its status line, sometimes late, and may say nothing.
  void tell_verdict(const Request& request);
  /// Whether the request got there and was taken; false when its login had expired.
  bool reach_backend(const std::shared_ptr<Request>& request);
  void answer_status(const std::shared_ptr<Request>& request, std::int64_t detail, bool has_date);
  void write_changed(Page& writer);
  void flush_to_disk();

  // The life.
  void act(const Action& action);
  void call(const Action& action);
  void receive(Page& target, const Event& event, std::int64_t session);
  void live_on();

  // Promises that need the whole world.
  /// The strongest report of a session that anything still holds.
  [[nodiscard]] Rank surviving(const std::string& session) const;
  [[nodiscard]] Rank surviving_crash(const std::string& session) const;
  /// Only what came from outside may take a report away.
  void check_survival(const std::string& session);
  void lower_survival();
  void take_writes_again();
  void check_knowledge(Page& target, const std::string& id);
  void check_not_stuck(Page& target);
  void check_backend();
  void fail(std::string what);
  void say(const std::string& line) const;

  [[nodiscard]] Chance chance_for(std::uint64_t a, std::uint64_t b) const;

  const Life& life_;
  const Setup& setup_;
  JitterTally& jitter_;
  std::function<void(const std::string&)> trace_;
  std::optional<Violation> violation_{};
  Counts counts_{};

  std::int64_t now_ms_ = 0;
  std::int64_t wall_shift_ms_ = 0;
  std::uint64_t order_ = 0;
  std::vector<Pending> pending_{};
  std::vector<std::unique_ptr<Page>> pages_{};
  std::vector<Tab> tabs_{};

  Shelf local_{};
  Shelf local_on_disk_{};
  bool is_flush_planned_ = false;
  Shelf mirror_{};
  bool local_refuses_ = false;
  bool session_refuses_ = false;
  std::int64_t disk_alone_until_ms_ = 0;
  bool mirror_fails_ = false;
  bool is_online_ = true;
  std::map<std::string, std::deque<Waiter>> locks_{};
  Action weather_{};
  std::int64_t weather_ends_ms_ = 0;
  bool is_mended_ = false;
  /// While true, what is removed was given up visibly, forgotten, or is another owner's and too old.
  bool may_fall_ = false;

  Backend backend_{};
  KeyBook keys_{};
  std::map<std::string, Rank> required_{};
  std::map<std::string, Rank> required_on_crash_{};
  std::set<std::string> told_{};
  std::set<std::string> forgotten_{};
  std::set<std::string> told_completed_{};
  std::map<std::string, std::set<Outcome>> told_outcomes_{};
  bool has_nameless_success_ = false;
  std::uint64_t requests_started_ = 0;
  std::uint64_t bodies_ = 0;
};

}  // namespace linktrail::simulation
