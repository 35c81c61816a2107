/// Whole lives of one page, chosen byte by byte: every event there is, answers to requests that were made, records that
/// were stored coming back as those of other pages. The promises that hold for every step are checked at every step.
#include "fuzzed.hpp"

#include "chance.hpp"
#include "promises.hpp"

#include "core/bounded_json.hpp"
#include "core/encode.hpp"
#include "core/reduce.hpp"

#include <array>
#include <optional>
#include <utility>

namespace {

using namespace linktrail;
namespace sim = linktrail::simulation;

constexpr std::array<std::string_view, 14> event_names{"IDENTITY_VERIFICATION_CREATE_SESSION",
                                                       "IDENTITY_VERIFICATION_RESUME_SESSION",
                                                       "IDENTITY_VERIFICATION_OPEN_UI",
                                                       "IDENTITY_VERIFICATION_RESUME_UI",
                                                       "IDENTITY_VERIFICATION_CLOSE_UI",
                                                       "IDENTITY_VERIFICATION_START_STEP",
                                                       "IDENTITY_VERIFICATION_PASS_STEP",
                                                       "IDENTITY_VERIFICATION_FAIL_STEP",
                                                       "IDENTITY_VERIFICATION_PASS_SESSION",
                                                       "IDENTITY_VERIFICATION_FAIL_SESSION",
                                                       "IDENTITY_VERIFICATION_PENDING_REVIEW_SESSION",
                                                       "IDENTITY_VERIFICATION_OF_TOMORROW",
                                                       "EXIT",
                                                       "TRANSITION_VIEW"};
constexpr std::array<std::string_view, 5> views{"", "ACCEPT_TOS", "KYC_CHECK", "SELFIE_CHECK", "A_STEP_OF_TOMORROW"};
constexpr std::array<std::string_view, 4> errors{"", "INVALID_LINK_TOKEN", "RECAPTCHA_BAD", "INTERNAL_SERVER_ERROR"};
constexpr std::array statuses{200, 204, 301, 400, 401, 403, 404, 408, 409, 413, 419, 422, 425, 429, 500, 503, 599, 999};
constexpr std::array<std::string_view, 5> waits{"", "0", "30", "900", "Thu, 15 Jan 2026 10:05:00 GMT"};
constexpr std::array durabilities{Durability::Memory, Durability::Tab, Durability::Browser, Durability::Disk};
constexpr std::array signals{PageSignal::Visible, PageSignal::Hidden, PageSignal::Restored, PageSignal::Online,
                             PageSignal::Offline};

class Life {
 public:
  Life(const std::uint8_t* data, std::size_t size) : choices_(data, size) {}

  void live() {
    const std::uint8_t kind = choices_.byte();
    tell(Started{.scope = {"scope"}, .page = {"page"}, .client_version = "0", .has_locks = kind % 2 == 0});
    for (int steps = 0; choices_.has_more() && steps < 600; ++steps) next();
  }

 private:
  void tell(const Event& event, std::optional<std::int64_t> asked_wait_ms = std::nullopt) {
    const Moment now{.wall_ms = wall_ms_, .monotonic_ms = monotonic_ms_, .entropy = ++events_ * 0x9e3779b97f4a7c15ULL};
    const sim::Before before = sim::remember(state_);
    Transition transition = reduce(std::move(state_), event, now);
    state_ = std::move(transition.state);
    const sim::Step step{.before = before,
                         .event = event,
                         .after = state_,
                         .effects = transition.effects,
                         .now = now,
                         .asked_wait_ms = asked_wait_ms};
    const auto broken = sim::broken_promise(step, ledger_, keys_, jitter_);
    fuzzed::require(!broken, broken.value_or(""));
    fuzzed::require(read_json(encode(transition.effects)).has_value(), "effects are JSON");
    for (const Effect& effect : transition.effects) {
      if (const auto* store = std::get_if<Store>(&effect)) {
        fuzzed::require(read_stored_text(store->text, now).has_value(), "a stored text can be read");
        if (kept_.size() < 32) kept_.push_back(*store);
      }
    }
  }

  std::optional<LinkSessionId> id() {
    const std::uint8_t choice = choices_.byte();
    if (choice == 0) return std::nullopt;
    if (choice < 8) return LinkSessionId{"idv_" + std::to_string(choice % 4)};
    if (choice == 8) return LinkSessionId{std::string(256, 'x')};
    if (choice == 9) return LinkSessionId{"a/b:c\"\\"};
    return LinkSessionId{"idv_" + std::to_string(fresh_++)};
  }

  void emit() {
    LinkEmitted event{.wire_name = std::string(event_names[choices_.below(event_names.size())])};
    event.name = event_name(event.wire_name);
    event.id = id();
    event.view_name = std::string(views[choices_.below(views.size())]);
    const std::uint8_t when = choices_.byte();
    if (when % 8 != 0) event.timestamp_ms = 1'768'471'200'000 + std::int64_t{when / 8} * 500;
    event.fingerprint = sim::mixed(static_cast<std::uint64_t>(event.name) * 977 + when + event.view_name.size());
    event.reason.error_code = std::string(errors[choices_.below(errors.size())]);
    tell(event);
  }

  template <class Item>
  const Item& any_of(const std::list<Item>& items) {
    return *std::next(items.begin(), static_cast<std::ptrdiff_t>(choices_.below(items.size())));
  }
  void answer() {
    if (state_.in_flight.empty()) return;
    PostAnswered event{.post = any_of(state_.in_flight).post};
    const std::size_t kind = choices_.below(8);
    event.kind = kind < 5 ? AnswerKind::Response : static_cast<AnswerKind>(kind - 4);
    if (event.kind == AnswerKind::Response) event.status = statuses[choices_.below(statuses.size())];
    std::optional<std::int64_t> asked_ms;
    const std::size_t wait = choices_.below(waits.size());
    event.retry_after = std::string(waits[wait]);
    if (wait > 0 && wait < 4) asked_ms = std::array<std::int64_t, 4>{0, 0, 30'000, 900'000}[wait];
    if (wait == 4) {
      event.date = "Thu, 15 Jan 2026 10:00:00 GMT";
      asked_ms = 300'000;
    }
    tell(event, asked_ms);
  }

  void find() {
    if (kept_.empty()) return;
    Store kept = kept_[choices_.below(kept_.size())];
    const std::uint8_t how = choices_.byte();
    const auto page = kept.key.value.find("/page/");
    if (how % 4 != 0) kept.key.value.replace(page, 6, "/gone" + std::to_string(how % 3) + '/');
    if (how % 16 == 5) kept.key.value.replace(kept.key.value.find("/scope/"), 7, "/other/");
    if (how % 32 == 9 && !kept.text.empty())
      kept.text[choices_.byte() % kept.text.size()] = static_cast<char>(choices_.byte() % 128);
    RecordsFound found{.records = {{.key = kept.key, .text = kept.text}}, .is_orphaned = how >= 128};
    if (how % 8 == 3) found.records.push_back({.key = kept.key, .text = kept_[choices_.below(kept_.size())].text});
    tell(found);
  }

  void pass() {
    const std::int64_t ms = choices_.duration_ms();
    wall_ms_ = std::min<std::int64_t>(std::max<std::int64_t>(0, wall_ms_ + ms), 200'000'000'000'000);
    if (ms > 0) monotonic_ms_ += ms;
  }

  void next() {
    switch (choices_.below(16)) {
      case 0:
      case 1:
      case 2: return emit();
      case 3: return tell(LinkSucceeded{.id = id()});
      case 4: {
        LinkExited event{.id = id()};
        event.reason.error_code = std::string(errors[choices_.below(errors.size())]);
        return tell(event);
      }
      case 5:
      case 6:
      case 7: return answer();
      case 8: {
        if (state_.outbox.empty()) return;
        const StorageKey key = any_of(state_.outbox).key;
        return tell(RecordStored{.key = key, .durability = durabilities[choices_.below(durabilities.size())]});
      }
      case 9: return find();
      case 10: pass(); return tell(Woken{});
      case 11: return pass();
      case 12: return tell(PageChanged{.signal = signals[choices_.below(signals.size())]});
      case 13: return choices_.below(3) == 0 ? tell(HeadersFailed{}) : tell(HeadersResolved{});
      case 14: return choices_.below(2) == 0 ? tell(FlushRequested{}) : tell(ReceiptRequested{.id = id()});
      default: return rarely();
    }
  }

  void rarely() {
    switch (choices_.below(9)) {
      case 8: return tell(ForgottenElsewhere{.prefix = storage_prefix_of(state_.scope)});
      case 0: return tell(ForgetRequested{});
      case 1: return tell(Disposed{});
      case 2: return tell(StorageChanged{});
      case 3: return tell(Rejected{"field"});
      case 4: return tell(VerdictTold{.post = state_.last_post, .verdict = static_cast<BackendVerdict>(choices_.below(7))});
      default: return tell(Woken{});
    }
  }

  fuzzed::Choices choices_;
  State state_{};
  sim::Ledger ledger_{};
  sim::KeyBook keys_{};
  sim::JitterTally jitter_{};
  std::vector<Store> kept_{};
  std::int64_t wall_ms_ = 1'768'471'200'000;
  std::int64_t monotonic_ms_ = 1'000;
  std::uint64_t events_ = 0;
  std::uint64_t fresh_ = 100;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Life life(data, size);
  life.live();
  return 0;
}
