// The pages that people see: checkout, invitation, partner portal, console. They are the same bytes for
// everybody; what they show they ask the API for, so that nothing that anybody typed is ever put into HTML
// here.
#pragma once

#include <functional>
#include <string_view>

#include "http/router.h"

namespace jangbu::web {

/// Who may show the page of a request in a frame: answers, once and from any thread, with what follows
/// frame-ancestors in its content security policy. The request lives until then.
using FrameAncestors =
    std::function<void(const http::Request& request, std::function<void(std::string_view)> answer)>;

struct PageOptions {
  /// Of the checkout. Without it nobody; the other pages are never framed.
  FrameAncestors checkout_frame_ancestors;
  /// The checkout offers Toss Payments' window, and may load its SDK.
  bool toss = false;
};

/// GET /checkout/{token}, /checkout/refused, /partner and its views, /partner/accept-invite/{token},
/// /partner/reset-password/{token}, /console and its views, /assets/{file}.
void add_pages(http::Router& router, const PageOptions& options);

}  // namespace jangbu::web
