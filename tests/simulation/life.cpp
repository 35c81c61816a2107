#include "life.hpp"

#include <algorithm>
#include <sstream>

namespace linktrail::simulation {
namespace {

constexpr std::array<std::string_view, deeds> deed_names{
    "open",    "close",   "crash",      "reload",  "freeze",        "restore",         "hide",
    "show",    "kill",    "offline",    "online",  "call",          "flush",           "forget",
    "dispose", "receipt", "clock_jump", "weather", "login_expires", "storage_refuses", "mirror_fails"};

struct Field {
  std::string_view name{};
  std::int64_t Setup::*value = nullptr;
};

constexpr std::array fields{Field{"seed", &Setup::seed},
                            Field{"locks", &Setup::locks},
                            Field{"mirror", &Setup::mirror},
                            Field{"load_ms", &Setup::load_ms},
                            Field{"latency_ms", &Setup::latency_ms},
                            Field{"faults_per_mille", &Setup::faults_per_mille},
                            Field{"headers", &Setup::headers},
                            Field{"cache_policy", &Setup::cache_policy},
                            Field{"drift_ppm", &Setup::drift_ppm},
                            Field{"overrides", &Setup::overrides},
                            Field{"closes_at_end", &Setup::closes_at_end},
                            Field{"mends_storage", &Setup::mends_storage},
                            Field{"loses_writes", &Setup::loses_writes},
                            Field{"verdicts", &Setup::verdicts}};

constexpr std::int64_t second_ms = 1'000;
constexpr std::int64_t minute_ms = 60 * second_ms;
constexpr std::int64_t hour_ms = 60 * minute_ms;
constexpr std::int64_t day_ms = 24 * hour_ms;

Setup make_setup(Chance& chance, std::uint64_t seed) {
  Setup setup;
  setup.seed = static_cast<std::int64_t>(seed);
  setup.locks = chance.one_in(4) ? 0 : 1;
  setup.mirror = chance.one_in(5) ? 0 : 1;
  setup.load_ms = chance.one_in(3) ? chance.between(1, 4'000) : 0;
  setup.latency_ms = chance.any_of({2, 20, 20, 100, 400, 3'000});
  setup.faults_per_mille = chance.any_of({0, 0, 50, 200, 500});
  setup.headers = chance.any_of({0, 0, 1, 2});
  setup.cache_policy = chance.between(0, 2);
  setup.drift_ppm = chance.any_of({0, 0, 200, -200, 20'000});
  setup.overrides = chance.one_in(4) ? 1 : 0;
  setup.closes_at_end = chance.one_in(3) ? 0 : 1;
  setup.mends_storage = chance.one_in(3) ? 0 : 1;
  setup.verdicts = Chance(mixed(seed)).one_in(2) ? 1 : 0;
  return setup;
}

/// A verification as Link tells it: an orderly list, of which some is left out, some said twice, some swapped.
std::vector<LinkCall> make_story(Chance& chance, const Setup& setup) {
  std::vector<LinkCall> story;
  const auto maybe = [&](LinkCall call, std::int64_t left_out_one_in) {
    if (!chance.one_in(left_out_one_in)) story.push_back(call);
  };
  if (chance.one_in(3)) story.push_back(LinkCall::OtherEvent);
  maybe(LinkCall::OpenUi, 4);
  maybe(LinkCall::CreateSession, 4);
  for (std::int64_t steps = chance.between(0, 3); steps > 0; --steps) {
    maybe(LinkCall::StartStep, 6);
    maybe(chance.one_in(5) ? LinkCall::FailStep : LinkCall::PassStep, 5);
  }
  if (chance.one_in(12)) story.push_back(LinkCall::UnknownEvent);
  if (chance.one_in(6)) story.push_back(chance.one_in(2) ? LinkCall::ExitWithoutId : LinkCall::Exit);
  if (!chance.one_in(4)) {
    maybe(LinkCall::Outcome, 4);
    maybe(chance.one_in(5) ? LinkCall::SuccessWithoutId : LinkCall::Success, 4);
    if (setup.overrides == 1 && chance.one_in(2)) {
      story.push_back(chance.one_in(4) ? LinkCall::OutcomeReturns : LinkCall::OtherOutcome);
    }
  }
  maybe(LinkCall::CloseUi, 3);
  if (chance.one_in(3)) {
    story.push_back(static_cast<LinkCall>(chance.any_of(
        {static_cast<std::int64_t>(LinkCall::Exit), static_cast<std::int64_t>(LinkCall::ExitWithoutId),
         static_cast<std::int64_t>(LinkCall::ExitWithError), static_cast<std::int64_t>(LinkCall::ExitOfOtherProduct),
         static_cast<std::int64_t>(LinkCall::ExitEvent)})));
  }
  for (std::size_t i = 0; i + 1 < story.size(); ++i) {
    if (chance.one_in(8)) std::swap(story[i], story[i + 1]);
  }
  if (!story.empty() && chance.one_in(4)) story.push_back(story[static_cast<std::size_t>(chance.between(0, 3)) % story.size()]);
  return story;
}

void add_stories(Life& life, Chance& chance, std::int64_t tabs, std::int64_t horizon_ms) {
  const std::int64_t sessions = chance.one_in(2'000) ? chance.between(60, sessions_in_life_max) : chance.between(1, 4);
  for (std::int64_t session = 0; session < sessions; ++session) {
    std::int64_t at_ms = chance.between(0, horizon_ms / 2);
    std::int64_t tab = chance.between(0, tabs - 1);
    const std::int64_t pause_ms = chance.any_of({1, 30, 800, 5 * second_ms, horizon_ms / 20 + 1});
    for (const LinkCall call : make_story(chance, life.setup)) {
      if (chance.one_in(25)) tab = chance.between(0, tabs - 1);
      at_ms += chance.between(0, pause_ms);
      life.actions.push_back({.at_ms = at_ms,
                              .deed = Deed::Call,
                              .tab = tab,
                              .a = session,
                              .b = static_cast<std::int64_t>(call),
                              .c = chance.between(0, 999)});
    }
  }
}

std::int64_t make_jump(Chance& chance) {
  const std::int64_t size_ms = chance.any_of({50, 5 * second_ms, 10 * minute_ms, 3 * hour_ms, 2 * day_ms, 20 * day_ms});
  const std::int64_t jump_ms = chance.between(1, size_ms);
  return chance.one_in(2) ? jump_ms : -jump_ms;
}

Action make_weather(Chance& chance, std::int64_t horizon_ms) {
  Action action{.deed = Deed::Weather};
  action.a = chance.between(1, weathers - 1);
  action.b = chance.one_in(3) ? chance.between(1, horizon_ms + 1) : chance.between(1, 20 * second_ms);
  action.c = make_answer(chance);
  return action;
}

Action make_mishap(Chance& chance, std::int64_t horizon_ms) {
  Action action;
  switch (chance.between(0, 21)) {
    case 0: action.deed = Deed::Close; break;
    case 1: action.deed = Deed::Crash; break;
    case 2: action.deed = Deed::Reload; break;
    case 3: action.deed = Deed::Freeze; break;
    case 4: action.deed = Deed::Restore; break;
    case 5: action.deed = Deed::Hide; break;
    case 6: action.deed = Deed::Show; break;
    case 7: action.deed = Deed::Kill; break;
    case 8: action.deed = Deed::Offline; break;
    case 9: action.deed = Deed::Online; break;
    case 10: action.deed = Deed::Flush; break;
    case 11: action.deed = chance.one_in(3) ? Deed::Forget : Deed::AskReceipt; break;
    case 12: action.deed = chance.one_in(2) ? Deed::Dispose : Deed::Crash; break;
    case 13: action = {.deed = Deed::ClockJump, .a = make_jump(chance)}; break;
    case 14: action.deed = Deed::LoginExpires; break;
    case 15: action = {.deed = Deed::StorageRefuses, .a = chance.one_in(3) ? 0 : 1, .b = chance.between(0, 1)}; break;
    case 16: action = {.deed = Deed::MirrorFails, .a = chance.one_in(3) ? 0 : 1}; break;
    case 17: action = {.deed = Deed::Open, .a = chance.one_in(4) ? 1 : 0}; break;
    default: action = make_weather(chance, horizon_ms); break;
  }
  return action;
}

}  // namespace

std::string_view name_of(Deed deed) { return deed_names[static_cast<std::size_t>(deed)]; }

std::int64_t make_answer(Chance& chance) {
  const std::int64_t status =
      chance.any_of({500, 502, 503, 503, 503, 504, 429, 429, 429, 408, 409, 425, 400, 404, 413, 422, 401, 403, 419, 302});
  const std::int64_t told = chance.between(0, 2);
  const std::int64_t seconds = chance.any_of({0, 1, 3, 30, 120, 900});
  return status * 100'000 + told * 10'000 + seconds;
}

Life make_life(std::uint64_t seed) {
  Chance chance(seed);
  Life life{.setup = make_setup(chance, seed)};
  const std::int64_t tabs = chance.any_of({1, 2, 2, 3});
  const std::int64_t horizon_ms =
      chance.any_of({2 * second_ms, 15 * second_ms, 15 * second_ms, 2 * minute_ms, 2 * minute_ms, 20 * minute_ms, 5 * hour_ms});
  add_stories(life, chance, tabs, horizon_ms);
  // Mishaps come at random, and every other one right after something happened: that is where the narrow gaps are.
  const std::size_t calls = life.actions.size();
  for (std::int64_t mishaps = chance.between(0, 12); mishaps > 0; --mishaps) {
    Action action = make_mishap(chance, horizon_ms);
    action.tab = chance.between(0, tabs - 1);
    action.at_ms = chance.between(0, horizon_ms);
    if (calls > 0 && chance.one_in(2)) {
      const auto near = static_cast<std::size_t>(chance.between(0, static_cast<std::int64_t>(calls) - 1));
      action.at_ms = life.actions[near].at_ms + chance.between(0, chance.any_of({0, 5, 60, 900, 12 * second_ms}));
      if (chance.one_in(2)) action.tab = life.actions[near].tab;
    }
    life.actions.push_back(action);
  }
  std::stable_sort(life.actions.begin(), life.actions.end(),
                   [](const Action& a, const Action& b) { return a.at_ms < b.at_ms; });
  return life;
}

std::string to_text(const Life& life) {
  std::ostringstream out;
  for (const Field& field : fields) out << "setup " << field.name << ' ' << life.setup.*field.value << '\n';
  for (const Action& action : life.actions) {
    out << "at " << action.at_ms << " tab " << action.tab << ' ' << name_of(action.deed) << ' ' << action.a << ' ' << action.b
        << ' ' << action.c << '\n';
  }
  return out.str();
}

std::optional<Life> read_life(std::string_view text) {
  Life life;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string kind;
    std::string name;
    words >> kind;
    if (kind == "setup") {
      std::int64_t value = 0;
      if (!(words >> name >> value)) return std::nullopt;
      const auto* const field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
      if (field == fields.end()) return std::nullopt;
      life.setup.*field->value = value;
      continue;
    }
    Action action;
    std::string tab_word;
    if (kind != "at" || !(words >> action.at_ms >> tab_word >> action.tab >> name >> action.a >> action.b >> action.c)) {
      return std::nullopt;
    }
    const auto* const deed = std::find(deed_names.begin(), deed_names.end(), name);
    if (deed == deed_names.end() || action.tab < 0 || action.tab >= tabs_max) return std::nullopt;
    action.deed = static_cast<Deed>(deed - deed_names.begin());
    life.actions.push_back(action);
  }
  return life;
}

}  // namespace linktrail::simulation
