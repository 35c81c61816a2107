/// Plays every scenario file against the core: as written, with each call twice, and with the calls of each handler in
/// other orders. A scenario file is a list of JSON values, one per line: a header, the calls of Link in order of arrival,
/// and what a correct tracker may conclude.
///
///   scenario_runner DIRECTORY [--record FILE]
///   scenario_runner --replay FILE
///
/// In the folder `answers` are scenarios of what the backend says: the header gives its `answers`, one per request, of which
/// the last is given again and again (`status`, `body` as text, `retry_after`), `{"ms":…,"page":"hidden"}` tells of the page,
/// and `expect` gives the `verdict` and the number of `requests` when `until_ms` have passed.
///
/// With `--record`, also writes what the core was told and what it answered, so that the shipped module can be held to it.
/// With `--replay`, feeds the core the `steps` of a file that `linktrail replay --json` printed, and checks its answers.

#include "core/encode.hpp"
#include "core/parse.hpp"
#include "core/reduce.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;
using namespace linktrail;

/// 2026-01-15T10:00:00Z, from which the calls of a scenario count.
constexpr std::int64_t epoch_ms = 1'768'471'200'000;
constexpr double entropy_fraction = 0.25;
constexpr int shuffles = 50;

struct Call {
  std::int64_t ms = 0;
  int handler = 1;
  std::string callback{};
  json args = json::array();
};

struct Scenario {
  std::string name{};
  /// What the backend answers, one after the other; 200 without a body where there are none.
  json answers = json::array();
  std::vector<Call> calls{};
  json expect = json::object();
};

/// What `capture.ts` makes of a callback's arguments: text is taken, nothing is nothing, all else is counted.
class CapturedCallback {
 public:
  explicit CapturedCallback(const char* type) { fields_["type"] = type; }
  void copy(const json& source, const std::vector<const char*>& names) {
    if (source.is_null()) return;
    if (!source.is_structured()) {
      ++unreadable_;
      return;
    }
    for (const char* const name : names) {
      if (!source.is_object() || !source.contains(name)) continue;
      set(name, *source.find(name));
    }
  }
  void set(const char* name, const json& value) {
    if (value.is_string()) {
      fields_[name] = value;
    } else if (!value.is_null()) {
      ++unreadable_;
    }
  }
  std::string text() {
    if (unreadable_ > 0) fields_["unreadable"] = unreadable_;
    return fields_.dump(-1, ' ', false, json::error_handler_t::replace);
  }

 private:
  json fields_ = json::object();
  int unreadable_ = 0;
};

/// What `transport.ts` makes of an answer's body: one word, of a short JSON object.
std::string status_in(const std::string& body) {
  if (body.size() > 4096) return {};
  const json read = json::parse(body, nullptr, false);
  if (!read.is_object() || !read.contains("status") || !read["status"].is_string()) return {};
  std::string status = read["status"];
  const bool is_word = !status.empty() && status.size() <= 32 &&
                       std::all_of(status.begin(), status.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return is_word ? status : std::string();
}

json argument(const Call& call, std::size_t index) { return index < call.args.size() ? json(call.args[index]) : json(nullptr); }

std::string event_text(const Call& call) {
  if (call.callback == "flush") return R"({"type":"flush_requested"})";
  if (call.callback == "page") return json{{"type", "page_changed"}, {"signal", call.args}}.dump();
  if (call.callback == "onSuccess") {
    CapturedCallback event("on_success");
    event.copy(argument(call, 1), {"link_session_id"});
    return event.text();
  }
  if (call.callback == "onExit") {
    CapturedCallback event("on_exit");
    event.copy(argument(call, 0), {"error_type", "error_code"});
    event.copy(argument(call, 1), {"link_session_id", "status"});
    return event.text();
  }
  CapturedCallback event("on_event");
  event.set("name", argument(call, 0));
  event.copy(argument(call, 1),
             {"link_session_id", "request_id", "timestamp", "view_name", "error_type", "error_code", "exit_status"});
  return event.text();
}

/// A page whose storage always works, and a backend that answers as it is told.
class World {
 public:
  explicit World(json answers) : answers_(std::move(answers)) {
    tell(
        R"({"type":"started","endpoint":"https://example.test/idv","owner":"synthetic","page":"page-1","version":"0.0.0","locks":true})",
        0);
  }

  void call(const Call& what, std::int64_t ms) { tell(event_text(what), ms); }
  void wait_until(std::int64_t ms) { tell(R"({"type":"woken"})", ms); }
  /// The same, with every deadline on the way.
  void pass_until(std::int64_t ms) {
    while (state_.wake_at_ms && *state_.wake_at_ms <= ms) wait_until(*state_.wake_at_ms);
  }

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const std::map<std::string, json>& backend() const { return backend_; }
  [[nodiscard]] const json& record() const { return record_; }
  [[nodiscard]] std::size_t requests() const { return requests_; }
  [[nodiscard]] bool was_told_undeliverable() const { return was_told_undeliverable_; }

 private:
  void tell(const std::string& text, std::int64_t ms) {
    std::vector<std::string> inbox{text};
    for (std::size_t next = 0; next < inbox.size(); ++next) {
      const Moment now{.wall_ms = epoch_ms + ms,
                       .monotonic_ms = ms,
                       .entropy = static_cast<std::uint64_t>(entropy_fraction * 9007199254740992.0)};
      Transition transition = reduce(std::move(state_), parse_event(inbox[next]), now);
      state_ = std::move(transition.state);
      record_.push_back({{"event", inbox[next]},
                         {"wall_ms", now.wall_ms},
                         {"monotonic_ms", now.monotonic_ms},
                         {"entropy", entropy_fraction},
                         {"effects", encode(transition.effects)},
                         {"progress", encode(state_.shown)}});
      for (const Effect& effect : transition.effects) carry_out(effect, inbox);
    }
  }

  void carry_out(const Effect& effect, std::vector<std::string>& inbox) {
    if (const auto* const store = std::get_if<Store>(&effect)) {
      inbox.push_back(json{{"type", "record_stored"}, {"key", store->key.value}, {"durability", "browser"}}.dump());
    } else if (const auto* const post = std::get_if<Post>(&effect)) {
      const json report = json::parse(post->body, nullptr, false);
      backend_[post->key.value] = report;
      answer(post->post, inbox);
    } else if (std::holds_alternative<ResolveHeaders>(effect)) {
      inbox.emplace_back(R"({"type":"headers_resolved"})");
    } else if (const auto* const settle = std::get_if<Settle>(&effect)) {
      was_told_undeliverable_ |= settle->receipt.state == DeliveryState::Undeliverable;
    }
  }

  void answer(std::uint32_t post, std::vector<std::string>& inbox) {
    const json said = answers_.empty() ? json::object() : answers_[std::min(requests_, answers_.size() - 1)];
    ++requests_;
    const int status = said.value("status", 200);
    json event = {{"type", "post_answered"}, {"post", post}, {"kind", "response"}, {"status", status}};
    if (said.contains("retry_after")) event["retry_after"] = said["retry_after"];
    inbox.push_back(event.dump());
    const std::string word = status_in(said.value("body", ""));
    if (status >= 200 && status < 300 && !word.empty()) {
      inbox.push_back(json{{"type", "verdict_told"}, {"post", post}, {"status", word}}.dump());
    }
  }

  json answers_;
  std::size_t requests_ = 0;
  State state_{};
  std::map<std::string, json> backend_{};
  json record_ = json::array();
  bool was_told_undeliverable_ = false;
};

json sessions_of(const State& state) {
  std::map<std::string, json> by_id;
  for (const Session& session : state.sessions) {
    if (!session.id) continue;
    json steps = json::object();
    for (const Step& step : session.summary.steps) steps[step.view_name] = std::string(wire(step.status));
    by_id[session.id->value] = {
        {"flow", std::string(wire(session.flow()))}, {"outcome", std::string(wire(session.summary.outcome))}, {"steps", steps}};
  }
  return by_id;
}

json expected_sessions(const Scenario& scenario) {
  std::map<std::string, json> by_id;
  for (const json& session : scenario.expect["sessions"]) {
    by_id[session["link_session_id"].get<std::string>()] = {
        {"flow", session["flow"]}, {"outcome", session["outcome"]}, {"steps", session["steps"]}};
  }
  return by_id;
}

class Results {
 public:
  void check(const std::string& what, bool holds, const std::string& detail = {}) {
    (holds ? passed_ : failed_) += 1;
    if (!holds) std::printf("FAILED %s\n    %s\n", what.c_str(), detail.c_str());
  }
  [[nodiscard]] int close() const {
    std::printf("%d passed, %d failed\n", passed_, failed_);
    return failed_ == 0 && passed_ > 0 ? 0 : 1;
  }

 private:
  int passed_ = 0;
  int failed_ = 0;
};

World play(const std::vector<Call>& calls) {
  World world(json::array());
  for (const Call& call : calls) world.call(call, call.ms);
  world.wait_until((calls.empty() ? 0 : calls.back().ms) + 10'000);
  return world;
}

/// Each call in its time, every deadline before it.
World play_answered(const Scenario& scenario) {
  World world(scenario.answers);
  for (const Call& call : scenario.calls) {
    world.pass_until(call.ms);
    world.call(call, call.ms);
  }
  world.pass_until(scenario.expect["until_ms"]);
  return world;
}

void check_answered(const Scenario& scenario, const World& world, Results& results) {
  const json sessions = sessions_of(world.state());
  results.check(scenario.name + ": sessions", sessions == expected_sessions(scenario), sessions.dump());
  const std::string verdict(wire(world.state().shown.verdict));
  results.check(scenario.name + ": verdict", verdict == scenario.expect.value("verdict", ""), verdict);
  const std::string requests = std::to_string(world.requests());
  results.check(scenario.name + ": requests", world.requests() == scenario.expect["requests"], requests);
  const auto& delivery = world.state().shown.delivery;
  results.check(scenario.name + ": delivered", delivery && delivery->state == DeliveryState::Delivered);
  results.check(scenario.name + ": nothing is left to send", world.state().outbox.empty());
  results.check(scenario.name + ": nothing was rejected", world.state().rejected == 0);
}

void check_as_written(const Scenario& scenario, const World& world, Results& results) {
  const State& state = world.state();
  const json expected = expected_sessions(scenario);
  const json found = sessions_of(state);
  results.check(scenario.name + ": sessions", found == expected, found.dump() + " instead of " + expected.dump());

  const std::string advice(wire(state.shown.advice));
  results.check(scenario.name + ": advice", json(advice) == scenario.expect["reaction"], advice);

  const bool is_undeliverable = scenario.expect.contains("undeliverable");
  const bool is_shown = state.shown.delivery && state.shown.delivery->state == DeliveryState::Undeliverable;
  results.check(scenario.name + ": undeliverable is visible",
                is_shown == is_undeliverable && world.was_told_undeliverable() == is_undeliverable);

  if (scenario.expect.contains("unknown_events")) {
    const json unknown = state.shown.unknown_events;
    results.check(scenario.name + ": unknown names", unknown == scenario.expect["unknown_events"], unknown.dump());
  }

  // The backend holds each session, and its strongest report is the expected one.
  std::map<std::string, json> strongest;
  for (const auto& [key, report] : world.backend()) {
    json& known = strongest[report["link_session_id"].get<std::string>()];
    const auto strength = [](const json& body) {
      const auto flow = static_cast<int>(flow_from(body.value("flow", "idle")).value_or(Flow::Idle));
      return std::make_pair(flow, body.value("outcome", "unknown") != "unknown");
    };
    if (known.is_null() || strength(known) < strength(report)) known = report;
  }
  json at_backend = json::object();
  for (const auto& [id, report] : strongest) at_backend[id] = {{"flow", report["flow"]}, {"outcome", report["outcome"]}};
  json wanted = json::object();
  for (const auto& [id, session] : expected.items()) {
    wanted[id] = {{"flow", session["flow"]}, {"outcome", session["outcome"]}};
  }
  results.check(scenario.name + ": delivered", at_backend == wanted, at_backend.dump() + " instead of " + wanted.dump());
  results.check(scenario.name + ": nothing is left to send", state.outbox.empty());
}

/// A small generator of our own, so that every platform shuffles alike.
std::uint32_t next_random(std::uint32_t& seed) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed;
}

/// The calls of each handler in another order, arriving in one burst, as Link may deliver them at the end of a flow.
std::vector<Call> shuffled(const Scenario& scenario, std::uint32_t seed) {
  std::map<int, std::vector<Call>> by_handler;
  for (const Call& call : scenario.calls) by_handler[call.handler].push_back(call);
  std::vector<Call> calls;
  std::int64_t ms = 1'000;
  for (auto& [handler, own] : by_handler) {
    ms = std::max(ms, own.back().ms);
    for (std::size_t i = own.size(); i > 1; --i) std::swap(own[i - 1], own[next_random(seed) % i]);
    for (Call& call : own) {
      call.ms = ms++;
      calls.push_back(call);
    }
  }
  return calls;
}

std::vector<Call> doubled(const Scenario& scenario) {
  std::vector<Call> calls;
  for (const Call& call : scenario.calls) {
    calls.push_back(call);
    calls.push_back(call);
  }
  return calls;
}

bool every_event_is_dated(const Scenario& scenario) {
  return std::all_of(scenario.calls.begin(), scenario.calls.end(), [](const Call& call) {
    if (call.callback != "onEvent") return true;
    const json metadata = argument(call, 1);
    return metadata.is_object() && metadata.contains("timestamp") && metadata["timestamp"].is_string() &&
           parse_iso8601_ms(metadata["timestamp"].get<std::string>());
  });
}

void check_variants(const Scenario& scenario, Results& results) {
  if (!every_event_is_dated(scenario)) return;
  const json expected = expected_sessions(scenario);
  const World twice = play(doubled(scenario));
  const json found_twice = sessions_of(twice.state());
  results.check(scenario.name + ": each call twice", found_twice == expected, found_twice.dump());
  for (std::uint32_t seed = 1; seed <= shuffles; ++seed) {
    const json found = sessions_of(play(shuffled(scenario, seed * 2'654'435'761U)).state());
    if (found != expected) {
      results.check(scenario.name + ": shuffle " + std::to_string(seed), false, found.dump());
      return;
    }
  }
  results.check(scenario.name + ": shuffled", true);
}

bool read_scenario(const std::filesystem::path& path, Scenario& scenario) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty()) continue;
    const json value = json::parse(line, nullptr, false);
    if (value.is_discarded()) {
      // JSON of Link's world may hold lone surrogates, which no strict parser takes; they stand for damaged text.
      std::string repaired = line;
      for (std::size_t at = repaired.find("\\ud8"); at != std::string::npos; at = repaired.find("\\ud8", at)) {
        repaired.replace(at, 6, "\\ufffd");
      }
      const json second = json::parse(repaired, nullptr, false);
      if (second.is_discarded()) return false;
      scenario.calls.push_back(
          {.ms = second["ms"], .handler = second.value("handler", 1), .callback = second["cb"], .args = second["args"]});
    } else if (value.contains("scenario")) {
      scenario.name = value["scenario"];
      scenario.answers = value.value("answers", json::array());
    } else if (value.contains("expect")) {
      scenario.expect = value["expect"];
    } else if (value.contains("page")) {
      scenario.calls.push_back({.ms = value["ms"], .callback = "page", .args = value["page"]});
    } else {
      scenario.calls.push_back(
          {.ms = value["ms"], .handler = value.value("handler", 1), .callback = value["cb"], .args = value["args"]});
    }
  }
  return !scenario.name.empty() && scenario.expect.contains("sessions");
}

/// What a page recorded: a fresh core at each `started`, as in the page.
void check_replay(const json& steps, Results& results) {
  State state;
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const json& step = steps[at];
    const std::string text = step["event"];
    if (json::parse(text)["type"] == "started") state = State{};
    const Moment now{.wall_ms = static_cast<std::int64_t>(step["wall_ms"].get<double>()),
                     .monotonic_ms = static_cast<std::int64_t>(step["monotonic_ms"].get<double>()),
                     .entropy = static_cast<std::uint64_t>(step["entropy"].get<double>() * 9007199254740992.0)};
    Transition transition = reduce(std::move(state), parse_event(text), now);
    state = std::move(transition.state);
    const std::string effects = encode(transition.effects);
    results.check("step " + std::to_string(at + 1), step["effects"] == effects && step["progress"] == encode(state.shown),
                  effects);
  }
}

int replay(const std::string& path) {
  std::ifstream file(path);
  const json replayed = json::parse(file, nullptr, false);
  Results results;
  const bool is_readable = replayed.is_object() && replayed.contains("steps");
  results.check(path + ": readable", is_readable);
  if (is_readable) check_replay(replayed["steps"], results);
  return results.close();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--replay") return replay(argv[2]);
  std::string directory;
  std::string record_path;
  for (int i = 1; i < argc; ++i) {
    const std::string argument_text = argv[i];
    if (argument_text == "--record" && i + 1 < argc) {
      record_path = argv[++i];
    } else if (!argument_text.starts_with("--")) {
      directory = argument_text;
    }
  }
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".jsonl") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());

  Results results;
  std::ofstream record;
  if (!record_path.empty()) record.open(record_path);
  for (const auto& path : paths) {
    Scenario scenario;
    if (!read_scenario(path, scenario)) {
      results.check(path.filename().string() + ": readable", false);
      continue;
    }
    const bool is_answered = !scenario.answers.empty();
    const World world = is_answered ? play_answered(scenario) : play(scenario.calls);
    if (is_answered) {
      check_answered(scenario, world, results);
    } else {
      check_as_written(scenario, world, results);
      check_variants(scenario, results);
    }
    if (record.is_open()) record << json{{"scenario", scenario.name}, {"steps", world.record()}}.dump() << '\n';
  }
  return results.close();
}
