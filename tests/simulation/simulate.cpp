/// Lives many lives, and when one breaks a promise, shortens it to the fewest actions that still break it.
///
///   simulate --seeds 1..1000      lives these seeds and what tests/simulation/regressions holds
///   simulate --seed 7 --trace     lives one and tells everything
///   simulate --replay FILE…       lives the lives in these files

#include "world.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>

namespace {

namespace sim = linktrail::simulation;

struct Run {
  sim::Counts counts{};
  sim::JitterTally jitter{};
  std::int64_t broken = 0;
};

std::optional<sim::Violation> live(const sim::Life& life, Run& run, bool is_traced = false) {
  std::function<void(const std::string&)> trace;
  if (is_traced) trace = [](const std::string& line) { std::cout << line << '\n'; };
  sim::World world(life, run.jitter, std::move(trace));
  auto violation = world.run();
  run.counts.add(world.counts());
  return violation;
}

/// Of a message, the part that names the promise and not the session or the number.
std::string promise_of(const sim::Violation& violation) {
  std::string name = violation.what.substr(0, violation.what.find(':'));
  std::erase_if(name, [](char c) { return c >= '0' && c <= '9'; });
  return name;
}

bool still_breaks(const sim::Life& life, const std::string& promise) {
  Run ignored;
  const auto violation = live(life, ignored);
  return violation && promise_of(*violation) == promise;
}

/// Leaves out actions, large pieces first, as long as the same promise stays broken; then simplifies the circumstances.
/// Ends after ten seconds with what it has.
sim::Life shortened(sim::Life life, const std::string& promise) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  const auto has_time = [&] { return std::chrono::steady_clock::now() < give_up; };
  for (std::size_t piece = std::max<std::size_t>(1, life.actions.size() / 2); piece > 0; piece /= 2) {
    for (bool has_shrunk = true; has_shrunk;) {
      has_shrunk = false;
      for (std::size_t at = 0; at < life.actions.size() && has_time();) {
        sim::Life shorter = life;
        const std::size_t end = std::min(shorter.actions.size(), at + piece);
        shorter.actions.erase(shorter.actions.begin() + static_cast<std::ptrdiff_t>(at),
                              shorter.actions.begin() + static_cast<std::ptrdiff_t>(end));
        if (still_breaks(shorter, promise)) {
          life = std::move(shorter);
          has_shrunk = true;
        } else {
          ++at;
        }
      }
    }
  }
  const sim::Setup plain{.seed = life.setup.seed};
  for (const auto field :
       {&sim::Setup::locks, &sim::Setup::mirror, &sim::Setup::load_ms, &sim::Setup::latency_ms, &sim::Setup::faults_per_mille,
        &sim::Setup::headers, &sim::Setup::cache_policy, &sim::Setup::drift_ppm, &sim::Setup::closes_at_end,
        &sim::Setup::mends_storage, &sim::Setup::loses_writes}) {
    sim::Life simpler = life;
    simpler.setup.*field = plain.*field;
    if (still_breaks(simpler, promise)) life = std::move(simpler);
  }
  return life;
}

void report(const sim::Life& life, const sim::Violation& violation, const std::string& name, const std::string& folder) {
  std::cout << name << " breaks a promise after " << violation.at_ms << " ms: " << violation.what << '\n';
  const sim::Life shortest = shortened(life, promise_of(violation));
  const std::string text = "# " + violation.what + "\n# First broken by " + name + ".\n" + to_text(shortest);
  if (folder.empty()) {
    std::cout << text;
    return;
  }
  std::filesystem::create_directories(folder);
  const std::string path = folder + "/seed-" + std::to_string(life.setup.seed) + ".txt";
  std::ofstream(path) << text;
  std::cout << shortest.actions.size() << " actions are enough; they are written to " << path << '\n';
}

std::optional<sim::Life> read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (text.empty()) return std::nullopt;
  return sim::read_life(text);
}

bool replay(const std::filesystem::path& path, Run& run, bool is_traced) {
  const auto life = read_file(path);
  if (!life) {
    std::cout << path.string() << " is no life\n";
    return false;
  }
  const auto violation = live(*life, run, is_traced);
  if (violation) std::cout << path.string() << " breaks a promise: " << violation->what << '\n';
  return !violation;
}

struct Options {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  std::uint64_t stride = 1;
  std::uint64_t failures_max = 1;
  bool is_traced = false;
  std::string regressions{};
  std::string failures{};
  std::vector<std::string> files{};
};

std::optional<Options> read_options(int argc, char** argv) {
  Options options;
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [](const std::string& text) { return std::strtoull(text.c_str(), nullptr, 10); };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool has_value = i + 1 < words.size();
    if (words[i] == "--trace") {
      options.is_traced = true;
    } else if (words[i] == "--seeds" && has_value) {
      const std::string& range = words[++i];
      const auto dots = range.find("..");
      if (dots == std::string::npos) return std::nullopt;
      options.first = number(range.substr(0, dots));
      options.last = number(range.substr(dots + 2));
    } else if (words[i] == "--seed" && has_value) {
      options.first = options.last = number(words[++i]);
    } else if (words[i] == "--stride" && has_value) {
      options.stride = std::max<std::uint64_t>(1, number(words[++i]));
    } else if (words[i] == "--keep-going" && has_value) {
      options.failures_max = number(words[++i]);
    } else if (words[i] == "--regressions" && has_value) {
      options.regressions = words[++i];
    } else if (words[i] == "--failures" && has_value) {
      options.failures = words[++i];
    } else if (words[i] == "--replay" && has_value) {
      while (i + 1 < words.size()) options.files.push_back(words[++i]);
    } else {
      return std::nullopt;
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options(argc, argv);
  if (!options) {
    std::cerr << "simulate [--seeds A..B | --seed N] [--stride N] [--trace] [--regressions DIR] [--failures DIR] "
                 "[--keep-going N] [--replay FILE...]\n";
    return 2;
  }
  const auto began = std::chrono::steady_clock::now();
  Run run;
  std::vector<std::filesystem::path> files(options->files.begin(), options->files.end());
  if (!options->regressions.empty() && std::filesystem::exists(options->regressions)) {
    for (const auto& entry : std::filesystem::directory_iterator(options->regressions)) {
      if (entry.path().extension() == ".txt") files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    if (!replay(file, run, options->is_traced)) ++run.broken;
  }
  for (std::uint64_t seed = options->first; seed <= options->last; seed += options->stride) {
    const sim::Life life = sim::make_life(seed);
    const auto violation = live(life, run, options->is_traced);
    if (!violation) continue;
    ++run.broken;
    report(life, *violation, "seed " + std::to_string(seed), options->failures);
    if (static_cast<std::uint64_t>(run.broken) >= options->failures_max) break;
  }
  // Fewer are too few to judge a distribution by.
  constexpr std::int64_t delays_to_judge = 5'000;
  if (run.jitter.total() >= delays_to_judge && !run.jitter.is_even()) {
    ++run.broken;
    std::cout << "The delays are not spread evenly between nothing and their ceilings:";
    for (const auto count : run.jitter.tenths) std::cout << ' ' << count;
    std::cout << '\n';
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::cout << run.counts.lives << " lives (" << files.size() << " from files), " << run.counts.pages << " pages, "
            << run.counts.steps << " steps, " << run.counts.requests << " requests taken, " << run.counts.repetitions
            << " of them repetitions, " << run.counts.sessions << " sessions delivered, " << run.broken << " broken promises, "
            << seconds << " s\n";
  const auto passed = run.counts.lives - std::min(run.counts.lives, run.broken);
  std::cout << passed << " passed, " << run.broken << " failed\n";
  return run.broken == 0 && run.counts.lives > 0 ? 0 : 1;
}
