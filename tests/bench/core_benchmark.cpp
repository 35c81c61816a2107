/// What the core itself costs: text in, effects out as text, as the binding calls it. `npm run bench` prints it.

#include "core/encode.hpp"
#include "core/parse.hpp"
#include "core/reduce.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using namespace linktrail;

constexpr std::int64_t epoch_ms = 1'768'471'200'000;
constexpr std::size_t events_per_session = 20;
constexpr std::size_t burst = 10'000;
constexpr int records = 50;

/// A page with its clock: what the binding does, and nothing else.
class Page {
 public:
  explicit Page(const char* name) {
    (void)handle(std::string(R"({"type":"started","endpoint":"https://shop.example/idv","owner":null,"page":")") + name +
                 R"(","version":"1.0.0","locks":true})");
    (void)handle(R"({"type":"headers_resolved"})");
  }

  std::string handle(std::string_view event) {
    ++now_.monotonic_ms;
    ++now_.wall_ms;
    effects_ = advance(state_, parse_event(event), now_);
    return encode(effects_);
  }

  [[nodiscard]] const State& state() const { return state_; }
  /// Of the last event.
  [[nodiscard]] const Effects& effects() const { return effects_; }

 private:
  State state_{};
  Effects effects_{};
  Moment now_{.wall_ms = epoch_ms, .monotonic_ms = 1'000, .entropy = 42};
};

std::string step_event(std::string_view id, std::size_t index) {
  static constexpr std::array<std::string_view, 5> views{"ACCEPT_TOS", "VERIFY_SMS", "KYC_CHECK", "SELFIE_CHECK", "RISK_CHECK"};
  std::string text = R"({"type":"on_event","name":"IDENTITY_VERIFICATION_)";
  text += index % 2 == 0 ? "START_STEP" : "PASS_STEP";
  text += R"(","link_session_id":")";
  text += id;
  text += R"(","request_id":"request)" + std::to_string(index) + R"(","timestamp":")";
  text += format_iso8601(epoch_ms + static_cast<std::int64_t>(index) * 500);
  text += R"(","view_name":")";
  text += views[index / 2 % views.size()];
  return text + R"("})";
}

std::vector<std::string> step_events(std::string_view id, std::size_t count) {
  std::vector<std::string> events;
  events.reserve(count);
  for (std::size_t index = 0; index < count; ++index) events.push_back(step_event(id, index));
  return events;
}

std::string success_event(int session) {
  return R"({"type":"on_success","link_session_id":"idv_Bench)" + std::to_string(session) + R"("})";
}

/// Sessions of ordinary length, one after the other.
void one_event(benchmark::State& run) {
  Page page("page-1");
  int session = 0;
  std::vector<std::string> events;
  std::size_t next = 0;
  for (auto _ : run) {
    if (next == events.size()) {
      run.PauseTiming();
      events = step_events("idv_Bench" + std::to_string(session++), events_per_session);
      next = 0;
      run.ResumeTiming();
    }
    benchmark::DoNotOptimize(page.handle(events[next++]));
  }
}
BENCHMARK(one_event);

/// The callback that tells of a completion, of a session that has had its steps: the effects hold the record and the request.
void on_success(benchmark::State& run) {
  int session = 0;
  for (auto _ : run) {
    run.PauseTiming();
    Page page("page-1");
    const std::string id = "idv_Bench" + std::to_string(++session);
    for (const std::string& event : step_events(id, events_per_session)) (void)page.handle(event);
    const std::string success = success_event(session);
    run.ResumeTiming();
    benchmark::DoNotOptimize(page.handle(success));
  }
}
BENCHMARK(on_success)->Iterations(10'000);

/// What another page stored and left, in one event.
std::string left_records() {
  Page page("page-0");
  std::vector<std::pair<std::string, std::string>> stored;
  for (int session = 0; session < records; ++session) {
    (void)page.handle(success_event(session));
    for (const Effect& effect : page.effects()) {
      const auto* const store = std::get_if<Store>(&effect);
      // Of the session itself: room for its request may have put off that of another.
      if (store != nullptr && store->key.value.ends_with("/idv_Bench" + std::to_string(session))) {
        stored.emplace_back(store->key.value, store->text);
      }
    }
  }
  std::string text = R"({"type":"records_found","orphaned":true,"records":[)";
  for (std::size_t index = 0; index < stored.size(); ++index) {
    if (index > 0) text += ',';
    text += R"({"key":")" + stored[index].first + R"(","text":")";
    for (const char character : stored[index].second) {
      if (character == '"' || character == '\\') text += '\\';
      text += character;
    }
    text += R"("})";
  }
  return text + "]}";
}

void restore_of_50_records(benchmark::State& run) {
  const std::string found = left_records();
  for (auto _ : run) {
    run.PauseTiming();
    Page page("page-1");
    run.ResumeTiming();
    benchmark::DoNotOptimize(page.handle(found));
    run.PauseTiming();
    if (page.state().outbox.size() != records) std::abort();
    run.ResumeTiming();
  }
}
BENCHMARK(restore_of_50_records)->Iterations(500);

/// All within one session, whose marks and steps are at their limits for most of it.
void burst_of_10000_events(benchmark::State& run) {
  const std::vector<std::string> events = step_events("idv_Burst", burst);
  for (auto _ : run) {
    Page page("page-1");
    for (const std::string& event : events) benchmark::DoNotOptimize(page.handle(event));
  }
}
BENCHMARK(burst_of_10000_events)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
