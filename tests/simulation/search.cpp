/// Visits every state of the small world that can be reached in a given number of moves, or until enough are known.
///
///   search --states 1000000 [--depth 40]      stops at whichever comes first; complete layers are reported
#include "small_world.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

namespace sim = linktrail::simulation;

struct DigestHash {
  std::size_t operator()(const sim::Digest& digest) const { return static_cast<std::size_t>(digest.high ^ digest.low); }
};

/// A state is remembered as the moves that lead to it: far smaller than the state, and replayed in no time.
using Path = std::vector<std::uint8_t>;

sim::SmallWorld replayed(const Path& path) {
  sim::SmallWorld world;
  for (const std::uint8_t choice : path) (void)world.make(world.moves()[choice]);
  return world;
}

void tell(const Path& path, std::uint8_t last, const std::string& broken) {
  std::cout << "A promise is broken: " << broken << "\nafter these moves:\n";
  sim::SmallWorld world;
  Path whole = path;
  whole.push_back(last);
  for (const std::uint8_t choice : whole) {
    const sim::Move move = world.moves()[choice];
    std::cout << "  " << describe(move) << '\n';
    (void)world.make(move);
  }
}

struct Limits {
  std::size_t states = 1'000'000;
  std::size_t depth = 64;
};

}  // namespace

int main(int argc, char** argv) {
  Limits limits;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string word = argv[i];
    const auto number = static_cast<std::size_t>(std::strtoull(argv[i + 1], nullptr, 10));
    if (word == "--states") limits.states = number;
    if (word == "--depth") limits.depth = number;
  }
  const auto began = std::chrono::steady_clock::now();
  std::unordered_set<sim::Digest, DigestHash> known;
  std::vector<Path> layer{Path{}};
  known.insert(sim::SmallWorld{}.digest());
  std::size_t complete_depth = 0;
  std::size_t transitions = 0;
  while (!layer.empty() && complete_depth < limits.depth && known.size() < limits.states) {
    std::vector<Path> next;
    for (const Path& path : layer) {
      const sim::SmallWorld here = replayed(path);
      const std::vector<sim::Move> moves = here.moves();
      for (std::size_t choice = 0; choice < moves.size(); ++choice) {
        sim::SmallWorld there = here;
        ++transitions;
        auto broken = there.make(moves[choice]);
        const bool is_new = !broken && known.insert(there.digest()).second;
        if (is_new) broken = there.ends_well();
        if (broken) {
          tell(path, static_cast<std::uint8_t>(choice), *broken);
          std::cout << known.size() << " states, 1 broken promise\n0 passed, 1 failed\n";
          return 1;
        }
        if (!is_new) continue;
        next.push_back(path);
        next.back().push_back(static_cast<std::uint8_t>(choice));
      }
      if (known.size() >= limits.states && &path != &layer.back()) break;
    }
    const bool is_complete = known.size() < limits.states;
    if (is_complete) ++complete_depth;
    layer = std::move(next);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  std::cout << known.size() << " distinct states, " << transitions << " moves tried, every state within " << complete_depth
            << " moves, " << (layer.empty() ? "nothing left to visit, " : "") << "0 broken promises, " << seconds << " s\n";
  std::cout << "1 passed, 0 failed\n";
  return 0;
}
