#include "link_visit.hpp"

#include <array>
#include <cstddef>

namespace linktrail {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 10> signals{"attached",       "open_requested", "close_requested", "detached",
                                                   "script_loaded",  "script_failed",  "token_received",  "token_failed",
                                                   "handler_opened", "handler_failed"};
constexpr std::array<std::string_view, 5> phases{"idle", "preparing", "open", "finished", "closing"};
constexpr std::array<std::string_view, 6> endings{"completed", "exited", "closed", "script", "token", "handler"};
constexpr std::array<std::string_view, 7> orders{"load_script", "request_token", "open", "exit", "destroy", "show", "settle"};

static_assert(signals.size() == static_cast<std::size_t>(LinkSignal::HandlerFailed) + 1);
static_assert(phases.size() == static_cast<std::size_t>(LinkPhase::Closing) + 1);
static_assert(endings.size() == static_cast<std::size_t>(LinkEnding::HandlerFailed) + 1);
static_assert(orders.size() == static_cast<std::size_t>(LinkOrder::Settle) + 1);

std::string_view wire(LinkPhase phase) { return phases[static_cast<std::size_t>(phase)]; }
std::string_view wire(LinkEnding ending) { return endings[static_cast<std::size_t>(ending)]; }
std::string_view wire(LinkOrder order) { return orders[static_cast<std::size_t>(order)]; }

}  // namespace

std::optional<LinkSignal> link_signal_from(std::string_view wire) {
  for (std::size_t i = 0; i < signals.size(); ++i) {
    if (signals[i] == wire) return static_cast<LinkSignal>(i);
  }
  return std::nullopt;
}

void write(JsonWriter& json, const DriveLink& effect) {
  // All members with every order: an order is rare, and what says less takes more code.
  json.key("order").value(wire(effect.order)).key("timeout_ms").value(effect.timeout_ms);
  json.key("state").value(wire(effect.phase)).key("interrupted").value(effect.interrupted);
  json.key("ending").value(wire(effect.ending)).key("advice").value(wire(effect.advice));
}

}  // namespace linktrail
