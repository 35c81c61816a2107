#include "delivery.hpp"

#include "limits.hpp"

#include <algorithm>
#include <utility>

namespace linktrail {
namespace {

bool is_completion(const Report& report) { return report.flow == Flow::Completed; }

/// Whether the copy under this page's own name survives the page, so that copies under other names are not needed.
bool is_safe(const Record& record) { return record.durability >= Durability::Browser; }

/// Whether `a` should make room before `b` in a full outbox: what is less far goes first, then what is older.
bool is_dispensable_before(const Record& a, const Record& b) {
  if (a.report.flow != b.report.flow) return a.report.flow < b.report.flow;
  return a.created_ms < b.created_ms;
}

}  // namespace

Record* Delivery::find_record(const LinkSessionId& id) {
  for (Record& record : state_.outbox) {
    if (record.report.id == id) return &record;
  }
  return nullptr;
}

const Record* Delivery::find_record(const LinkSessionId& id) const {
  for (const Record& record : state_.outbox) {
    if (record.report.id == id) return &record;
  }
  return nullptr;
}

void Delivery::submit(Report report) {
  Record* record = find_record(report.id);
  if (record != nullptr && !is_stronger(report, record->report)) return;
  if (record == nullptr) {
    if (!make_room_for(report)) {
      settle({.id = report.id, .state = DeliveryState::Expired, .key = report.key});
      return;
    }
    record = &state_.outbox.emplace_back();
    record->key = storage_key(state_.scope, state_.page, report.id);
  }
  record->created_ms = now_.wall_ms;
  record->report = std::move(report);
  record->state = DeliveryState::Waiting;
  record->attempts = 0;
  record->last_status.reset();
  record->post = 0;
  record->durability = Durability::Memory;
  record->refusal_told = false;
  record->is_keepalive = true;
  make_due_now(*record);
  std::string report_json = to_json(record->report);
  store(*record, report_json);
  // A completion leaves in the task that told of it, even while `Retry-After` holds back the repetitions of other reports:
  // the page may be gone in the next moment, and the first attempt of a new report repeats nothing.
  if (is_completion(record->report)) post(*record, std::move(report_json));
}

bool Delivery::make_room_for(const Report& report) {
  if (state_.outbox.size() < limits::records_max) return true;
  Record& least = *std::min_element(state_.outbox.begin(), state_.outbox.end(), is_dispensable_before);
  if (least.report.flow > report.flow) return false;
  drop(least, DeliveryState::Expired);
  return true;
}

void Delivery::store(const Record& record) { store(record, to_json(record.report)); }

void Delivery::store(const Record& record, std::string_view report_json) {
  auto& effect = emit<Store>(effects_);
  effect.key = record.key;
  effect.text = to_stored_text(record, report_json, now_);
}

void Delivery::post(Record& record) { post(record, to_json(record.report)); }

void Delivery::post(Record& record, std::string report_json) {
  record.state = DeliveryState::Sending;
  record.post = ++state_.last_post;
  ++record.attempts;
  if (state_.in_flight.size() >= limits::records_max) stop_waiting_for_oldest();
  InFlight& entry = state_.in_flight.emplace_back();
  entry.post = record.post;
  entry.id = record.report.id;
  entry.key = record.report.key;
  auto& effect = emit<Post>(effects_);
  effect.post = record.post;
  effect.key = record.report.key;
  effect.body = std::move(report_json);
  effect.timeout_ms =
      std::min(limits::post_timeout_ms_max, limits::post_timeout_ms * std::min<std::int64_t>(1 + record.failures, 10));
  effect.is_keepalive = record.is_keepalive;
}

void Delivery::stop_waiting_for_oldest() {
  const InFlight& oldest = state_.in_flight.front();
  Record* const record = find_record(oldest.id);
  if (record != nullptr && record->post == oldest.post) {
    record->state = DeliveryState::Waiting;
    record->post = 0;
    make_due_now(*record);
  }
  state_.in_flight.pop_front();
}

void Delivery::take_answer(const PostAnswered& answer) {
  const auto sent = std::find_if(state_.in_flight.begin(), state_.in_flight.end(),
                                 [&](const InFlight& entry) { return entry.post == answer.post; });
  if (sent == state_.in_flight.end()) return;
  std::list<InFlight> answered;
  answered.splice(answered.begin(), state_.in_flight, sent);
  const InFlight& entry = answered.front();

  const Verdict verdict = judge(answer.kind, answer.status);
  if (!state_.asked.empty() && state_.asked.front().post == entry.post) take_answer_to_ask(verdict);
  const std::optional<int> status = answer.kind == AnswerKind::Response ? std::optional<int>(answer.status) : std::nullopt;
  if (verdict == Verdict::Delivered) {
    deliver(entry, status);
    return;
  }
  const auto asked_ms = retry_after_ms(answer.retry_after, answer.date, now_.wall_ms);
  const std::int64_t wait_ms = std::min(asked_ms.value_or(0), limits::retry_after_ms_max);
  const std::int64_t floor_ms = asked_ms ? now_.monotonic_ms + wait_ms + dice_.roll(wait_ms / limits::retry_after_spread) : 0;
  state_.endpoint_floor_ms = std::max(state_.endpoint_floor_ms, floor_ms);
  if (state_.is_disposed) return;
  Record* const record = find_record(entry.id);
  // The answer to a copy that is no longer the newest says nothing about the newest.
  if (record == nullptr || record->post != entry.post) return;
  record->last_status = status;
  record->floor_ms = std::max(record->floor_ms, floor_ms);
  // The browser refuses a request that would exceed the keepalive budget with the same error as a dead network.
  record->is_keepalive = !(answer.kind == AnswerKind::NetworkFailed && record->is_keepalive);
  fail(*record, verdict);
}

void Delivery::deliver(const InFlight& sent, std::optional<int> status) {
  Record* const record = find_record(sent.id);
  if (record == nullptr || record->report.key != sent.key) return;
  record->last_status = status;
  record->post = sent.post;
  drop(*record, DeliveryState::Delivered);
}

void Delivery::fail(Record& record, Verdict verdict) {
  record.post = 0;
  ++record.failures;
  const bool is_too_old = now_.wall_ms - record.created_ms > limits::record_age_ms_max;
  if (is_too_old && record.failures >= limits::failures_before_expiry) {
    drop(record, DeliveryState::Expired);
    return;
  }
  retry(record, verdict);
  store(record);
  if (record.state == DeliveryState::Refused && !record.refusal_told) {
    record.refusal_told = true;
    emit<Settle>(effects_).receipt = receipt_from(record);
  }
}

void Delivery::retry(Record& record, Verdict verdict) {
  std::int64_t delay_ms = dice_.roll(backoff_ceiling_ms(verdict, record.failures, now_.wall_ms - record.created_ms));
  record.state = verdict == Verdict::Refused ? DeliveryState::Refused : DeliveryState::Waiting;
  if (verdict == Verdict::Reauthorize) {
    record.state = DeliveryState::Unauthorized;
    // Fresh headers are asked for at once; to wait is for when they did not help.
    if (record.reauthorizations++ == 0) delay_ms = 0;
  } else {
    record.reauthorizations = 0;
  }
  record.due_ms = std::max(now_.monotonic_ms, record.floor_ms) + delay_ms;
  record.due_wall_ms = now_.wall_ms + (record.due_ms - now_.monotonic_ms);
}

void Delivery::drop(Record& record, DeliveryState state) {
  Receipt receipt = receipt_from(record);
  receipt.state = state;
  receipt.next_attempt_ms.reset();
  erase(record);
  const auto place =
      std::find_if(state_.outbox.begin(), state_.outbox.end(), [&](const Record& other) { return &other == &record; });
  std::list<Record> dropped;
  dropped.splice(dropped.begin(), state_.outbox, place);
  if (state == DeliveryState::Delivered) listen_for(dropped);
  settle(std::move(receipt));
}

void Delivery::erase(Record& record) {
  emit<Erase>(effects_).key = record.key;
  for (StorageKey& former : record.former_keys) emit<Erase>(effects_).key = std::move(former);
}

void Delivery::settle(Receipt receipt) {
  std::erase_if(state_.settled, [&](const Receipt& other) { return other.id == receipt.id; });
  if (state_.settled.size() >= limits::settled_max) state_.settled.pop_front();
  state_.settled.push_back(receipt);
  emit<Settle>(effects_).receipt = std::move(receipt);
}

void Delivery::look_again_soon() {
  const std::int64_t at_ms = now_.monotonic_ms + limits::neighbour_patience_ms;
  state_.scan_at_ms = std::min(state_.scan_at_ms.value_or(at_ms), at_ms);
}

void Delivery::take_stored(const RecordStored& stored) {
  for (Record& record : state_.outbox) {
    if (record.key != stored.key) continue;
    record.durability = std::max(record.durability, stored.durability);
    if (!is_safe(record)) continue;
    for (StorageKey& former : record.former_keys) emit<Erase>(effects_).key = std::move(former);
    record.former_keys.clear();
  }
}

void Delivery::take_found(const RecordsFound& found) {
  // One record may be found in two copies of which the older one has the older lease: the newest speaks for both.
  std::list<StorageKey> leased;
  for (const FoundRecord& record : found.records) {
    if (!found.is_orphaned && respects_lease(record)) leased.push_back(record.key);
  }
  // A page that was taken for gone lives after all: what lies under its name is newer than what was taken over.
  for (Record& record : state_.outbox) {
    std::erase_if(record.former_keys,
                  [&](const StorageKey& former) { return std::find(leased.begin(), leased.end(), former) != leased.end(); });
  }
  std::list<Copy> taken;
  for (const FoundRecord& record : found.records) {
    if (std::find(leased.begin(), leased.end(), record.key) != leased.end()) continue;
    auto id = adopt(record);
    if (!id) continue;
    Copy& copy = taken.emplace_back();
    copy.key = record.key;
    copy.id = std::move(*id);
  }
  // Only now is the strongest of them known and stored.
  for (const Copy& copy : taken) replace_copy(copy);
}

bool Delivery::respects_lease(const FoundRecord& found) {
  const auto address = read_storage_key(found.key);
  if (!address || address->page == state_.page.value || address->scope != state_.scope.value) return false;
  const auto stored = read_stored_text(found.text, now_);
  if (!stored) return false;
  // What the endpoint asked of another page holds for this one, whether that page lives or not.
  state_.endpoint_floor_ms = std::max(state_.endpoint_floor_ms, stored->record.floor_ms);
  if (stored->lease_until_ms <= now_.wall_ms) return false;
  const std::int64_t scan_at_ms = now_.monotonic_ms + (stored->lease_until_ms - now_.wall_ms);
  state_.scan_at_ms = std::min(state_.scan_at_ms.value_or(scan_at_ms), scan_at_ms);
  return true;
}

std::optional<LinkSessionId> Delivery::adopt(const FoundRecord& found) {
  const auto address = read_storage_key(found.key);
  if (!address || address->page == state_.page.value || address->session_id.empty()) return std::nullopt;
  auto stored = read_stored_text(found.text, now_);
  if (!stored) {
    // A newer version may have written it, and it is found at every look: only text that is no JSON at all is beyond use.
    if (read_json(found.text)) return std::nullopt;
    ++state_.rejected;
    emit<Erase>(effects_).key = found.key;
    return std::nullopt;
  }
  Record& record = stored->record;
  if (address->scope != state_.scope.value) {
    // Somebody else's: it waits for them, and not for ever.
    const bool is_too_old = now_.wall_ms - record.created_ms > limits::foreign_record_age_ms_max;
    if (is_too_old) emit<Erase>(effects_).key = found.key;
    return std::nullopt;
  }
  // What the endpoint asked for holds for all records, also when another copy of this one was found first.
  state_.endpoint_floor_ms = std::max(state_.endpoint_floor_ms, record.floor_ms);
  // A read of the disk that was under way may still bring what was forgotten.
  const std::int64_t since_ms = now_.monotonic_ms - state_.forgotten_at_ms.value_or(0);
  // By a clock that was set back in between, what came later looks older.
  const bool was_set_back = now_.wall_ms - state_.forgotten_wall_ms < since_ms - limits::clock_noise_ms;
  const bool was_forgotten = state_.forgotten_at_ms && since_ms <= limits::forgetting_ms && !was_set_back &&
                             record.created_ms <= state_.forgotten_wall_ms;
  if (was_forgotten) {
    emit<Erase>(effects_).key = found.key;
    return std::nullopt;
  }
  const LinkSessionId id = record.report.id;
  Record* own = find_record(id);
  const Receipt past = receipt_of(id);
  const bool was_delivered_here = past.state == DeliveryState::Delivered && past.key == record.report.key;
  const bool is_superseded = own != nullptr && !is_stronger(record.report, own->report);
  if (!was_delivered_here && !is_superseded) {
    if (own == nullptr) {
      if (!make_room_for(record.report)) return std::nullopt;  // It stays where it is for a page that has room.
      own = &state_.outbox.emplace_back();
    }
    record.key = storage_key(state_.scope, state_.page, id);
    record.former_keys = std::move(own->former_keys);
    *own = std::move(record);
    store(*own);
  }
  return id;
}

void Delivery::replace_copy(const Copy& copy) {
  Record* const own = find_record(copy.id);
  if (own == nullptr) {
    emit<Erase>(effects_).key = copy.key;
    return;
  }
  // The other page may live, its lock free or its lease over, and at this moment erase ours: it is written again, and only
  // when that copy is safe the other goes.
  if (is_safe(*own)) {
    own->durability = Durability::Memory;
    store(*own);
  }
  auto& formers = own->former_keys;
  const bool is_known = std::find(formers.begin(), formers.end(), copy.key) != formers.end();
  // One too many stays where it is, for the next page that looks.
  if (!is_known && formers.size() < limits::former_keys_max) formers.push_back(copy.key);
}

void Delivery::take_headers() {
  state_.is_resolving_headers = false;
  for (Record& record : state_.outbox) {
    if (needs_headers(record)) record.state = DeliveryState::Waiting;
  }
}

void Delivery::take_missing_headers() {
  state_.is_resolving_headers = false;
  for (Record& record : state_.outbox) {
    if (!needs_headers(record)) continue;
    ++record.failures;
    retry(record, record.state == DeliveryState::Refused ? Verdict::Refused : Verdict::Reauthorize);
  }
}

void Delivery::make_due_now(Record& record) {
  const std::int64_t floor_ms = std::max(record.floor_ms, state_.endpoint_floor_ms);
  record.due_ms = std::max(now_.monotonic_ms, floor_ms);
  record.due_wall_ms = now_.wall_ms + (record.due_ms - now_.monotonic_ms);
}

void Delivery::take_signal(PageSignal signal) {
  if (signal == PageSignal::Offline) return;
  if (signal != PageSignal::Online) state_.is_hidden = signal == PageSignal::Hidden;
  // What was under way when the page was frozen may never be answered.
  if (signal == PageSignal::Restored) state_.in_flight.clear();
  for (Record& record : state_.outbox) {
    const bool may_die_with_page = record.state == DeliveryState::Sending && !record.is_keepalive;
    const bool may_be_dead = record.state == DeliveryState::Sending && signal == PageSignal::Restored;
    if ((signal == PageSignal::Hidden && may_die_with_page) || may_be_dead) {
      record.state = DeliveryState::Waiting;
      record.post = 0;
    }
    if (signal == PageSignal::Hidden) record.is_keepalive = true;
    if (record.state == DeliveryState::Waiting || record.state == DeliveryState::Unauthorized) make_due_now(record);
    if (signal == PageSignal::Restored) {
      // A frozen page may have lost its lock, and another page erased this copy when it took the record over.
      record.durability = Durability::Memory;
      store(record);
    }
  }
  if (signal == PageSignal::Restored) ask_now();
  if (signal != PageSignal::Hidden) emit<Scan>(effects_);
}

void Delivery::flush() {
  for (Record& record : state_.outbox) {
    if (record.state != DeliveryState::Sending) make_due_now(record);
  }
  ask_now();
}

void Delivery::forget() {
  auto& effect = emit<ErasePrefix>(effects_);
  effect.prefix = storage_prefix_of(state_.scope);
  effect.at_ms = now_.wall_ms;
  forget_all(now_.wall_ms);
}

void Delivery::take_forgotten(const ForgottenElsewhere& forgotten) {
  if (forgotten.prefix != storage_prefix_of(state_.scope)) return;
  forget_all(std::min(forgotten.at_ms.value_or(now_.wall_ms), now_.wall_ms));
}

void Delivery::forget_all(std::int64_t at_wall_ms) {
  state_.forgotten_wall_ms = at_wall_ms;
  state_.forgotten_at_ms = now_.monotonic_ms;
  for (auto next = state_.outbox.begin(); next != state_.outbox.end();) {
    Record& record = *next++;
    // What is of a time still to come was recorded before the clock was set back.
    const bool is_since = record.created_ms > at_wall_ms && record.created_ms <= now_.wall_ms;
    if (!is_since) {
      drop(record, DeliveryState::Forgotten);
      continue;
    }
    // The page that forgot was perhaps still erasing when this was stored.
    record.durability = Durability::Memory;
    store(record);
  }
  std::erase_if(state_.in_flight, [&](const InFlight& entry) { return find_record(entry.id) == nullptr; });
  state_.settled.clear();
  state_.asked.clear();
  state_.sessions.clear();
  Progress& shown = state_.shown;
  state_.has_new_name = !shown.unknown_events.empty() || !shown.unknown_views.empty();
  shown.unknown_events.clear();
  shown.unknown_views.clear();
}

bool Delivery::is_due(const Record& record) const {
  return record.state == DeliveryState::Waiting && due_ms_of(record) <= now_.monotonic_ms;
}

bool Delivery::needs_headers(const Record& record) const {
  // A refusal as well: some frameworks answer 422 to a form's token that is out of date.
  if (record.state == DeliveryState::Refused) return due_ms_of(record) <= now_.monotonic_ms;
  return record.state == DeliveryState::Unauthorized && record.due_ms <= now_.monotonic_ms;
}

std::int64_t Delivery::due_ms_of(const Record& record) const {
  return std::max({record.due_ms, record.floor_ms, state_.endpoint_floor_ms});
}

void Delivery::renew_leases() {
  if (!state_.renews_leases || state_.outbox.empty() || state_.renew_at_ms > now_.monotonic_ms) return;
  state_.renew_at_ms = now_.monotonic_ms + limits::lease_renewal_ms;
  for (const Record& record : state_.outbox) store(record);
}

void Delivery::pump() {
  // Completions first: if only some can leave, they are the ones that matter.
  for (const bool completions : {true, false}) {
    for (Record& record : state_.outbox) {
      if (is_completion(record.report) != completions || !is_due(record)) continue;
      if (state_.in_flight.size() < limits::posts_in_flight_max) post(record);
    }
  }
  if (Record* const asked = to_ask(); asked != nullptr && is_due(*asked)) post(*asked);
  const bool asks_for_headers =
      std::any_of(state_.outbox.begin(), state_.outbox.end(), [&](const Record& record) { return needs_headers(record); });
  if (asks_for_headers && !state_.is_resolving_headers) {
    state_.is_resolving_headers = true;
    emit<ResolveHeaders>(effects_);
  }
  if (state_.scan_at_ms && *state_.scan_at_ms <= now_.monotonic_ms) {
    state_.scan_at_ms.reset();
    emit<Scan>(effects_);
  }
  renew_leases();
}

std::optional<std::int64_t> Delivery::next_deadline_ms() const {
  std::optional<std::int64_t> next = state_.scan_at_ms;
  const auto consider = [&](std::int64_t at_ms) { next = std::min(next.value_or(at_ms), at_ms); };
  const bool has_slot = state_.in_flight.size() < limits::posts_in_flight_max;
  for (const Record& record : state_.outbox) {
    if (record.state == DeliveryState::Waiting && has_slot) consider(due_ms_of(record));
    if (state_.is_resolving_headers) continue;
    if (record.state == DeliveryState::Refused) consider(due_ms_of(record));
    if (record.state == DeliveryState::Unauthorized) consider(record.due_ms);
  }
  if (state_.renews_leases && !state_.outbox.empty()) consider(state_.renew_at_ms);
  if (const Record* const asked = to_ask(); asked != nullptr) consider(due_ms_of(*asked));
  return next;
}

Receipt Delivery::receipt_from(const Record& record) {
  Receipt receipt{.id = record.report.id,
                  .state = record.state,
                  .attempts = record.attempts,
                  .durability = record.durability,
                  .last_status = record.last_status,
                  .key = record.report.key};
  if (record.state != DeliveryState::Sending) receipt.next_attempt_ms = record.due_wall_ms;
  return receipt;
}

Receipt Delivery::receipt_of(const LinkSessionId& id) const {
  if (const Record* const record = find_record(id); record != nullptr) return receipt_from(*record);
  // The newest first: it is nearly always the one.
  const auto settled =
      std::find_if(state_.settled.rbegin(), state_.settled.rend(), [&](const Receipt& receipt) { return receipt.id == id; });
  return settled == state_.settled.rend() ? Receipt{.id = id} : *settled;
}

}  // namespace linktrail
