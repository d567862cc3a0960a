// What pages of other sites may have a browser send.
#pragma once

#include <string_view>

#include "http/message.h"
#include "http/router.h"

namespace jangbu::http {

/// Whether a page of another site may have sent it. A browser says where a page is in Origin, and sends JSON
/// to another site only when that allows it, which this server does nowhere but for its public calls.
bool may_be_of_another_site(const Request& request);

/// All routes added so far under `prefix` that are no mere reads refuse what may_be_of_another_site().
void refuse_other_sites(Router& router, std::string_view prefix);

}  // namespace jangbu::http
