// The hub's tables as the open batch sees them; shared by state.cpp and apply.cpp.
#pragma once

#include "hub/state.h"
#include "hub/tables.h"

namespace jangbu::hub {

struct State::Tables : engine::TableSet {
  static constexpr std::size_t cached_rows = 20'000;

  explicit Tables(AppBoard* board) : apps(*this, board, AppsSql::load, AppsSql::upsert) {}

  engine::TableOfSet<OrderTraits> orders{*this, cached_rows};
  engine::TableOfSet<LeadTraits> leads{*this, cached_rows};
  engine::TableOfSet<OrderLeadTraits> order_leads{*this, cached_rows};
  engine::TableOfSet<PartnerTraits> partners{*this, cached_rows};
  engine::TableOfSet<BusinessNumberTraits> business_numbers{*this, cached_rows};
  engine::TableOfSet<ManagerTraits> managers{*this, cached_rows};
  engine::TableOfSet<EmailTraits> emails{*this, cached_rows};
  engine::TableOfSet<InviteTraits> invites{*this, cached_rows};
  engine::TableOfSet<CampaignTraits> campaigns{*this, cached_rows};
  engine::TableOfSet<TotalTraits> totals{*this, cached_rows};
  engine::TableOfSet<ApplyTraits> applies{*this, cached_rows};
  engine::TableOfSet<ReviewTraits> reviews{*this, cached_rows};
  engine::TableOfSet<AnswerTraits> answers{*this, cached_rows};
  door::AppTable<AppSet> apps;
  DepositMoves moves{*this};
};

}  // namespace jangbu::hub
