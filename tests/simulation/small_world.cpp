#include "small_world.hpp"

#include "chance.hpp"

#include "core/limits.hpp"
#include "core/record.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <variant>

namespace linktrail::simulation {
namespace {

constexpr std::int64_t wall_ms = 1'768'471'200'000;
/// Where every page's own clock stands; far enough from zero that what is past can be told from what is now.
constexpr std::int64_t monotonic_ms = 1'000'000;
constexpr std::int64_t past_ms = monotonic_ms - 10'000;
const LinkSessionId session{"idv_one"};
const Scope scope{"scope"};

constexpr std::array<std::string_view, 5> call_names{"create", "pass", "fail", "success", "exit"};
constexpr std::array<std::string_view, 7> fate_names{"arrives",    "acknowledged",  "undecided", "lost",
                                                     "overloaded", "login expired", "vanishes"};
constexpr std::array<std::string_view, 11> move_names{"open", "call",  "deadline",        "crash",  "close",  "reload",
                                                      "fate", "adopt", "storage refuses", "freeze", "restore"};

LinkEmitted emitted(EventName name, std::string_view wire, std::int64_t at_ms) {
  LinkEmitted event{.name = name, .wire_name = std::string(wire), .id = session, .timestamp_ms = wall_ms + at_ms};
  Fingerprint fingerprint;
  fingerprint.add(wire);
  event.fingerprint = fingerprint.value();
  return event;
}

Event event_of(Call call) {
  switch (call) {
    case Call::Create: return emitted(EventName::CreateSession, "IDENTITY_VERIFICATION_CREATE_SESSION", 0);
    // One second is all that Link's times may resolve: both outcomes carry the same.
    case Call::Pass: return emitted(EventName::PassSession, "IDENTITY_VERIFICATION_PASS_SESSION", 1'000);
    case Call::Fail: return emitted(EventName::FailSession, "IDENTITY_VERIFICATION_FAIL_SESSION", 1'000);
    case Call::Success: return LinkSucceeded{.id = session};
    case Call::Exit: return LinkExited{.id = session};
  }
  return Woken{};
}

std::string page_of(const std::string& key) {
  const StorageKey named{key};
  const auto address = read_storage_key(named);
  return address ? std::string(address->page) : std::string();
}

/// Two independent 64-bit sums: with a few million states, two that differ share a digest once in 10^25 searches.
class Hasher {
 public:
  void add(std::uint64_t value) {
    high_ = mixed(high_ ^ value);
    low_ = (low_ ^ mixed(value + 0x51ed270b9f2c1a35ULL)) * 0x9fb21c651e98df25ULL;
    low_ ^= low_ >> 28;
  }
  void add(std::int64_t value) { add(static_cast<std::uint64_t>(value)); }
  void add(bool value) { add(static_cast<std::uint64_t>(value)); }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    std::uint64_t word = 0;
    int bytes = 0;
    for (const char c : text) {
      word = word << 8 | static_cast<unsigned char>(c);
      if (++bytes % 8 == 0) add(std::exchange(word, 0));
    }
    add(word);
  }
  void add(const Rank& rank) {
    add(std::int64_t{rank.flow} * 64 + std::int64_t{rank.outcome} * 2 + (rank.is_decided ? 1 : 0));
    add(rank.decided_at_ms);
  }
  [[nodiscard]] Digest digest() const { return {.high = high_, .low = low_}; }

 private:
  std::uint64_t high_ = 0x243f6a8885a308d3ULL;
  std::uint64_t low_ = 0x13198a2e03707344ULL;
};

/// Everything of a record that decides what happens next.
void add(Hasher& hasher, const Record& record) {
  hasher.add(record.report.key.value);
  hasher.add(static_cast<std::int64_t>(record.report.id_source));
  hasher.add(record.report.occurred_at_ms);
  hasher.add(record.report.exit.has_value());
  hasher.add(record.key.value);
  hasher.add(static_cast<std::int64_t>(record.state));
  for (const std::int64_t value : {record.due_ms, record.floor_ms, record.attempts, record.failures, record.reauthorizations,
                                   static_cast<std::int64_t>(record.post), static_cast<std::int64_t>(record.durability),
                                   static_cast<std::int64_t>(record.last_status.value_or(0))}) {
    hasher.add(value);
  }
  hasher.add(record.is_keepalive);
  hasher.add(record.refusal_told);
  for (const StorageKey& key : record.former_keys) hasher.add(key.value);
}

void add(Hasher& hasher, const State& state) {
  hasher.add(state.page.value);
  hasher.add(static_cast<std::uint64_t>(state.sessions.size()));
  for (const Session& known : state.sessions) {
    for (const Mark& mark : known.marks) hasher.add(mark.fingerprint);
    hasher.add(known.has_succeeded);
    hasher.add(known.exit.has_value());
    hasher.add(known.was_resumed);
    hasher.add(known.undeliverable_told);
    hasher.add(static_cast<std::int64_t>(known.id_source));
    hasher.add(static_cast<std::int64_t>(known.reported.flow) * 16 + static_cast<std::int64_t>(known.reported.outcome));
  }
  hasher.add(static_cast<std::uint64_t>(state.outbox.size()));
  for (const Record& record : state.outbox) add(hasher, record);
  for (const Receipt& receipt : state.settled) {
    hasher.add(receipt.key.value);
    hasher.add(static_cast<std::int64_t>(receipt.state));
  }
  for (const Record& asked : state.asked) add(hasher, asked);
  hasher.add(static_cast<std::int64_t>(state.inquiry.milestone.flow) * 64 +
             static_cast<std::int64_t>(state.inquiry.milestone.outcome) * 16 +
             static_cast<std::int64_t>(state.inquiry.verdict));
  hasher.add(state.inquiry.is_heard);
  hasher.add(state.inquiry.began_ms);
  hasher.add(state.is_hidden);
  hasher.add(static_cast<std::uint64_t>(state.in_flight.size()));
  for (const InFlight& entry : state.in_flight) {
    hasher.add(static_cast<std::uint64_t>(entry.post));
    hasher.add(entry.key.value);
  }
  hasher.add(state.endpoint_floor_ms);
  hasher.add(state.is_resolving_headers);
  hasher.add(state.scan_at_ms.value_or(0));
  hasher.add(state.wake_at_ms.value_or(0));
}

/// `time` moves towards the past by `step_ms`; what is long past stays where it is.
void move_back(std::int64_t& time_ms, std::int64_t step_ms) { time_ms = std::max(past_ms, time_ms - step_ms); }
void move_back(std::optional<std::int64_t>& time_ms, std::int64_t step_ms) {
  if (time_ms) move_back(*time_ms, step_ms);
}

void move_back(State& state, Ledger& ledger, std::int64_t step_ms) {
  for (Session& known : state.sessions) move_back(known.first_heard_ms, step_ms);
  for (Record& record : state.outbox) {
    move_back(record.due_ms, step_ms);
    move_back(record.floor_ms, step_ms);
    // Shown to the page, and decides nothing.
    record.due_wall_ms = 0;
  }
  for (Record& asked : state.asked) {
    move_back(asked.due_ms, step_ms);
    move_back(asked.floor_ms, step_ms);
    asked.due_wall_ms = 0;
  }
  move_back(state.inquiry.began_ms, step_ms);
  move_back(state.endpoint_floor_ms, step_ms);
  move_back(state.scan_at_ms, step_ms);
  move_back(state.renew_at_ms, step_ms);
  move_back(state.wake_at_ms, step_ms);
  move_back(ledger.floor_ms, step_ms);
  for (auto& [key, delivered] : ledger.delivered) move_back(delivered.earliest_ms, step_ms);
  for (auto& [id, floor_ms] : ledger.record_floors_ms) move_back(floor_ms, step_ms);
}

}  // namespace

std::string describe(const Move& move) {
  std::string text(move_names[static_cast<std::size_t>(move.kind)]);
  text += " tab " + std::to_string(move.tab);
  if (move.kind == Move::Kind::Call) text += ' ' + std::string(call_names[static_cast<std::size_t>(move.call)]);
  if (move.kind == Move::Kind::Fate)
    text += " request " + std::to_string(move.which) + ' ' + std::string(fate_names[static_cast<std::size_t>(move.fate)]);
  return text;
}

std::vector<std::string> SmallWorld::orphans() const {
  std::set<std::string> names;
  for (const auto& [key, item] : local_) {
    const std::string name = page_of(key);
    // A frozen page has let its lock go.
    const bool lives = std::any_of(pages_.begin(), pages_.end(), [&](const SmallPage& page) {
      return page.is_open && !page.is_frozen && page.state.page.value == name;
    });
    if (!lives) names.insert(name);
  }
  return {names.begin(), names.end()};
}

std::vector<Move> SmallWorld::moves() const {
  using Kind = Move::Kind;
  std::vector<Move> all;
  const std::size_t orphaned = orphans().size();
  for (int tab = 0; tab < 2; ++tab) {
    const SmallPage& page = pages_[static_cast<std::size_t>(tab)];
    if (!page.is_open) {
      all.push_back({.kind = Kind::Open, .tab = tab});
      continue;
    }
    if (page.is_frozen) {
      all.push_back({.kind = Kind::Restore, .tab = tab});
      all.push_back({.kind = Kind::Crash, .tab = tab});
      continue;
    }
    for (const Call call : {Call::Create, Call::Pass, Call::Fail, Call::Success, Call::Exit}) {
      all.push_back({.kind = Kind::Call, .tab = tab, .call = call});
    }
    for (const Kind kind : {Kind::Crash, Kind::Close, Kind::Reload, Kind::Freeze}) all.push_back({.kind = kind, .tab = tab});
    if (page.state.wake_at_ms) all.push_back({.kind = Kind::Deadline, .tab = tab});
    for (std::size_t i = 0; i < orphaned; ++i) all.push_back({.kind = Kind::Adopt, .tab = tab, .which = i});
  }
  for (std::size_t i = 0; i < flights_.size(); ++i) {
    const Flight& flight = flights_[i];
    const auto may = [&](Fate fate) { all.push_back({.kind = Kind::Fate, .fate = fate, .which = i}); };
    if (!flight.has_arrived) may(Fate::Arrives);
    if (flight.tab < 0) {
      may(Fate::Vanishes);
      continue;
    }
    if (pages_[static_cast<std::size_t>(flight.tab)].is_frozen) continue;
    if (flight.has_arrived) may(Fate::Acknowledged);
    if (flight.has_arrived) may(Fate::Undecided);
    may(Fate::Lost);
    if (!flight.has_arrived) may(Fate::Overloaded);
    if (!flight.has_arrived) may(Fate::LoginExpired);
  }
  if (!refuses_) all.push_back({.kind = Kind::StorageRefuses});
  return all;
}

std::string SmallWorld::unused_name() const {
  for (int number = 0;; ++number) {
    std::string name = "p" + std::to_string(number);
    const std::string part = '/' + name + '/';
    bool is_used = std::any_of(local_.begin(), local_.end(), [&](const auto& entry) { return page_of(entry.first) == name; });
    for (const SmallPage& page : pages_) {
      if (!page.is_open) continue;
      is_used = is_used || page.state.page.value == name;
      for (const Record& record : page.state.outbox) {
        for (const StorageKey& key : record.former_keys) is_used = is_used || key.value.find(part) != std::string::npos;
      }
    }
    if (!is_used) return name;
  }
}

std::optional<std::string> SmallWorld::open(int tab) {
  SmallPage fresh{.is_open = true};
  const std::string name = unused_name();
  pages_[static_cast<std::size_t>(tab)] = std::move(fresh);
  return tell(tab, Started{.scope = scope, .page = {name}, .client_version = "0", .has_locks = true});
}

void SmallWorld::end(int tab) {
  pages_[static_cast<std::size_t>(tab)] = {};
  for (Flight& flight : flights_) {
    if (flight.tab == tab) flight.tab = -1;
  }
}

std::optional<std::string> SmallWorld::tell(int tab, const Event& event) {
  static KeyBook keys;
  static JitterTally jitter;
  SmallPage& page = pages_[static_cast<std::size_t>(tab)];
  const Moment now{.wall_ms = wall_ms, .monotonic_ms = monotonic_ms, .entropy = 1};
  const Before before = remember(page.state);
  Transition transition = reduce(std::move(page.state), event, now);
  page.state = std::move(transition.state);
  std::optional<std::int64_t> asked_wait_ms;
  const auto* answer = std::get_if<PostAnswered>(&event);
  if (answer != nullptr && answer->retry_after == "60") asked_wait_ms = 60'000;
  const simulation::Step step{.before = before,
                              .event = event,
                              .after = page.state,
                              .effects = transition.effects,
                              .now = now,
                              .asked_wait_ms = asked_wait_ms};
  if (auto broken = broken_promise(step, page.ledger, keys, jitter)) return broken;
  return run(tab, transition.effects);
}

std::optional<std::string> SmallWorld::run(int tab, const Effects& effects) {
  SmallPage& page = pages_[static_cast<std::size_t>(tab)];
  std::vector<Event> answers;
  for (const Effect& effect : effects) {
    if (const auto* store = std::get_if<Store>(&effect)) {
      SmallItem item{.text = store->text};
      for (const Record& record : page.state.outbox) {
        if (record.key == store->key) item.rank = rank_of(record.report, true);
      }
      (refuses_ ? page.memory : local_)[store->key.value] = std::move(item);
      answers.emplace_back(RecordStored{.key = store->key, .durability = refuses_ ? Durability::Memory : Durability::Browser});
    } else if (const auto* erase = std::get_if<Erase>(&effect)) {
      const auto stored = local_.find(erase->key.value);
      const bool is_own = page_of(erase->key.value) == page.state.page.value;
      if (stored != local_.end() && (is_own || page.shown[erase->key.value].contains(stored->second.text)))
        local_.erase(stored);
      page.memory.erase(erase->key.value);
    } else if (const auto* post = std::get_if<Post>(&effect)) {
      const auto report = report_in(post->body);
      if (!report) return "a request carries no report";
      flights_.push_back({.tab = tab, .post = post->post, .report = *report});
    } else if (std::holds_alternative<ResolveHeaders>(effect)) {
      answers.emplace_back(HeadersResolved{});
    }
  }
  for (const Event& event : answers) {
    if (auto broken = tell(tab, event)) return broken;
  }
  return std::nullopt;
}

/// Numbers requests anew from 1, so that only their order counts.
void SmallWorld::normalise(int tab) {
  SmallPage& page = pages_[static_cast<std::size_t>(tab)];
  if (!page.is_open) return;
  std::map<std::uint32_t, std::uint32_t> numbers{{0, 0}};
  std::set<std::uint32_t> used;
  for (const InFlight& entry : page.state.in_flight) used.insert(entry.post);
  for (const Flight& flight : flights_) {
    if (flight.tab == tab) used.insert(flight.post);
  }
  for (const Record& record : page.state.outbox) used.insert(record.post);
  for (const Record& asked : page.state.asked) used.insert(asked.post);
  used.erase(0);
  for (const std::uint32_t post : used) numbers.emplace(post, static_cast<std::uint32_t>(numbers.size()));
  for (InFlight& entry : page.state.in_flight) entry.post = numbers[entry.post];
  for (Flight& flight : flights_) {
    if (flight.tab == tab) flight.post = numbers[flight.post];
  }
  for (Record& record : page.state.outbox) {
    record.post = numbers[record.post];
    // Counted for the page to see; one and many are treated alike.
    record.attempts = std::min<std::int64_t>(record.attempts, 1);
  }
  for (Record& asked : page.state.asked) {
    asked.post = numbers[asked.post];
    // As if there were no end to asking; the simulation comes to it.
    asked.attempts = std::min<std::int64_t>(asked.attempts, 1);
  }
  for (auto& [key, delivered] : page.ledger.delivered) {
    const auto known = numbers.find(delivered.newest_post);
    delivered.newest_post = known == numbers.end() ? 0 : known->second;
    delivered.asks = std::min<std::int64_t>(delivered.asks, 1);
    delivered.extra_asks = 0;
  }
  page.state.last_post = static_cast<std::uint32_t>(used.size());
  move_back(page.state, page.ledger, 0);
  page.ledger.found_keys.clear();
  for (const auto& [key, item] : local_) page.ledger.found_keys.insert(key);
  // Another page may have erased it since; that it was found stays true.
  std::map<std::string, std::set<std::string>> shown;
  for (const Record& record : page.state.outbox) {
    for (const StorageKey& former : record.former_keys) {
      page.ledger.found_keys.insert(former.value);
      shown[former.value] = page.shown[former.value];
    }
  }
  page.shown = std::move(shown);
}

std::optional<std::string> SmallWorld::decide(const Move& move) {
  const Flight flight = flights_[move.which];
  if (move.fate == Fate::Arrives) {
    flights_[move.which].has_arrived = true;
    if (backend_keys_.emplace(flight.report.key.value, true).second) {
      backend_ = std::max(backend_, rank_of(flight.report, true));
    }
    return std::nullopt;
  }
  flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(move.which));
  PostAnswered answer{.post = flight.post, .kind = AnswerKind::Response};
  switch (move.fate) {
    case Fate::Arrives:
    case Fate::Vanishes: return std::nullopt;
    case Fate::Acknowledged:
    case Fate::Undecided: answer.status = 200; break;
    case Fate::Lost: answer.kind = AnswerKind::NetworkFailed; break;
    case Fate::Overloaded:
      answer.status = 503;
      answer.retry_after = "60";
      break;
    case Fate::LoginExpired: answer.status = 401; break;
  }
  if (auto broken = tell(flight.tab, answer); broken || move.fate != Fate::Undecided) return broken;
  return tell(flight.tab, VerdictTold{.post = flight.post, .verdict = BackendVerdict::Active});
}

std::optional<std::string> SmallWorld::make(const Move& move) {
  using Kind = Move::Kind;
  const Rank before = surviving(false);
  const Rank before_crash = surviving(true);
  bool may_fall = false;
  std::optional<std::string> broken;
  SmallPage& page = pages_[static_cast<std::size_t>(move.tab)];
  switch (move.kind) {
    case Kind::Open: broken = open(move.tab); break;
    case Kind::Call: broken = tell(move.tab, event_of(move.call)); break;
    case Kind::Deadline: {
      const std::int64_t wait_ms = std::max<std::int64_t>(0, *page.state.wake_at_ms - monotonic_ms);
      move_back(page.state, page.ledger, wait_ms);
      broken = tell(move.tab, Woken{});
      break;
    }
    case Kind::Close:
      broken = tell(move.tab, PageChanged{.signal = PageSignal::Hidden});
      end(move.tab);
      may_fall = true;
      break;
    case Kind::Crash:
      end(move.tab);
      may_fall = true;
      break;
    case Kind::Reload:
      end(move.tab);
      may_fall = true;
      broken = open(move.tab);
      break;
    case Kind::Fate: broken = decide(move); break;
    case Kind::Adopt: {
      const std::string name = orphans()[move.which];
      RecordsFound found{.is_orphaned = true};
      for (const auto& [key, item] : local_) {
        if (page_of(key) != name) continue;
        found.records.push_back({.key = {key}, .text = item.text});
        page.shown[key] = {item.text};
      }
      broken = tell(move.tab, found);
      break;
    }
    case Kind::StorageRefuses: refuses_ = true; break;
    case Kind::Freeze:
      broken = tell(move.tab, PageChanged{.signal = PageSignal::Hidden});
      page.is_frozen = true;
      break;
    case Kind::Restore:
      page.is_frozen = false;
      broken = tell(move.tab, PageChanged{.signal = PageSignal::Restored});
      break;
  }
  for (int tab = 0; tab < 2; ++tab) normalise(tab);
  if (broken || may_fall) return broken;
  if (surviving(false) < before) return "the strongest report was lost";
  if (surviving(true) < before_crash) return "the strongest report survived a crash, and no longer does";
  if (flights_.size() > 64) return "requests pile up";
  return std::nullopt;
}

Rank SmallWorld::surviving(bool is_after_crash) const {
  Rank best = backend_;
  for (const auto& [key, item] : local_) best = std::max(best, item.rank);
  if (is_after_crash) return best;
  for (const SmallPage& page : pages_) {
    for (const Record& record : page.state.outbox) best = std::max(best, rank_of(record.report, true));
  }
  return best;
}

std::optional<std::string> SmallWorld::ends_well() const {
  using Kind = Move::Kind;
  SmallWorld mended = *this;
  mended.refuses_ = false;
  const Rank owed = surviving(false);
  // Deadlines come in turn: a page that asks for its verdict has one without end, and the other's comes all the same.
  int last_woken = 1;
  // Far more than is needed: what does not arrive within these never will.
  for (int round = 0; round < 40; ++round) {
    if (!(mended.backend_ < owed)) return std::nullopt;
    Move next{.kind = Kind::Open, .tab = 0};
    const std::vector<Move> all = mended.moves();
    const auto take_first = [&](auto is_wanted) {
      const auto found = std::find_if(all.begin(), all.end(), is_wanted);
      if (found != all.end()) next = *found;
      return found != all.end();
    };
    // A copy may stay under its old name until a safer one exists: each is offered in turn, and not for ever.
    std::vector<Move> adoptions;
    std::copy_if(all.begin(), all.end(), std::back_inserter(adoptions), [](const Move& m) { return m.kind == Kind::Adopt; });
    const auto take_adoption = [&] {
      if (adoptions.empty() || round >= 16) return false;
      next = adoptions[static_cast<std::size_t>(round) % adoptions.size()];
      return true;
    };
    const bool has_move = take_first([](const Move& m) { return m.kind == Kind::Open || m.kind == Kind::Restore; }) ||
                          take_adoption() ||
                          take_first([](const Move& m) { return m.kind == Kind::Fate && m.fate == Fate::Acknowledged; }) ||
                          take_first([](const Move& m) { return m.kind == Kind::Fate && m.fate == Fate::Arrives; }) ||
                          take_first([&](const Move& m) { return m.kind == Kind::Deadline && m.tab != last_woken; }) ||
                          take_first([](const Move& m) { return m.kind == Kind::Deadline; });
    if (!has_move) return "a report is owed and nothing will ever happen again";
    if (next.kind == Kind::Deadline) last_woken = next.tab;
    if (auto broken = mended.make(next)) return broken;
  }
  return mended.backend_ < owed ? std::optional<std::string>("the strongest report never arrives") : std::nullopt;
}

Digest SmallWorld::digest() const {
  Hasher hasher;
  for (const SmallPage& page : pages_) {
    hasher.add(page.is_open);
    if (!page.is_open) continue;
    hasher.add(page.is_frozen);
    add(hasher, page.state);
    for (const auto& [id, key] : page.ledger.stored_keys) hasher.add(key);
    for (const auto& [key, texts] : page.shown) {
      for (const std::string& text : texts) hasher.add(text);
    }
    hasher.add(page.ledger.floor_ms);
  }
  for (const auto& [key, item] : local_) {
    hasher.add(key);
    hasher.add(item.text);
  }
  for (const Flight& flight : flights_) {
    hasher.add(static_cast<std::int64_t>(flight.tab));
    hasher.add(static_cast<std::uint64_t>(flight.tab < 0 ? 0 : flight.post));
    hasher.add(flight.report.key.value);
    hasher.add(flight.has_arrived);
  }
  hasher.add(backend_);
  for (const auto& [key, is_there] : backend_keys_) hasher.add(key);
  hasher.add(refuses_);
  return hasher.digest();
}

}  // namespace linktrail::simulation
