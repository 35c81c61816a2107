#include "world.hpp"

#include "core/limits.hpp"
#include "core/parse.hpp"

#include <algorithm>
#include <utility>

namespace linktrail::simulation {
namespace {

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;
/// 2026-01-15T10:00:00Z.
constexpr std::int64_t epoch_ms = 1'768'471'200'000;
constexpr std::string_view journal_prefix = "linktrail/journal/";

/// What the shim allows itself of the browser's budget for requests that outlive the page.
constexpr std::size_t keepalive_bytes_max = std::size_t{60} * 1024;
constexpr std::size_t keepalive_requests_max = 8;

std::string session_name(std::int64_t session) {
  return "idv_" + std::to_string(owner_of_session(session)) + '_' + std::to_string(session);
}

std::string page_name(int serial) { return "page" + std::to_string(serial); }

const Scope& scope_of_owner(std::int64_t owner) {
  static const std::array<Scope, 2> scopes = [] {
    const std::string first = "first";
    const std::string second = "second";
    return std::array<Scope, 2>{scope_of("https://shop.example/api/idv", first),
                                scope_of("https://shop.example/api/idv", second)};
  }();
  return scopes[static_cast<std::size_t>(owner)];
}

std::string page_of(const std::string& key) {
  std::size_t at = 0;
  for (int slash = 0; slash < 3; ++slash) {
    at = key.find('/', at);
    if (at == std::string::npos) return {};
    ++at;
  }
  return key.substr(at, key.find('/', at) - at);
}

std::string http_date(std::int64_t wall_ms) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::string iso = format_iso8601(wall_ms);
  const auto month = static_cast<std::size_t>((iso[5] - '0') * 10 + (iso[6] - '0') - 1);
  return "Thu, " + iso.substr(8, 2) + ' ' + std::string(months[month]) + ' ' + iso.substr(0, 4) + ' ' + iso.substr(11, 8) +
         " GMT";
}

/// What is surely known of a session once this callback was handled; nothing of one that does not name it. In lives in which
/// outcomes are replaced, which one counts depends on the others.
Rank rank_of_callback(const Event& event, bool has_times) {
  if (const auto* success = std::get_if<LinkSucceeded>(&event)) {
    return success->id ? Rank{.flow = static_cast<int>(Flow::Completed)} : Rank{};
  }
  const auto* emitted = std::get_if<LinkEmitted>(&event);
  if (emitted == nullptr || !emitted->id || !is_identity_verification(emitted->wire_name)) return {};
  Report report{.flow = Flow::InProgress, .occurred_at_ms = emitted->timestamp_ms.value_or(0)};
  if (emitted->name == EventName::PassSession) report.outcome = Outcome::Passed;
  if (emitted->name == EventName::FailSession) report.outcome = Outcome::Failed;
  if (emitted->name == EventName::PendingReviewSession) report.outcome = Outcome::PendingReview;
  if (report.outcome != Outcome::Unknown) report.flow = Flow::Completed;
  if (has_times) report.outcome = Outcome::Unknown;
  return rank_of(report, has_times);
}

std::string session_of_callback(const Event& event) {
  if (const auto* success = std::get_if<LinkSucceeded>(&event)) return success->id ? success->id->value : std::string();
  if (const auto* emitted = std::get_if<LinkEmitted>(&event)) return emitted->id ? emitted->id->value : std::string();
  if (const auto* left = std::get_if<LinkExited>(&event)) return left->id ? left->id->value : std::string();
  return {};
}

}  // namespace

World::World(const Life& life, JitterTally& jitter, std::function<void(const std::string&)> trace)
    : life_(life), setup_(life.setup), jitter_(jitter), trace_(std::move(trace)), tabs_(tabs_max + owners) {}

// ---- time

Chance World::chance_for(std::uint64_t a, std::uint64_t b) const {
  return Chance(mixed(mixed(static_cast<std::uint64_t>(setup_.seed)) + a * 0x10001ULL) + b);
}

std::int64_t World::wall_ms() const { return epoch_ms + wall_shift_ms_ + now_ms_ + now_ms_ / 1'000 * setup_.drift_ppm / 1'000; }

void World::after(std::int64_t delay_ms, std::function<void()> run) {
  pending_.push_back({.at_ms = now_ms_ + std::max<std::int64_t>(0, delay_ms), .order = ++order_, .run = std::move(run)});
  std::push_heap(pending_.begin(), pending_.end());
}

void World::in_page(int serial, std::int64_t delay_ms, std::function<void(Page&)> run) {
  after(delay_ms, [this, serial, run = std::move(run)] {
    Page& target = page(serial);
    if (!target.is_alive) return;
    if (target.is_frozen) {
      target.deferred.emplace_back([this, serial, run] { run(page(serial)); });
    } else {
      run(target);
    }
  });
}

void World::pass_until(std::int64_t until_ms) {
  while (!violation_ && !pending_.empty() && pending_.front().at_ms <= until_ms) {
    std::pop_heap(pending_.begin(), pending_.end());
    const Pending next = std::move(pending_.back());
    pending_.pop_back();
    now_ms_ = std::max(now_ms_, next.at_ms);
    next.run();
  }
  now_ms_ = std::max(now_ms_, until_ms);
}

// ---- pages

int World::open(int tab, std::int64_t owner) {
  leave(tab);
  const int serial = static_cast<int>(pages_.size());
  pages_.push_back(std::make_unique<Page>());
  Page& fresh = *pages_.back();
  fresh.serial = serial;
  fresh.tab = tab;
  fresh.owner = owner;
  fresh.born_ms = now_ms_;
  fresh.monotonic_zero_ms = chance_for(1, static_cast<std::uint64_t>(serial)).between(0, 900);
  tabs_[static_cast<std::size_t>(tab)].page = serial;
  ++counts_.pages;
  say("page" + std::to_string(serial) + " opens in tab " + std::to_string(tab) + " for owner " + std::to_string(owner));
  fresh.inbox.push_back({.event = Started{.scope = scope_of_owner(owner),
                                          .page = PageId{page_name(serial)},
                                          .client_version = "0.0.0",
                                          .has_locks = setup_.locks == 1},
                         .wall_ms = wall_ms()});
  if (setup_.load_ms == 0 || is_mended_) {
    load(fresh);
  } else {
    in_page(serial, setup_.load_ms, [this](Page& loaded) { load(loaded); });
  }
  return serial;
}

void World::load(Page& target) {
  target.is_loaded = true;
  drain(target);
  clear_journal(target);
  if (target.own_keys.empty()) release_soon(target);
}

/// Once the core runs, what the journal holds is in records, unless these are less safe than it.
void World::clear_journal(Page& target) {
  if (!target.is_loaded || !target.weak_keys.empty()) return;
  for (const std::string& key : target.journal) remove(target, key);
  target.journal.clear();
}

void World::leave(int tab) {
  Tab& left = tabs_[static_cast<std::size_t>(tab)];
  if (left.page >= 0) end(page(left.page), true);
  // A page in the cache belongs to the history of its tab; it is thrown out when the tab moves on twice.
  if (left.cached) end(page(*left.cached), false);
  left.cached.reset();
  left.page = -1;
}

void World::end(Page& target, bool is_graceful) {
  if (!target.is_alive) return;
  if (is_graceful && !target.is_frozen) signal(target, PageSignal::Hidden);
  target.is_alive = false;
  say(page_name(target.serial) + " ends");
  for (auto& [name, queue] : locks_) {
    const auto mine = [&](const Waiter& waiter) { return waiter.page == target.serial; };
    if (std::none_of(queue.begin(), queue.end(), mine)) continue;
    queue.erase(std::remove_if(queue.begin(), queue.end(), mine), queue.end());
    const std::string freed = name;
    after(2, [this, freed] { grant(freed); });
  }
  Tab& tab = tabs_[static_cast<std::size_t>(target.tab)];
  if (tab.page == target.serial) tab.page = -1;
  if (tab.cached == target.serial) tab.cached.reset();
  lower_survival();
}

void World::freeze(int tab) {
  Tab& left = tabs_[static_cast<std::size_t>(tab)];
  if (left.page < 0) return;
  Page& target = page(left.page);
  if (setup_.cache_policy == 1 && target.holds) {
    leave(tab);
    return;
  }
  signal(target, PageSignal::Hidden);
  if (setup_.cache_policy == 2) release(target);
  target.is_frozen = true;
  if (left.cached) end(page(*left.cached), false);
  left.cached = left.page;
  left.page = -1;
  say(page_name(target.serial) + " is frozen");
  if (setup_.cache_policy == 0 && target.holds) {
    const std::string name = page_name(target.serial);
    if (locks_[name].size() > 1) end(target, false);
  }
}

void World::restore(int tab) {
  Tab& left = tabs_[static_cast<std::size_t>(tab)];
  if (!left.cached) return;
  if (left.page >= 0) end(page(left.page), true);
  Page& target = page(*left.cached);
  left.page = target.serial;
  left.cached.reset();
  target.is_frozen = false;
  say(page_name(target.serial) + " is restored");
  if (!target.own_keys.empty()) hold(target);
  if (!target.is_disposed) tell(target, PageChanged{.signal = PageSignal::Restored});
  std::vector<std::function<void()>> deferred = std::move(target.deferred);
  target.deferred.clear();
  for (auto& run : deferred) {
    if (target.is_alive) run();
  }
}

void World::kill() {
  say("the browser is killed");
  for (auto& each : pages_) end(*each, false);
  for (Tab& tab : tabs_) tab = {};
  if (setup_.loses_writes == 1) local_ = local_on_disk_;
  locks_.clear();
  lower_survival();
}

void World::signal(Page& target, PageSignal what) {
  if (target.is_disposed) return;
  if (what == PageSignal::Hidden) target.is_hidden = true;
  // A page whose core still loads owns what its journal holds.
  if (what == PageSignal::Hidden && target.is_loaded && target.own_keys.empty()) release(target);
  if (what == PageSignal::Visible || what == PageSignal::Restored) target.is_hidden = false;
  tell(target, PageChanged{.signal = what});
}

// ---- the shim's hands

void World::tell(Page& target, Event event) { arrive(target, {.event = std::move(event), .wall_ms = wall_ms()}); }

void World::arrive(Page& target, Arrival arrival) {
  target.inbox.push_back(std::move(arrival));
  if (target.is_loaded) drain(target);
}

void World::drain(Page& target) {
  if (target.is_draining) return;
  target.is_draining = true;
  while (!target.inbox.empty() && !violation_) {
    const Arrival next = std::move(target.inbox.front());
    target.inbox.pop_front();
    handle(target, next);
  }
  target.is_draining = false;
  if (!violation_) check_not_stuck(target);
}

void World::handle(Page& target, const Arrival& arrival) {
  const Moment now{.wall_ms = arrival.wall_ms,
                   .monotonic_ms = now_ms_ - target.born_ms + target.monotonic_zero_ms,
                   .entropy = chance_for(2 + static_cast<std::uint64_t>(target.serial), ++target.events).next()};
  ++counts_.steps;
  const Before before = remember(target.state);
  const bool is_repeated = mixed(now.entropy) % 64 == 0;
  std::optional<Transition> again;
  if (is_repeated) again = reduce(target.state, arrival.event, now);
  Transition transition = reduce(std::move(target.state), arrival.event, now);
  target.state = std::move(transition.state);
  if (trace_) {
    say(page_name(target.serial) + " event " + std::to_string(arrival.event.index()) + " -> " +
        encode(transition.effects).substr(0, 1'200));
  }
  if (again && (!(again->state == target.state) || encode(again->effects) != encode(transition.effects))) {
    return fail("equal inputs gave different results");
  }
  const simulation::Step step{.before = before,
                              .event = arrival.event,
                              .after = target.state,
                              .effects = transition.effects,
                              .now = now,
                              .asked_wait_ms = arrival.asked_wait_ms};
  if (auto broken = broken_promise(step, target.ledger, keys_, jitter_)) return fail(std::move(*broken));

  const bool is_forgotten_here = std::holds_alternative<ForgetRequested>(arrival.event);
  may_fall_ = is_forgotten_here || std::holds_alternative<ForgottenElsewhere>(arrival.event);
  if (const auto* elsewhere = std::get_if<ForgottenElsewhere>(&arrival.event); elsewhere != nullptr) {
    for (const Before::Entry& entry : before.outbox) {
      if (!simulation::is_since(before, entry.id, *elsewhere, now)) forgotten_.insert(entry.id);
    }
  }
  if (is_forgotten_here) {
    // What was forgotten is owed no more, even where a copy of it escapes.
    for (const std::string& session : told_) {
      if (session.find('_' + std::to_string(target.owner) + '_') != std::string::npos) forgotten_.insert(session);
    }
  }
  for (const Effect& effect : transition.effects) {
    const auto* settle = std::get_if<Settle>(&effect);
    if (settle != nullptr && settle->receipt.state == DeliveryState::Expired) may_fall_ = true;
  }
  for (const Effect& effect : transition.effects) {
    if (!violation_) run_effect(target, effect);
  }
  if (may_fall_) {
    may_fall_ = false;
    return lower_survival();
  }
  for (const Before::Entry& entry : before.outbox) check_survival(entry.id);
  const std::string id = session_of_callback(arrival.event);
  check_survival(id);
  if (!violation_ && !target.is_disposed) check_knowledge(target, id);
}

void World::run_effect(Page& target, const Effect& effect) {
  if (const auto* store = std::get_if<Store>(&effect)) {
    target.own_keys.insert(store->key.value);
    in_page(target.serial, 0, [this](Page& owner) { hold(owner); });
    Item item{.text = store->text, .session = text_member(store->text, "link_session_id")};
    for (const Record& record : target.state.outbox) {
      if (record.key == store->key) item.rank = rank_of(record.report, setup_.overrides == 1);
    }
    const Durability durability = put(target, store->key.value, std::move(item));
    if (durability == Durability::Browser) {
      target.weak_keys.erase(store->key.value);
    } else {
      target.weak_keys.insert(store->key.value);
    }
    tell(target, RecordStored{.key = store->key, .durability = durability});
  } else if (const auto* erase = std::get_if<Erase>(&effect)) {
    erase_record(target, erase->key);
    target.own_keys.erase(erase->key.value);
    target.weak_keys.erase(erase->key.value);
    clear_journal(target);
    if (target.own_keys.empty()) release_soon(target);
  } else if (const auto* all = std::get_if<ErasePrefix>(&effect)) {
    remove_prefix(target, all->prefix);
    tell_forgotten(target, *all);
    target.journal.clear();
    remove_prefix(target, std::string(journal_prefix) + std::to_string(target.owner) + '/');
    target.own_keys.clear();
    target.weak_keys.clear();
    release(target);
  } else if (const auto* request = std::get_if<Post>(&effect)) {
    post(target, *request);
  } else if (std::holds_alternative<ResolveHeaders>(effect)) {
    resolve_headers(target);
  } else if (const auto* wake = std::get_if<WakeAfter>(&effect)) {
    const std::int64_t timer = ++target.timer;
    target.is_timer_armed = !target.is_disposed;
    if (target.is_disposed) return;
    // A page in the background is woken late.
    const std::int64_t late_ms = target.is_hidden ? chance_for(3, ++order_).between(0, second_ms) : 0;
    in_page(target.serial, wake->delay_ms + late_ms, [this, timer](Page& woken) {
      if (woken.timer != timer || woken.is_disposed) return;
      woken.is_timer_armed = false;
      tell(woken, Woken{});
    });
  } else if (std::holds_alternative<Scan>(effect)) {
    scan(target);
  }
}

/// A record of another owner may go only when it is very old.
void World::erase_record(Page& target, const StorageKey& key) {
  const auto address = read_storage_key(key);
  const bool is_foreign = address && address->scope != target.state.scope.value;
  if (is_foreign) {
    const auto found = local_.find(key.value);
    const auto stored = found == local_.end() ? std::nullopt : read_stored_text(found->second.text, {.wall_ms = wall_ms()});
    if (stored && wall_ms() - stored->record.created_ms <= limits::foreign_record_age_ms_max) {
      return fail("another owner's record is erased");
    }
  }
  const bool before = std::exchange(may_fall_, may_fall_ || is_foreign);
  remove(target, key.value);
  may_fall_ = before;
  if (is_foreign) lower_survival();
}

Durability World::put(Page& target, const std::string& key, Item item) {
  const bool is_record = !key.starts_with(journal_prefix);
  to_mirror(target, [this, key, item, is_record](Page& writer) {
    mirror_[key] = item;
    check_survival(item.session);
    if (is_record) tell(writer, RecordStored{.key = StorageKey{key}, .durability = Durability::Disk});
  });
  const std::string session = item.session;
  Durability reached = Durability::Memory;
  if (!local_refuses_) {
    local_[key] = std::move(item);
    reached = Durability::Browser;
    write_changed(target);
  } else if (!session_refuses_) {
    tabs_[static_cast<std::size_t>(target.tab)].session[key] = std::move(item);
    reached = Durability::Tab;
  } else {
    target.memory[key] = std::move(item);
  }
  check_survival(session);
  return reached;
}

void World::write_changed(Page& writer) {
  if (!is_flush_planned_) {
    is_flush_planned_ = true;
    after(chance_for(4, ++order_).between(5 * second_ms, minute_ms), [this] { flush_to_disk(); });
  }
  for (auto& other : pages_) {
    if (!other->is_alive || other->serial == writer.serial || other->is_disposed) continue;
    // Writes in quick succession are told as one: what is read then is the same.
    if (std::exchange(other->is_change_coming, true)) continue;
    in_page(other->serial, 1 + static_cast<std::int64_t>(++order_ % 4), [this](Page& told) {
      told.is_change_coming = false;
      if (!told.is_disposed) tell(told, StorageChanged{});
    });
  }
}

void World::flush_to_disk() {
  is_flush_planned_ = false;
  local_on_disk_ = local_;
}

void World::remove(Page& target, const std::string& key) {
  std::string session;
  // Of another page's record only the copy goes that was offered to this page: a newer one may have been written since.
  const bool is_own = key.starts_with(journal_prefix) || page_of(key) == page_name(target.serial);
  const std::set<std::string> offered = is_own ? std::set<std::string>{} : target.offered[key];
  const auto may_go = [is_own, offered](const Item& item) { return is_own || offered.contains(item.text); };
  const auto take = [&](Shelf& shelf) {
    const auto found = shelf.find(key);
    if (found == shelf.end() || !may_go(found->second)) return false;
    session = found->second.session;
    shelf.erase(found);
    return true;
  };
  if (take(local_) && !is_flush_planned_) {
    is_flush_planned_ = true;
    after(chance_for(4, ++order_).between(5 * second_ms, minute_ms), [this] { flush_to_disk(); });
  }
  (void)take(tabs_[static_cast<std::size_t>(target.tab)].session);
  (void)take(target.memory);
  if (!may_fall_) check_survival(session);
  to_mirror(target, [this, key, may_go, may_fall = may_fall_](Page&) {
    const auto found = mirror_.find(key);
    if (found == mirror_.end() || !may_go(found->second)) return;
    const std::string erased = found->second.session;
    mirror_.erase(found);
    if (may_fall) {
      lower_survival();
    } else {
      check_survival(erased);
    }
  });
}

void World::remove_prefix(Page& target, const std::string& prefix) {
  const auto starts = [prefix](const auto& entry) { return entry.first.starts_with(prefix); };
  std::erase_if(local_, starts);
  std::erase_if(tabs_[static_cast<std::size_t>(target.tab)].session, starts);
  std::erase_if(target.memory, starts);
  to_mirror(target, [this, starts](Page&) {
    std::erase_if(mirror_, starts);
    lower_survival();
  });
}

void World::tell_forgotten(const Page& target, const ErasePrefix& forgotten) {
  // A place that refuses to be written tells nobody.
  if (local_refuses_) return;
  for (auto& other : pages_) {
    if (!other->is_alive || other->serial == target.serial) continue;
    in_page(other->serial, 1 + static_cast<std::int64_t>(++order_ % 4), [this, forgotten](Page& told) {
      if (!told.is_disposed) tell(told, ForgottenElsewhere{.prefix = forgotten.prefix, .at_ms = forgotten.at_ms});
    });
  }
}

void World::to_mirror(Page& target, std::function<void(Page&)> apply) {
  if (setup_.mirror == 0) return;
  const std::int64_t took_ms = chance_for(5, ++order_).between(1, 12);
  target.mirror_free_at_ms = std::max(target.mirror_free_at_ms, now_ms_) + took_ms;
  in_page(target.serial, target.mirror_free_at_ms - now_ms_, [this, apply = std::move(apply)](Page& writer) {
    if (!mirror_fails_) apply(writer);
  });
}

void World::read_mirror(Page& target, std::function<void(Page&, const Found&)> use) {
  const std::int64_t took_ms = setup_.mirror == 0 ? 0 : chance_for(5, ++order_).between(1, 12);
  target.mirror_free_at_ms = std::max(target.mirror_free_at_ms, now_ms_) + took_ms;
  in_page(target.serial, target.mirror_free_at_ms - now_ms_, [this, use = std::move(use)](Page& reader) {
    Found found;
    if (!mirror_fails_) found.assign(mirror_.begin(), mirror_.end());
    use(reader, found);
  });
}

Found World::entries(const Page& target) const {
  Found found(local_.begin(), local_.end());
  const Shelf& session = tabs_[static_cast<std::size_t>(target.tab)].session;
  found.insert(found.end(), session.begin(), session.end());
  found.insert(found.end(), target.memory.begin(), target.memory.end());
  return found;
}

void World::scan(Page& target) {
  if (target.is_disposed) return;
  if (setup_.locks == 1) offer(target, entries(target));
  // Where there are no locks, both are offered together, and the faster places as they are then: of two copies the newer one
  // says whether its page lives.
  read_mirror(target, [this](Page& reader, const Found& on_disk) {
    Found both = setup_.locks == 1 ? Found{} : entries(reader);
    both.insert(both.end(), on_disk.begin(), on_disk.end());
    offer(reader, both);
  });
}

/// Only what is offered now: a copy of an earlier look that this one lacks was not taken over then.
void World::note_offered(Page& target, const std::list<FoundRecord>& records) {
  for (const FoundRecord& record : records) target.offered.erase(record.key.value);
  for (const FoundRecord& record : records) target.offered[record.key.value].insert(record.text);
}

void World::offer(Page& target, const Found& stored) {
  if (target.is_disposed) return;
  const std::string own = page_name(target.serial);
  if (setup_.locks == 0) {
    RecordsFound event;
    Found stale;
    for (const auto& [key, item] : stored) {
      if (page_of(key) == own) continue;
      if (!key.starts_with(journal_prefix)) event.records.push_back({.key = {key}, .text = item.text});
      if (item.callback != nullptr && std::abs(wall_ms() - item.wall_ms) > minute_ms) stale.emplace_back(key, item);
    }
    note_offered(target, event.records);
    if (!event.records.empty()) tell(target, std::move(event));
    if (!violation_) replay(target, std::string(journal_prefix) + std::to_string(target.owner) + '/', stale);
    return;
  }
  std::set<std::string> others;
  for (const auto& [key, item] : stored) others.insert(page_of(key));
  for (const std::string& other : others) {
    if (other.empty() || other == own || !target.awaited.insert(other).second) continue;
    request_lock(other, target.serial, false);
  }
}

void World::adopt(Page& target, const std::string& other) {
  // In one event: the core must see both copies of a record before it erases either, and the faster places as they are then.
  read_mirror(target, [this, other](Page& reader, const Found& on_disk) {
    Found both = entries(reader);
    both.insert(both.end(), on_disk.begin(), on_disk.end());
    take_over(reader, other, both);
    reader.awaited.erase(other);
    free_lock(other, reader.serial, false);
  });
}

void World::take_over(Page& target, const std::string& other, const Found& stored) {
  if (target.is_disposed) return;
  // Records first: the callbacks of the journal may have become one of them, which then says how long to wait.
  RecordsFound event{.is_orphaned = true};
  for (const auto& [key, item] : stored) {
    if (page_of(key) == other && !key.starts_with(journal_prefix)) event.records.push_back({.key = {key}, .text = item.text});
  }
  note_offered(target, event.records);
  if (!event.records.empty()) tell(target, std::move(event));
  if (!violation_) replay(target, std::string(journal_prefix) + std::to_string(target.owner) + '/' + other + '/', stored);
}

/// Callbacks that a page kept before its core ran, in the order in which they were kept.
void World::replay(Page& target, const std::string& prefix, const Found& stored) {
  Shelf journaled;
  for (const auto& [key, item] : stored) {
    if (key.starts_with(prefix)) journaled[key] = item;
  }
  for (const auto& [key, item] : journaled) {
    arrive(target, {.event = *item.callback, .wall_ms = item.wall_ms});
    if (violation_) return;
    remove(target, key);
  }
}

void World::hold(Page& target) {
  ++target.holding;
  if (setup_.locks == 0 || target.holds || target.is_disposed) return;
  target.holds = true;
  request_lock(page_name(target.serial), target.serial, true);
}

/// The reports of a session follow one another, so the lock is kept for a moment.
void World::release_soon(Page& target) {
  const std::int64_t held = ++target.holding;
  in_page(target.serial, second_ms, [this, held](Page& owner) {
    if (owner.holding == held) release(owner);
  });
}

void World::release(Page& target) {
  if (!target.holds) return;
  target.holds = false;
  free_lock(page_name(target.serial), target.serial, true);
}

void World::request_lock(const std::string& name, int serial, bool is_holder) {
  auto& queue = locks_[name];
  if (setup_.cache_policy == 0 && !is_holder) {
    for (auto& other : pages_) {
      if (other->is_alive && other->is_frozen && other->holds && page_name(other->serial) == name) end(*other, false);
    }
  }
  queue.push_back({.page = serial, .is_holder = is_holder});
  after(1, [this, name] { grant(name); });
}

void World::free_lock(const std::string& name, int serial, bool is_holder) {
  auto& queue = locks_[name];
  const auto mine = std::find_if(queue.begin(), queue.end(),
                                 [&](const Waiter& waiter) { return waiter.page == serial && waiter.is_holder == is_holder; });
  if (mine != queue.end()) queue.erase(mine);
  after(1, [this, name] { grant(name); });
}

void World::grant(const std::string& name) {
  const auto found = locks_.find(name);
  if (found == locks_.end() || found->second.empty() || found->second.front().is_granted) return;
  Waiter& first = found->second.front();
  first.is_granted = true;
  if (first.is_holder) return;
  in_page(first.page, 0, [this, name](Page& adopter) { adopt(adopter, name); });
}

void World::resolve_headers(Page& target) {
  const std::int64_t mode = is_mended_ ? 0 : setup_.headers;
  Chance chance = chance_for(7, ++order_);
  const auto resolved = [this](Page& answered, bool is_good) {
    answered.is_resolving = false;
    if (is_good) {
      answered.has_headers = true;
      answered.login_epoch = backend_.login_epoch;
      tell(answered, HeadersResolved{});
    } else {
      tell(answered, HeadersFailed{});
    }
    const std::vector<Post> unsent = std::move(answered.unsent);
    answered.unsent.clear();
    for (const Post& effect : unsent) send(answered, effect);
  };
  if (mode == 0) {
    resolved(target, true);
    return;
  }
  target.is_resolving = true;
  const bool is_good = mode == 1 || !chance.one_in(3);
  in_page(target.serial, chance.between(1, 2 * second_ms),
          [resolved, is_good](Page& answered) { resolved(answered, is_good); });
}

// ---- the network

void World::post(Page& target, const Post& effect) {
  if (!target.has_headers && target.is_resolving) {
    target.unsent.push_back(effect);
  } else {
    send(target, effect);
  }
}

void World::send(Page& target, const Post& effect) {
  auto request = std::make_shared<Request>();
  request->page = target.serial;
  request->owner = target.owner;
  request->post = effect.post;
  request->bytes = effect.body.size();
  request->login_epoch = target.login_epoch;
  request->report = report_in(effect.body);
  if (!request->report) return fail("a request carries no report");
  request->outlives = effect.is_keepalive && target.keepalive_bytes + request->bytes <= keepalive_bytes_max &&
                      target.keepalive_requests < keepalive_requests_max;
  if (request->outlives) {
    target.keepalive_bytes += request->bytes;
    ++target.keepalive_requests;
  }
  Chance chance = chance_for(6, ++requests_started_);
  request->escapes = chance.one_in(3);
  Weather weather = now_ms_ < weather_ends_ms_ ? static_cast<Weather>(weather_.a) : Weather::Fine;
  std::int64_t detail = weather_.c;
  if (weather == Weather::Fine && !is_mended_ && chance.between(0, 999) < setup_.faults_per_mille) {
    weather = static_cast<Weather>(chance.between(1, weathers - 1));
    detail = make_answer(chance);
  }
  if (!is_online_) weather = Weather::RequestLost;
  const std::int64_t there_ms = chance.between(0, setup_.latency_ms);
  const std::int64_t back_ms = chance.between(0, setup_.latency_ms);
  const bool is_processed = chance.one_in(2);
  const bool has_date = chance.one_in(2);

  in_page(target.serial, effect.timeout_ms, [this, request](Page&) {
    answer(request, PostAnswered{.post = request->post, .kind = AnswerKind::TimedOut}, std::nullopt);
  });
  const auto lose = [this, request, back_ms] {
    in_page(request->page, back_ms, [this, request](Page&) {
      answer(request, PostAnswered{.post = request->post, .kind = AnswerKind::NetworkFailed}, std::nullopt);
    });
  };
  const std::int64_t again_ms = chance.between(1, chance.any_of({50, 5'000, 60'000}));
  after(there_ms, [this, request, weather, detail, back_ms, again_ms, is_processed, has_date, lose] {
    const bool is_gone = !page(request->page).is_alive && !request->outlives && !request->escapes;
    if (is_gone) return;
    switch (weather) {
      case Weather::RequestLost: return lose();
      case Weather::AnswerLost: (void)reach_backend(request); return lose();
      case Weather::Hangs:
        if (is_processed) (void)reach_backend(request);
        return;
      case Weather::Status:
        in_page(request->page, back_ms, [this, request, detail, has_date](Page&) { answer_status(request, detail, has_date); });
        return;
      case Weather::Redirects:
        in_page(request->page, back_ms, [this, request](Page&) {
          answer(request, PostAnswered{.post = request->post, .kind = AnswerKind::Redirected}, std::nullopt);
        });
        return;
      case Weather::Duplicates: after(again_ms, [this, request] { (void)reach_backend(request); }); break;
      case Weather::Fine: break;
    }
    const bool is_taken = reach_backend(request);
    in_page(request->page, back_ms, [this, request, is_taken](Page&) {
      const bool is_read = is_taken && !request->is_answered && setup_.verdicts == 1;
      answer(request, PostAnswered{.post = request->post, .kind = AnswerKind::Response, .status = is_taken ? 200 : 401},
             std::nullopt);
      if (is_read) tell_verdict(*request);
    });
  });
}

void World::tell_verdict(const Request& request) {
  Chance chance = chance_for(9, ++bodies_);
  // Most say that it is undecided, some nothing of use.
  const auto verdict = static_cast<BackendVerdict>(chance.any_of({0, 1, 1, 1, 1, 1, 2, 3, 4, 5}));
  const std::int64_t late_ms = chance.any_of({0, 0, 5, 3'000, 9'000});
  in_page(request.page, late_ms,
          [this, post = request.post, verdict](Page& told) { tell(told, VerdictTold{.post = post, .verdict = verdict}); });
}

bool World::reach_backend(const std::shared_ptr<Request>& request) {
  const Report& report = *request->report;
  if (request->login_epoch < backend_.login_epoch) return false;
  const bool is_own = report.id.value.find('_' + std::to_string(request->owner) + '_') != std::string::npos;
  if (!is_own) fail("a report of one owner is sent as another: " + report.id.value);
  backend_.take(report, rank_of(report, setup_.overrides == 1));
  check_survival(report.id.value);
  return true;
}

void World::answer_status(const std::shared_ptr<Request>& request, std::int64_t detail, bool has_date) {
  const auto status = static_cast<int>(detail / 100'000);
  if (status == 302) {
    return answer(request, PostAnswered{.post = request->post, .kind = AnswerKind::Redirected}, std::nullopt);
  }
  PostAnswered event{.post = request->post, .kind = AnswerKind::Response, .status = status};
  const std::int64_t told = detail / 10'000 % 10;
  const std::int64_t wait_ms = detail % 10'000 * second_ms;
  std::optional<std::int64_t> asked_ms;
  if (told == 1) {
    event.retry_after = std::to_string(wait_ms / second_ms);
    asked_ms = wait_ms;
  } else if (told == 2) {
    const std::int64_t real_ms = (epoch_ms + now_ms_) / second_ms * second_ms;
    const std::int64_t shown_ms = wall_ms();
    event.retry_after = http_date(real_ms + wait_ms);
    // A date without the endpoint's own clock beside it is only as good as the device's.
    const bool is_clock_right = wall_shift_ms_ == 0 && setup_.drift_ppm == 0;
    if (has_date || !is_clock_right) event.date = http_date(real_ms);
    asked_ms = event.date.empty() ? std::max<std::int64_t>(0, real_ms + wait_ms - shown_ms) : wait_ms;
  }
  answer(request, event, asked_ms);
}

void World::answer(const std::shared_ptr<Request>& request, Event event, std::optional<std::int64_t> asked_wait_ms) {
  if (request->is_answered) return;
  request->is_answered = true;
  Page& target = page(request->page);
  if (request->outlives) {
    target.keepalive_bytes -= request->bytes;
    --target.keepalive_requests;
  }
  arrive(target, {.event = std::move(event), .wall_ms = wall_ms(), .asked_wait_ms = asked_wait_ms});
}

// ---- the life

void World::act(const Action& action) {
  Tab& tab = tabs_[static_cast<std::size_t>(action.tab)];
  Page* const here = tab.page >= 0 ? &page(tab.page) : nullptr;
  say("-- " + std::string(name_of(action.deed)) + " tab " + std::to_string(action.tab) + ' ' + std::to_string(action.a) + ' ' +
      std::to_string(action.b) + ' ' + std::to_string(action.c));
  switch (action.deed) {
    case Deed::Open: (void)open(static_cast<int>(action.tab), action.a); break;
    case Deed::Close:
      leave(static_cast<int>(action.tab));
      tab.session.clear();
      lower_survival();
      break;
    case Deed::Crash:
      if (here != nullptr) end(*here, false);
      break;
    case Deed::Reload:
      if (here != nullptr) (void)open(static_cast<int>(action.tab), here->owner);
      break;
    case Deed::Freeze: freeze(static_cast<int>(action.tab)); break;
    case Deed::Restore: restore(static_cast<int>(action.tab)); break;
    case Deed::Hide:
      if (here != nullptr) signal(*here, PageSignal::Hidden);
      break;
    case Deed::Show:
      if (here != nullptr) signal(*here, PageSignal::Visible);
      break;
    case Deed::Kill: kill(); break;
    case Deed::Offline:
    case Deed::Online: {
      is_online_ = action.deed == Deed::Online;
      const PageSignal what = is_online_ ? PageSignal::Online : PageSignal::Offline;
      for (const auto& each : pages_) {
        if (each->is_alive && !each->is_frozen) signal(*each, what);
      }
      break;
    }
    case Deed::Call: call(action); break;
    case Deed::Flush:
      if (here != nullptr) tell(*here, FlushRequested{});
      break;
    case Deed::Forget:
      if (here != nullptr) tell(*here, ForgetRequested{});
      break;
    case Deed::Dispose:
      if (here != nullptr && !here->is_disposed) {
        here->is_disposed = true;
        lower_survival();
        tell(*here, Disposed{});
        here->is_timer_armed = false;
        here->holds = false;
        const int serial = here->serial;
        for (auto& [name, queue] : locks_) {
          std::erase_if(queue, [&](const Waiter& waiter) { return waiter.page == serial; });
          after(1, [this, freed = name] { grant(freed); });
        }
        lower_survival();
      }
      break;
    case Deed::AskReceipt:
      if (here != nullptr) tell(*here, ReceiptRequested{});
      break;
    case Deed::ClockJump:
      wall_shift_ms_ = std::clamp<std::int64_t>(wall_shift_ms_ + action.a, -60 * day_ms, 60 * day_ms);
      break;
    case Deed::Weather:
      weather_ = action;
      weather_ends_ms_ = now_ms_ + action.b;
      break;
    case Deed::LoginExpires: ++backend_.login_epoch; break;
    case Deed::StorageRefuses:
      if (action.a != 1) take_writes_again();
      local_refuses_ = action.a == 1;
      session_refuses_ = action.a == 1 && action.b == 1;
      break;
    case Deed::MirrorFails: mirror_fails_ = action.a == 1; break;
  }
}

namespace {

LinkEmitted emitted(std::string_view name, std::int64_t at_ms, const std::string& id, std::string_view view, bool is_dated) {
  LinkEmitted event{.name = event_name(name), .wire_name = std::string(name), .view_name = std::string(view)};
  if (!id.empty()) event.id = LinkSessionId{id};
  if (is_dated) event.timestamp_ms = at_ms;
  Fingerprint fingerprint;
  fingerprint.add(name);
  fingerprint.add(view);
  fingerprint.add(is_dated ? std::to_string(at_ms) : std::string());
  fingerprint.add(id);
  event.fingerprint = fingerprint.value();
  return event;
}

constexpr std::array<std::string_view, 3> outcome_names{
    "IDENTITY_VERIFICATION_PASS_SESSION", "IDENTITY_VERIFICATION_FAIL_SESSION", "IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION"};
constexpr std::array<Outcome, 3> outcome_values{Outcome::Passed, Outcome::Failed, Outcome::PendingReview};
constexpr std::array<std::string_view, 4> views{"ACCEPT_TOS", "VERIFY_SMS", "KYC_CHECK", "A_STEP_OF_TOMORROW"};

}  // namespace

void World::call(const Action& action) {
  const std::int64_t session = action.a;
  const std::int64_t owner = owner_of_session(session);
  const auto tab = static_cast<int>(action.tab);
  const int present = tabs_[static_cast<std::size_t>(tab)].page;
  const bool is_right = present >= 0 && page(present).owner == owner && !page(present).is_disposed;
  const int serial = is_right ? present : open(tab, owner);
  if (violation_) return;
  Page& target = page(serial);

  const std::string id = session_name(session);
  const std::string exit_id = action.c % 2 == 0 ? id : std::string();
  const bool is_dated = setup_.overrides == 1 || action.c % 4 != 0;
  // Some events of Link carry no id; those that decide do.
  const std::string step_id = action.c % 11 == 0 ? std::string() : id;
  const std::string_view view = views[static_cast<std::size_t>(action.c / 16 % 4)];
  const std::int64_t told_at_ms = epoch_ms + now_ms_ / second_ms * second_ms;

  Chance chance = chance_for(8, static_cast<std::uint64_t>(session));
  const auto first = static_cast<std::size_t>(chance.between(0, 2));
  const std::size_t other = (first + static_cast<std::size_t>(chance.between(1, 2))) % 3;
  const std::int64_t first_at_ms = epoch_ms + session * 100 * second_ms;
  const std::int64_t other_at_ms = first_at_ms + chance.any_of({0, 1, 1'000});
  const auto decide = [&](std::size_t outcome, std::int64_t at_ms) {
    told_completed_.insert(id);
    told_outcomes_[id].insert(outcome_values[outcome]);
    receive(target, emitted(outcome_names[outcome], at_ms, id, "", is_dated), session);
  };
  const auto step = [&](std::string_view name, const std::string& named, std::string_view viewed) {
    receive(target, emitted(name, told_at_ms, named, viewed, is_dated), session);
  };
  const auto leave_link = [&](const std::string& named, std::string_view error) {
    LinkExited event{.reason = {.error_code = std::string(error)}};
    if (!named.empty()) event.id = LinkSessionId{named};
    receive(target, event, session);
  };
  told_.insert(id);
  switch (static_cast<LinkCall>(action.b)) {
    case LinkCall::OpenUi: step("IDENTITY_VERIFICATION_OPEN_UI", step_id, ""); break;
    case LinkCall::CreateSession: step("IDENTITY_VERIFICATION_CREATE_SESSION", id, ""); break;
    case LinkCall::StartStep: step("IDENTITY_VERIFICATION_START_STEP", step_id, view); break;
    case LinkCall::PassStep: step("IDENTITY_VERIFICATION_PASS_STEP", step_id, view); break;
    case LinkCall::FailStep: step("IDENTITY_VERIFICATION_FAIL_STEP", step_id, view); break;
    case LinkCall::Outcome: decide(first, first_at_ms); break;
    case LinkCall::OtherOutcome: decide(other, other_at_ms); break;
    case LinkCall::OutcomeReturns:
      decide(first, first_at_ms);
      decide(other, other_at_ms);
      decide(first, other_at_ms + second_ms);
      break;
    case LinkCall::Success:
      told_completed_.insert(id);
      receive(target, LinkSucceeded{.id = LinkSessionId{id}}, session);
      break;
    case LinkCall::SuccessWithoutId:
      has_nameless_success_ = true;
      receive(target, LinkSucceeded{}, session);
      break;
    case LinkCall::Exit: leave_link(id, ""); break;
    case LinkCall::ExitWithoutId: leave_link("", ""); break;
    case LinkCall::ExitWithError:
      leave_link(exit_id, action.c % 3 == 0 ? "INVALID_LINK_TOKEN" : "INTERNAL_SERVER_ERROR");
      break;
    case LinkCall::ExitOfOtherProduct: {
      const std::string foreign = "link_" + std::to_string(owner) + '_' + std::to_string(session);
      told_.insert(foreign);
      leave_link(foreign, "");
      break;
    }
    case LinkCall::ExitEvent: step("EXIT", exit_id, ""); break;
    case LinkCall::CloseUi: step("IDENTITY_VERIFICATION_CLOSE_UI", step_id, ""); break;
    case LinkCall::UnknownEvent: step("IDENTITY_VERIFICATION_OF_TOMORROW", id, ""); break;
    case LinkCall::OtherEvent: step("TRANSITION_VIEW", id, "LOADING"); break;
  }
}

void World::receive(Page& target, const Event& event, std::int64_t session) {
  if (violation_) return;
  (void)session;
  const std::int64_t at_wall_ms = wall_ms();
  if (!target.is_loaded) {
    hold(target);
    std::string number = std::to_string(target.journal.size());
    number.insert(0, 6 - std::min<std::size_t>(6, number.size()), '0');
    const std::string key =
        std::string(journal_prefix) + std::to_string(target.owner) + '/' + page_name(target.serial) + '/' + number;
    target.journal.push_back(key);
    Item item{.text = key, .rank = rank_of_callback(event, setup_.overrides == 1), .wall_ms = at_wall_ms};
    if (item.rank.flow > 0) item.session = session_of_callback(event);
    item.callback = std::make_shared<const Event>(event);
    (void)put(target, key, std::move(item));
  }
  arrive(target, {.event = event, .wall_ms = at_wall_ms});
}

/// The faults end; a page of each owner is opened in turn, and time passes.
void World::live_on() {
  say("-- all is mended");
  is_mended_ = true;
  weather_ends_ms_ = 0;
  mirror_fails_ = false;
  if (setup_.mends_storage == 1) take_writes_again();
  for (Tab& tab : tabs_) {
    if (tab.cached) end(page(*tab.cached), false);
  }
  if (!is_online_) act({.deed = Deed::Online});
  for (int tab = 0; tab < tabs_max; ++tab) {
    Tab& each = tabs_[static_cast<std::size_t>(tab)];
    if (setup_.closes_at_end == 1) leave(tab);
    // What only one tab can read waits for its owner in that tab.
    const Page* const here = each.page >= 0 ? &page(each.page) : nullptr;
    std::erase_if(each.session, [&](const auto& entry) {
      const std::string owner = here == nullptr || here->is_disposed ? "nobody" : std::to_string(here->owner);
      return entry.second.session.find('_' + owner + '_') == std::string::npos;
    });
    lower_survival();
  }
  for (std::int64_t owner = 0; owner < owners && !violation_; ++owner) {
    const auto tab = static_cast<int>(tabs_max + owner);
    const auto open_page = open(tab, owner);
    pass_until(now_ms_ + 5 * minute_ms);
    // Somebody looks at the page again.
    for (std::size_t i = 0; i < pages_.size() && !violation_; ++i) {
      if (pages_[i]->is_alive && pages_[i]->owner == owner) signal(*pages_[i], PageSignal::Visible);
    }
    pass_until(now_ms_ + 5 * minute_ms);
    // What was refused waits for hours; somebody who mended the endpoint flushes.
    if (!violation_) tell(page(open_page), FlushRequested{});
    for (std::size_t i = 0; i < pages_.size() && !violation_; ++i) {
      if (pages_[i]->is_alive && pages_[i]->owner == owner && !pages_[i]->is_disposed) tell(*pages_[i], FlushRequested{});
    }
    pass_until(now_ms_ + 20 * minute_ms);
    if (!violation_) leave(tab);
  }
}

std::optional<Violation> World::run() {
  for (const Action& action : life_.actions) {
    pass_until(action.at_ms);
    if (violation_) break;
    act(action);
  }
  if (!violation_) live_on();
  if (!violation_) check_backend();
  counts_.lives = 1;
  counts_.requests = backend_.requests;
  counts_.repetitions = backend_.repetitions;
  counts_.sessions = static_cast<std::int64_t>(backend_.entries.size());
  return violation_;
}

// ---- promises that need the whole world

Rank World::surviving_crash(const std::string& session) const {
  Rank best;
  const auto consider = [&](const Rank& rank) { best = std::max(best, rank); };
  const auto look_at_records = [&](const Shelf& shelf) {
    for (const auto& [key, item] : shelf) {
      if (item.session == session && item.callback == nullptr) consider(item.rank);
    }
  };
  // Callbacks in the journal are not counted: they become records as soon as the core runs.
  look_at_records(local_);
  look_at_records(mirror_);
  const auto entry = backend_.entries.find(session);
  if (entry != backend_.entries.end()) consider(entry->second.best);
  return best;
}

Rank World::surviving(const std::string& session) const {
  Rank best = surviving_crash(session);
  const auto look = [&](const Shelf& shelf) {
    for (const auto& [key, item] : shelf) {
      if (item.session == session) best = std::max(best, item.rank);
    }
  };
  look(local_);
  look(mirror_);
  for (const Tab& tab : tabs_) look(tab.session);
  for (const auto& each : pages_) {
    if (!each->is_alive || each->is_disposed) continue;
    look(each->memory);
    for (const Record& record : each->state.outbox) {
      if (record.report.id.value == session) best = std::max(best, rank_of(record.report, setup_.overrides == 1));
    }
  }
  return best;
}

void World::check_survival(const std::string& session) {
  if (session.empty() || forgotten_.contains(session)) return;
  const Rank all = surviving(session);
  Rank& required = required_[session];
  if (all < required && !may_fall_) return fail("the strongest report of a session was lost: " + session);
  required = all;
  const Rank durable = surviving_crash(session);
  Rank& required_durable = required_on_crash_[session];
  // While only the disk takes writes, a record that moves from one name to another may be between the two for moments.
  const bool has_disk_alone = (local_refuses_ || now_ms_ < disk_alone_until_ms_) && setup_.mirror == 1 && !mirror_fails_;
  if (durable < required_durable && !may_fall_ && !has_disk_alone) {
    return fail("the strongest report of a session survived a crash, and no longer does: " + session);
  }
  required_durable = durable;
}

void World::take_writes_again() {
  // What was stored while only the disk took writes is rewritten at the next attempt.
  if (local_refuses_) disk_alone_until_ms_ = now_ms_ + 10 * minute_ms;
  local_refuses_ = session_refuses_ = false;
}

void World::lower_survival() {
  for (const std::string& session : forgotten_) required_.erase(session);
  for (auto& [session, rank] : required_) rank = surviving(session);
  for (auto& [session, rank] : required_on_crash_) rank = surviving_crash(session);
}

void World::check_knowledge(Page& target, const std::string& id) {
  for (const Session& session : target.state.sessions) {
    if (!session.id || session.id->value != id || session.flow() == Flow::Idle) continue;
    const Rank rank = rank_of(report_of(session, ""), setup_.overrides == 1);
    Rank& known = target.known[id];
    const bool is_news = known < rank;
    known = std::max(known, rank);
    if (is_news && surviving(id) < rank) fail("a page learned something and recorded less: " + id);
  }
}

void World::check_not_stuck(Page& target) {
  if (target.is_disposed || !target.state.in_flight.empty() || target.is_timer_armed) return;
  for (const Record& record : target.state.outbox) {
    const bool wants_headers = record.state == DeliveryState::Unauthorized || record.state == DeliveryState::Refused;
    const bool is_resolving = wants_headers && target.state.is_resolving_headers;
    if (!is_resolving) return fail("a record waits and nothing will ever wake it: " + record.report.id.value);
  }
}

void World::check_backend() {
  for (const auto& [session, rank] : required_) {
    if (rank.flow == 0) continue;
    const auto entry = backend_.entries.find(session);
    if (entry == backend_.entries.end()) return fail("a session never reached the backend: " + session);
    if (entry->second.best < rank) return fail("the backend has less than the strongest report of " + session);
  }
  for (const auto& [session, entry] : backend_.entries) {
    if (!told_.contains(session)) return fail("the backend has a session that Link never named: " + session);
    if (entry.best.flow != static_cast<int>(Flow::Completed)) continue;
    if (!told_completed_.contains(session) && !has_nameless_success_) {
      return fail("the backend has a completion that Link never told: " + session);
    }
    if (entry.outcome != Outcome::Unknown && !told_outcomes_[session].contains(entry.outcome)) {
      return fail("the backend has an outcome that Link never told: " + session);
    }
  }
  // A page may still keep a copy of what another delivered, and send it later; never something that nobody delivered.
  for (const auto& each : pages_) {
    if (!each->is_alive || each->is_disposed) continue;
    for (const Record& record : each->state.outbox) {
      if (backend_.entries[record.report.id.value].best < rank_of(record.report, setup_.overrides == 1)) {
        return fail("a page still keeps what the backend has not: " + record.report.id.value);
      }
    }
  }
}

void World::fail(std::string what) {
  if (!violation_) violation_ = Violation{.what = std::move(what), .at_ms = now_ms_};
  say("BROKEN: " + violation_->what);
}

void World::say(const std::string& line) const {
  if (trace_) trace_(std::to_string(now_ms_) + ' ' + line);
}

}  // namespace linktrail::simulation
