/// The driver of a core that has none: linked in its place for pages that open Link themselves, to which it would be dead
/// weight. Whatever of `LinkDriver` is missing here the linker takes from the driver, and says that it has two of the rest.

#include "core/link_driver.hpp"

namespace linktrail {

void LinkDriver::take(const LinkDriven&) {}
void LinkDriver::hear(const LinkSucceeded&) {}
void LinkDriver::hear(const LinkExited&) {}
void LinkDriver::hear(const LinkEmitted&) {}
void LinkDriver::take_found(const RecordsFound&) {}
void LinkDriver::forget() {}
void LinkDriver::end_now() {}
// NOLINTNEXTLINE(readability-convert-member-functions-to-static): it is the driver's declaration.
bool LinkDriver::was_left_in_silence() const { return false; }
void LinkDriver::pump() {}

std::optional<LinkSignal> link_signal_from(std::string_view) { return std::nullopt; }
void write(JsonWriter&, const DriveLink&) {}

}  // namespace linktrail
