/// A world small enough to be searched completely: two tabs, one session, storage, a network that may do anything with a
/// request, and a backend. It is a value; a move leads from one to the next, and nothing is left to chance.
///
/// Time is taken out: every clock stands at one moment, a deadline is reached by moving that page's times towards it.
#pragma once

#include "backend.hpp"
#include "promises.hpp"

#include "core/reduce.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace linktrail::simulation {

enum class Call : std::uint8_t { Create, Pass, Fail, Success, Exit };
enum class Fate : std::uint8_t {
  /// It reaches the backend; its answer is still to come.
  Arrives,
  /// What the backend answered is heard.
  Acknowledged,
  /// The same, and its body says that the verification is not decided.
  Undecided,
  /// The answer, or the request, is lost and the page learns that.
  Lost,
  Overloaded,
  LoginExpired,
  /// It is gone and nobody will learn of it: its page is gone as well.
  Vanishes,
};

struct Move {
  enum class Kind : std::uint8_t { Open, Call, Deadline, Crash, Close, Reload, Fate, Adopt, StorageRefuses, Freeze, Restore };
  Kind kind = Kind::Open;
  int tab = 0;
  Call call = Call::Create;
  Fate fate = Fate::Arrives;
  /// Of a request: its place among those under way. Of an adoption: the place of the page's name.
  std::size_t which = 0;
};
[[nodiscard]] std::string describe(const Move& move);

struct SmallItem {
  std::string text{};
  Rank rank{};
};

struct SmallPage {
  bool is_open = false;
  bool is_frozen = false;
  State state{};
  Ledger ledger{};
  /// What storage refused.
  std::map<std::string, SmallItem> memory{};
  /// The texts under which each record of another page was found: only these may it erase.
  std::map<std::string, std::set<std::string>> shown{};
};

struct Flight {
  /// The tab whose page waits for the answer; -1 when that page is gone.
  int tab = -1;
  std::uint32_t post = 0;
  Report report{};
  bool has_arrived = false;
};

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Digest&) const = default;
};

class SmallWorld {
 public:
  /// Everything that can happen next, in an order that depends on nothing but the world.
  [[nodiscard]] std::vector<Move> moves() const;
  /// The broken promise, if one was.
  [[nodiscard]] std::optional<std::string> make(const Move& move);
  /// Whether the session's strongest report arrives when from now on nothing more goes wrong.
  [[nodiscard]] std::optional<std::string> ends_well() const;
  [[nodiscard]] Digest digest() const;

 private:
  [[nodiscard]] std::optional<std::string> tell(int tab, const Event& event);
  [[nodiscard]] std::optional<std::string> run(int tab, const Effects& effects);
  [[nodiscard]] std::optional<std::string> open(int tab);
  void end(int tab);
  [[nodiscard]] std::optional<std::string> decide(const Move& move);
  [[nodiscard]] std::vector<std::string> orphans() const;
  [[nodiscard]] std::string unused_name() const;
  [[nodiscard]] Rank surviving(bool is_after_crash) const;
  void normalise(int tab);

  std::array<SmallPage, 2> pages_{};
  std::map<std::string, SmallItem> local_{};
  std::vector<Flight> flights_{};
  Rank backend_{};
  std::map<std::string, bool> backend_keys_{};
  bool refuses_ = false;
};

}  // namespace linktrail::simulation
