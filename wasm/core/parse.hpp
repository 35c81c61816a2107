/// Untrusted text becomes an event. The only part of the core that distrusts its input.
#pragma once

#include "event.hpp"

#include <optional>
#include <string_view>

namespace linktrail {

/// Never fails: what cannot be used becomes `Rejected` with the name of the offending field.
///
/// The text is one JSON object with a `type`. Of Link's callbacks:
/// - `on_success`: `link_session_id`
/// - `on_exit`: `link_session_id`, `error_type`, `error_code`, `status`
/// - `on_event`: `name`, `link_session_id`, `request_id`, `timestamp`, `view_name`, `error_type`, `error_code`, `exit_status`
///
/// each field a string, null or absent, and `unreadable`, more than 0 where a field was neither or could not be read. Null,
/// the empty string, an absent field and one of another type are all the same: nothing.
///
/// Of the platform: `started` (`endpoint`, `owner`, `page`, `version`, `locks`), `post_answered` (`post`, `kind`: `response`,
/// `redirected`, `network_failed` or `timed_out`, `status`, `retry_after`, `date`), `verdict_told` (`post`, `status`),
/// `record_stored` (`key`, `durability`), `records_found` (`records`: [{`key`, `text`}], `orphaned`), `storage_changed`,
/// `woken`, `page_changed` (`signal`), `headers_resolved`, `headers_failed`, `flush_requested`, `forget_requested`,
/// `forgotten_elsewhere` (`told`: a time, a space, a prefix), `disposed`, `receipt_requested` (`link_session_id`),
/// `link_driven`
/// (`signal`).
[[nodiscard]] Event parse_event(std::string_view text);

/// The scope of an endpoint and an owner: no owner is an owner of its own.
[[nodiscard]] Scope scope_of(std::string_view endpoint, std::optional<std::string_view> owner);

}  // namespace linktrail
