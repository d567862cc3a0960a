// What affiliates hear of: of conversions by their reward postbacks, of where payouts go by mail.
#pragma once

#include <optional>
#include <string>

#include "affiliate/config.h"
#include "affiliate/records.h"
#include "affiliate/settlement_records.h"
#include "delivery/events.h"
#include "delivery/template.h"
#include "engine/outbox.h"

namespace jangbu::affiliate {

/// The postback of a new conversion, of which `now` is left; nothing when its affiliate's receiver is not
/// approved at that moment, or when the conversion came cancelled. From apply().
std::optional<engine::OutboxEvent> conversion_event(const Config& config, const ConversionsTaken& order,
                                                    const ConversionPart& part, const Amounts& now);

/// Why a postback in the outbox must not reach its affiliate's receiver any more, for the log: it was not
/// approved, or is not any more. Nothing for a test and for what is no postback.
std::optional<std::string> withdrawn_postback(const Config& config, const engine::OutboxEvent& event);

/// What the door's mails say: affiliate.bank_account.
void add_mail_templates(delivery::Templates& templates);
/// Tells an affiliate that payouts go elsewhere from now on: whoever has its key may change that.
delivery::Mail bank_account_notice(const AffiliateSet& affiliate, const BankAccountSet& account);
engine::OutboxEvent bank_account_mail(const AffiliateSet& affiliate, const BankAccountSet& account);

}  // namespace jangbu::affiliate
