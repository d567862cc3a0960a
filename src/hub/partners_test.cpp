// Partners, their managers, and the ways into the portal.
#include "delivery/events.h"
#include "hub/tables.h"
#include "hub/test_site.h"
#include "store/migration.h"
#include "store/test_database.h"

namespace jangbu::hub {
namespace {

struct PartnerTest : SiteTest {
  /// How many mails wait for an address, or went there.
  int mails_to(const std::string& address) {
    int mails = 0;
    look([&](engine::Unit& unit) {
      static const store::Sql sql{"SELECT payload FROM engine_outbox ORDER BY id"};
      const Status read = unit.session().query(sql, {}, [&](const store::Row& row) {
        const auto event = delivery::decode(row.bytes(0)).value();
        if (event.mail() != nullptr && event.mail()->to == address) ++mails;
        return true;
      });
      ASSERT_TRUE(read.ok());
    });
    return mails;
  }
};

TEST_F(PartnerTest, PartnersAreFoundOrMade) {
  struct Row {
    const char* name;
    PartnerForm form;
    AppId app;
    std::optional<Errc> refusal;
    PartnerId partner;
    bool made_partner, made_manager;
  };
  ASSERT_TRUE(onboard(paid_order(206'000), brand("a@abc.com", "100-00-00011"), offer()).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("b@abc.com", ""), offer()).ok());
  for (const Row& row : {
           Row{"the same again", brand("a@abc.com", "100-00-00011"), 1, {}, 1, false, false},
           Row{"another manager of the same", brand("c@abc.com", "100-00-00011"), 1, {}, 1, false, true},
           Row{"a manager of another partner", brand("b@abc.com", "100-00-00011"), 1, Errc::email_duplicate,
               0, false, false},
           Row{"by mail, without a number", brand("b@abc.com", ""), 1, {}, 2, false, false},
           Row{"a placeholder number matches nobody",
               brand("d@abc.com", "000-00-00000"),
               1,
               {},
               3,
               true,
               true},
           Row{"another placeholder number", brand("e@abc.com", "000-00-00000"), 1, {}, 4, true, true},
           Row{"a new number with a known mail", brand("a@abc.com", "100-00-00012"), 1, Errc::email_duplicate,
               0, false, false},
           Row{"the number of another app's partner",
               brand("f@abc.com", "100-00-00011"),
               2,
               {},
               5,
               true,
               true},
           Row{"the mail of another app's partner", brand("a@abc.com", "100-00-00077"), 2,
               Errc::email_duplicate, 0, false, false},
           Row{"the mail alone of another app's partner", brand("a@abc.com", ""), 2, Errc::email_duplicate, 0,
               false, false},
       }) {
    SCOPED_TRACE(row.name);
    const auto done = onboard(paid_order(206'000, row.app), row.form, offer(), row.app);
    EXPECT_EQ(done.refusal(), row.refusal);
    if (row.refusal) continue;
    ASSERT_TRUE(done.ok());
    EXPECT_EQ(done->partner.id, row.partner);
    EXPECT_EQ(done->partner.made_partner, row.made_partner);
    EXPECT_EQ(done->partner.made_manager, row.made_manager);
  }
}

PartnerForm brand_of(const std::string& country, const std::string& email, const std::string& number) {
  PartnerForm form = brand(email, number);
  form.country = country;
  return form;
}

TEST_F(PartnerTest, WhatFormsAreFilledWithMatchesNobody) {
  struct Row {
    const char* country;
    const char* number;
    const char* kept;
  };
  int brands = 0;
  for (const Row& row : {
           Row{"KR", "-", "000-00-00000"},
           Row{"KR", "N/A", "000-00-00000"},
           Row{"KR", "0", "000-00-00000"},
           Row{"KR", "없음", "000-00-00000"},
           Row{"KR", "12345", "000-00-00000"},
           Row{"KR", "12345678901-", "000-00-00000"},
           Row{"KR", "T-1234567890", "000-00-00000"},
           Row{"US", "-", ""},
           Row{"US", "N/A", ""},
           Row{"US", "none", ""},
           Row{"US", "123", ""},
           Row{"JP", "0000000000000", ""},
           Row{"JP", "000-00-00000", ""},
       }) {
    SCOPED_TRACE(std::string(row.country) + " " + row.number);
    for (int i = 0; i < 2; ++i) {
      const std::string email = "ceo" + std::to_string(++brands) + "@abc.com";
      const auto done = onboard(paid_order(206'000), brand_of(row.country, email, row.number));
      ASSERT_TRUE(done.ok());
      EXPECT_TRUE(done->partner.made_partner);
      EXPECT_EQ(done->partner.form->business_number, row.kept);
      EXPECT_EQ(mails_to(email), 1) << "its own manager is invited";
    }
    const std::string email = "ensure" + std::to_string(++brands) + "@abc.com";
    const auto ensured =
        run<EnsurePartner, PartnerEnsured>(caller(), unkeyed(), brand_of(row.country, email, row.number));
    ASSERT_TRUE(ensured.ok());
    EXPECT_TRUE(ensured.value->partner.made_partner);
  }
}

TEST_F(PartnerTest, ANumberIsItsCountrys) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand_of("KR", "a@abc.com", "123-45-67890")).ok());
  const auto abroad = onboard(paid_order(206'000), brand_of("JP", "b@abc.com", "123-45-67890"));
  ASSERT_TRUE(abroad.ok());
  EXPECT_TRUE(abroad->partner.made_partner);
  EXPECT_EQ(onboard(paid_order(206'000), brand_of("JP", "c@abc.com", "123-45-67890"))->partner.id, 2U);
  EXPECT_EQ(onboard(paid_order(206'000), brand_of("KR", "d@abc.com", "123-45-67890"))->partner.id, 1U);
}

TEST_F(PartnerTest, APlaceholderAddressIsNobodys) {
  const std::string email = "tx@08liter.ai";
  const auto ensure = [&](const PartnerForm& form) {
    return run<EnsurePartner, PartnerEnsured>(caller(), unkeyed(), form);
  };
  ASSERT_TRUE(onboard(paid_order(206'000), brand(email, "")).ok());
  EXPECT_EQ(onboard(paid_order(206'000), brand(email, ""))->partner.id, 2U);
  EXPECT_EQ(ensure(brand(email, "")).value->partner.id, 3U);
  EXPECT_EQ(onboard(paid_order(206'000, 2), brand(email, ""), offer(), 2)->partner.id, 4U)
      << "of another app";
  const auto numbered = onboard(paid_order(206'000), brand(email, "100-00-00005"));
  ASSERT_TRUE(numbered.ok());
  EXPECT_EQ(numbered->partner.id, 5U);
  EXPECT_EQ(ensure(brand(email, "100-00-00005")).value->partner.id, 5U) << "the number is the brand's own";
  look([&](engine::Unit& unit) { EXPECT_EQ(state->manager_of_email(unit, email), 1U) << "who came first"; });
  // Another brand's contact is put right, and the first keeps its way in.
  const auto change = [&](PartnerId partner, const ContactInfo& info) {
    return run<ChangeContact, ContactChanged>(partner, info);
  };
  EXPECT_TRUE(change(2, {email, "김대표", "010-1111-2222"}).ok());
  EXPECT_TRUE(change(2, {"real@abc.com", "김대표", "010-1111-2222"}).ok());
  look([&](engine::Unit& unit) {
    EXPECT_EQ(state->manager_of_email(unit, email), 1U);
    EXPECT_EQ(state->manager_of_email(unit, "real@abc.com"), 2U);
  });
}

TEST_F(PartnerTest, AnOwnPlaceholderBesideTheNumberAsksForNothing) {
  const std::string email = "tx@08liter.ai";
  ASSERT_TRUE(onboard(paid_order(206'000), brand(email, "100-00-00004")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand(email, "100-00-00005")).ok());
  const auto again = onboard(paid_order(206'000), brand(email, "100-00-00005"));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->partner.id, 2U);
  EXPECT_FALSE(again->partner.made_manager);
  EXPECT_FALSE(again->asks_for_access());
}

class PartnerNumbersOnBoth : public ::testing::TestWithParam<const char*> {};

TEST_P(PartnerNumbersOnBoth, OfOlderBooksBelongToTheirPartnersCountry) {
  store::test::TestDatabase database;
  if (!database.open(GetParam())) GTEST_SKIP() << "no " << GetParam() << " here";
  const auto session = store::test::must(database.database().open_writer());
  ledger::Book book;
  payment::State payments(book);
  const State state(book, payments, nullptr, nullptr, Surroundings{});
  const auto all = state.migrations();
  store::test::must(store::migrate(*session, all.first(6)));
  const auto text = [](std::string_view value) { return store::Value::blob(value); };
  const auto number = [](std::uint64_t value) { return store::Value::number(value); };
  static const store::Sql insert_partner{
      "INSERT INTO hub_partners (id, app, manager, company_name, country, business_number, email, name, "
      "phone, placeholder, moves, record) VALUES ($1, $2, $1, $3, $4, $5, $3, $3, $3, 0, 0, $1)"};
  static const store::Sql insert_number{
      "INSERT INTO hub_business_numbers (app, business_number, partner) VALUES ($1, $2, $3)"};
  store::test::must(session->begin());
  PartnerId id = 0;
  for (const auto& [country, of] : {std::pair{"KR", "123-45-67890"}, std::pair{"JP", "7010401067252"}}) {
    store::test::must(
        session->execute(insert_partner, {number(++id), number(1), text("x"), text(country), text(of)}));
    store::test::must(session->execute(insert_number, {number(1), text(of), number(id)}));
  }
  store::test::must_commit(*session);

  store::test::must(store::migrate(*session, all));
  const auto partner_of = [&](std::string_view country, std::string_view of) {
    PartnerId found = 0;
    store::test::must(session->query(BusinessNumberTraits::load, {number(1), text(of), text(country)},
                                     [&](const store::Row& row) {
                                       found = row.number(0);
                                       return false;
                                     }));
    return found;
  };
  EXPECT_EQ(partner_of("KR", "123-45-67890"), 1U);
  EXPECT_EQ(partner_of("JP", "7010401067252"), 2U);
  EXPECT_EQ(partner_of("JP", "123-45-67890"), 0U);
}
INSTANTIATE_TEST_SUITE_P(Each, PartnerNumbersOnBoth, ::testing::ValuesIn(store::test::database_kinds));

TEST_F(PartnerTest, ANumberLetsNobodyIn) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  const auto stranger = onboard(paid_order(206'000), brand("rival@xyz.com", "100-00-00011"));
  ASSERT_TRUE(stranger.ok());
  EXPECT_EQ(stranger->partner.id, 1U) << "the guide's answer: the partner is found, the campaign is made";
  EXPECT_EQ(stranger->status, CampaignStatus::live);
  EXPECT_TRUE(stranger->asks_for_access());
  EXPECT_EQ(stranger->invite.id, 0U);
  EXPECT_EQ(stranger.answer().mail_event, 0U) << "the mail of this record is not the stranger's";
  EXPECT_EQ(mails_to("rival@xyz.com"), 0);
  EXPECT_EQ(mails_to("ceo@abc.com"), 2) << "an invitation, and the news that somebody asks";
  // Neither another campaign nor an invitation of the partner's contact opens a way.
  const auto again = onboard(paid_order(206'000), brand("rival@xyz.com", ""));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->partner.manager, 2U);
  EXPECT_EQ(again->invite.id, 0U);
  EXPECT_FALSE(again->invite.mail);
  EXPECT_FALSE(again->asks_for_access()) << "it asked before";
  ASSERT_TRUE((run<InviteAgain, Invited>(PartnerId{1}).ok()));
  EXPECT_EQ(mails_to("rival@xyz.com"), 0);
  look([&](engine::Unit& unit) {
    EXPECT_TRUE(state->manager(unit, 2)->pending);
    EXPECT_EQ(state->manager(unit, 2)->invite, 0U);
    EXPECT_FALSE(state->manager(unit, 1)->pending);
  });
}

TEST_F(PartnerTest, WhoAsksIsLetInOnceByTheirOwnBrand) {
  using By = ConfirmAccess::By;
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("other@xyz.com", "100-00-00022")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("second@abc.com", "100-00-00011")).ok());
  const auto confirm = [&](ManagerId pending, std::optional<By> by) {
    return run<ConfirmAccess, AccessConfirmed>(pending, by);
  };
  EXPECT_EQ(confirm(3, By{2, 2, {}}).refusal(), Errc::not_found) << "a manager of another brand";
  EXPECT_EQ(confirm(1, By{1, 1, {}}).refusal(), Errc::not_found) << "who is in does not wait";
  EXPECT_EQ(confirm(4, std::nullopt).refusal(), Errc::not_found);
  const auto confirmed = confirm(3, By{1, 1, {}});
  ASSERT_TRUE(confirmed.ok());
  EXPECT_EQ(confirmed.value->by, 1U);
  EXPECT_TRUE(confirmed.value->invite.mail);
  EXPECT_EQ(mails_to("second@abc.com"), 1);
  EXPECT_EQ(confirm(3, std::nullopt).refusal(), Errc::not_found) << "twice";
  const InviteId invite = confirmed.value->invite.id;
  EXPECT_TRUE((run<SetPassword, PasswordSet>(invite, std::string("$argon2id$hash")).ok()));

  ASSERT_TRUE(onboard(paid_order(206'000), brand("third@08liter.ai", "100-00-00011")).ok());
  const auto by_operator = confirm(4, std::nullopt);
  ASSERT_TRUE(by_operator.ok());
  EXPECT_EQ(by_operator.value->by, 0U);
  EXPECT_FALSE(by_operator.value->invite.mail) << "the address is a placeholder";
}

TEST_F(PartnerTest, WhoAsksIsDeclinedOnceAndMayAskAgain) {
  using By = DeclineAccess::By;
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("other@xyz.com", "100-00-00022")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("rival@abc.com", "100-00-00011")).ok());
  const auto decline = [&](ManagerId pending, std::optional<By> by) {
    return run<DeclineAccess, AccessDeclined>(pending, by);
  };
  EXPECT_EQ(decline(3, By{2, 2, {}}).refusal(), Errc::not_found) << "a manager of another brand";
  EXPECT_EQ(decline(1, By{1, 1, {}}).refusal(), Errc::not_found) << "who is in is not declined";
  EXPECT_EQ(decline(4, std::nullopt).refusal(), Errc::not_found);
  const auto declined = decline(3, By{1, 1, {}});
  ASSERT_TRUE(declined.ok());
  EXPECT_EQ(declined.value->by, 1U);
  EXPECT_TRUE(declined.value->mail);
  EXPECT_EQ(mails_to("rival@abc.com"), 1);
  EXPECT_EQ(decline(3, std::nullopt).refusal(), Errc::not_found) << "twice";
  EXPECT_EQ((run<ConfirmAccess, AccessConfirmed>(ManagerId{3}, std::nullopt).refusal()), Errc::not_found);

  const auto again = onboard(paid_order(206'000), brand("rival@abc.com", "100-00-00011"));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->asks_for_access());
  EXPECT_EQ(again->partner.manager, 4U) << "a number is not given twice";
  EXPECT_EQ(decline(4, std::nullopt).value->by, 0U);
  const auto elsewhere = onboard(paid_order(206'000), brand("rival@abc.com", "100-00-00033"));
  ASSERT_TRUE(elsewhere.ok());
  EXPECT_TRUE(elsewhere->partner.made_partner) << "the address is free";

  ASSERT_TRUE(onboard(paid_order(206'000), brand("third@08liter.ai", "100-00-00011")).ok());
  EXPECT_FALSE(decline(6, std::nullopt).value->mail) << "the address is a placeholder";
}

TEST_F(PartnerTest, AccessIsWithdrawnByTheContactOrAnOperator) {
  using By = WithdrawAccess::By;
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("other@xyz.com", "100-00-00022")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("second@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("third@abc.com", "100-00-00011")).ok());
  const auto confirm = [&](ManagerId pending, std::optional<By> by) {
    return run<ConfirmAccess, AccessConfirmed>(pending, std::move(by));
  };
  const auto withdraw = [&](ManagerId manager, std::optional<By> by) {
    return run<WithdrawAccess, AccessWithdrawn>(manager, std::move(by));
  };
  EXPECT_EQ(withdraw(3, std::nullopt).refusal(), Errc::not_found) << "who waits is declined";
  const auto let_in = confirm(3, By{1, 1, {}});
  ASSERT_TRUE(let_in.ok());
  const std::string hash = "$argon2id$second";
  ASSERT_TRUE((run<SetPassword, PasswordSet>(let_in.value->invite.id, hash).ok()));
  ASSERT_TRUE((run<ForgetPassword, PasswordForgotten>(std::string("second@abc.com")).ok()));

  EXPECT_EQ(confirm(4, By{1, 3, hash}).refusal(), Errc::role_not_allowed) << "not the contact";
  EXPECT_EQ((run<DeclineAccess, AccessDeclined>(ManagerId{4}, std::optional(By{1, 3, hash})).refusal()),
            Errc::role_not_allowed);
  EXPECT_EQ(withdraw(1, By{1, 3, hash}).refusal(), Errc::role_not_allowed);
  EXPECT_EQ(withdraw(3, By{1, 3, hash}).refusal(), Errc::role_not_allowed) << "nor oneself";
  EXPECT_EQ(withdraw(3, By{2, 2, {}}).refusal(), Errc::not_found) << "a contact of another brand";
  EXPECT_EQ(withdraw(3, By{1, 1, "$argon2id$old"}).refusal(), Errc::not_authenticated)
      << "the password is another one by now";
  EXPECT_EQ(withdraw(1, By{1, 1, {}}).refusal(), Errc::invalid_parameters)
      << "the contact is changed instead";
  EXPECT_EQ(withdraw(1, std::nullopt).refusal(), Errc::invalid_parameters);
  EXPECT_EQ(withdraw(9, std::nullopt).refusal(), Errc::not_found);

  const auto withdrawn = withdraw(3, By{1, 1, {}});
  ASSERT_TRUE(withdrawn.ok());
  EXPECT_EQ(withdrawn.value->by, 1U);
  EXPECT_TRUE(withdrawn.value->mail);
  EXPECT_EQ(withdraw(3, std::nullopt).refusal(), Errc::not_found) << "twice";
  look([&](engine::Unit& unit) {
    EXPECT_TRUE(state->manager(unit, 3)->withdrawn);
    EXPECT_TRUE(state->manager(unit, 3)->password_hash.empty());
    EXPECT_EQ(state->manager_of_email(unit, "second@abc.com"), 0U);
  });
  // No way is left: neither the link of a forgotten password nor another one, nor the password itself.
  for (const InviteId id : {let_in.value->invite.id, let_in.value->invite.id + 1})
    EXPECT_EQ((run<SetPassword, PasswordSet>(InviteId{id}, hash).refusal()), Errc::invite_ended);
  EXPECT_EQ((run<ForgetPassword, PasswordForgotten>(std::string("second@abc.com")).refusal()),
            Errc::not_found);
  EXPECT_EQ((run<ChangePassword, PasswordChanged>(ManagerId{3}, hash, hash).refusal()),
            Errc::not_authenticated);
  EXPECT_EQ(confirm(3, std::nullopt).refusal(), Errc::not_found);

  // The address is free: it asks again, by another number, and may be let in again.
  const auto again = onboard(paid_order(206'000), brand("second@abc.com", "100-00-00011"));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->asks_for_access());
  EXPECT_EQ(again->partner.manager, 5U);
  ASSERT_TRUE(confirm(5, std::nullopt).ok());
  const auto by_operator = withdraw(5, std::nullopt);
  ASSERT_TRUE(by_operator.ok());
  EXPECT_EQ(by_operator.value->by, 0U);
  const ContactInfo contact{"second@abc.com", "박영희", "010-1"};
  EXPECT_TRUE((run<ChangeContact, ContactChanged>(PartnerId{1}, contact).ok())) << "or becomes the contact's";
}

TEST_F(PartnerTest, AnotherContactLeavesTheOldOneNoWayIn) {
  const auto made = onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011"));
  ASSERT_TRUE(made.ok());
  const std::string hash = "$argon2id$hash";
  ASSERT_TRUE((run<SetPassword, PasswordSet>(made->invite.id, hash).ok()));
  ASSERT_TRUE(onboard(paid_order(206'000), brand("friend@abc.com", "100-00-00011")).ok());
  const auto forgotten = run<ForgetPassword, PasswordForgotten>(std::string("ceo@abc.com"));
  ASSERT_TRUE(forgotten.ok());
  const ContactInfo other{"new@abc.com", "박영희", "010-1"};
  ASSERT_TRUE((run<ChangeContact, ContactChanged>(PartnerId{1}, other).ok()));
  look([&](engine::Unit& unit) {
    EXPECT_TRUE(state->manager(unit, 1)->password_hash.empty()) << "no session holds";
    EXPECT_EQ(state->manager(unit, 1)->name, "박영희");
  });
  EXPECT_EQ((run<SetPassword, PasswordSet>(forgotten.value->invite.id, hash).refusal()), Errc::invite_ended);
  EXPECT_EQ((run<SetPassword, PasswordSet>(made->invite.id, hash).refusal()), Errc::invite_ended);
  EXPECT_EQ((run<ForgetPassword, PasswordForgotten>(std::string("ceo@abc.com")).refusal()), Errc::not_found);
  EXPECT_EQ((run<ChangePassword, PasswordChanged>(ManagerId{1}, hash, hash).refusal()),
            Errc::not_authenticated);
  const auto late =
      run<ConfirmAccess, AccessConfirmed>(ManagerId{2}, std::optional(ConfirmAccess::By{1, 1, hash}));
  EXPECT_EQ(late.refusal(), Errc::not_authenticated) << "asked while it was still the contact's";
}

TEST_F(PartnerTest, EnsureFindsOrMakes) {
  const auto ensure = [&](const PartnerForm& form, AppId app = 1) {
    Keyed with = unkeyed(app);
    return run<EnsurePartner, PartnerEnsured>(caller(app), with, form);
  };
  const auto made = ensure(brand("a@abc.com", "100-00-00011"));
  ASSERT_TRUE(made.ok());
  EXPECT_TRUE(made.value->partner.made_partner);
  ASSERT_TRUE(ensure(brand("b@abc.com", "100-00-00022")).ok());
  const std::uint64_t head = fixture.writer->head().number;
  const auto found = ensure(brand("a@abc.com", "100-00-00011"));
  ASSERT_TRUE(found.ok());
  EXPECT_FALSE(found.value->partner.made_partner);
  EXPECT_EQ(found.value->partner.id, 1U);
  EXPECT_EQ(fixture.writer->head().number, head) << "what is found leaves no record";
  EXPECT_EQ(ensure(brand("b@abc.com", "100-00-00011")).refusal(), Errc::partial_match);
  EXPECT_EQ(ensure(brand("a@abc.com", "100-00-00033")).refusal(), Errc::partial_match);
  EXPECT_EQ(ensure(brand("a@abc.com", "100-00-00033"), 2).refusal(), Errc::email_duplicate);
  EXPECT_EQ(ensure(brand("new@abc.com", "100-00-00011")).value->partner.id, 1U);
}

TEST_F(PartnerTest, InvitationsAreUsedOnceAndOnlyTheLastCounts) {
  ASSERT_TRUE(onboard(paid_order(206'000)).ok());
  const auto accept = [&](InviteId id) {
    return run<SetPassword, PasswordSet>(id, std::string("$argon2id$hash"));
  };
  ASSERT_TRUE((run<InviteAgain, Invited>(PartnerId{1}).ok()));
  EXPECT_EQ(accept(1).refusal(), Errc::invite_ended) << "a later one was sent";
  ASSERT_TRUE(accept(2).ok());
  EXPECT_EQ(accept(2).refusal(), Errc::invite_ended);
  EXPECT_EQ(accept(3).refusal(), Errc::not_found);
  EXPECT_EQ((run<InviteAgain, Invited>(PartnerId{1}).refusal()), Errc::already_exists);
  const auto second = onboard(paid_order(206'000));
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->invite.id, 0U) << "who has a password signs in";
}

TEST_F(PartnerTest, AnInvitationExpires) {
  ASSERT_TRUE(onboard(paid_order(206'000)).ok());
  advance(Duration::days(1));
  EXPECT_EQ((run<SetPassword, PasswordSet>(InviteId{1}, std::string("hash")).refusal()), Errc::invite_ended);
}

TEST_F(PartnerTest, ContactsCanBeMended) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("tx1@08liter.ai", "100-00-00001")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("b@abc.com", "100-00-00002")).ok());
  const auto change = [&](const std::string& email) {
    return run<ChangeContact, ContactChanged>(PartnerId{1}, ContactInfo{email, "김철수", "010-9999-8888"});
  };
  EXPECT_EQ(change("b@abc.com").refusal(), Errc::email_duplicate);
  ASSERT_TRUE(change("real@abc.com").ok());
  ASSERT_TRUE(change("real@abc.com").ok());
  const auto invited = run<InviteAgain, Invited>(PartnerId{1});
  ASSERT_TRUE(invited.ok());
  EXPECT_TRUE(invited.value->invite.mail) << "no placeholder any more";
  EXPECT_TRUE(onboard(paid_order(206'000), brand("tx1@08liter.ai", "100-00-00003")).ok())
      << "the old mail is free";
}

TEST_F(PartnerTest, AnotherAddressEndsWhatTheFirstOneOpened) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("wrong@abc.com", "100-00-00001")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("former@abc.com", "100-00-00002")).ok());
  const auto change = [&](PartnerId partner, const std::string& email) {
    return run<ChangeContact, ContactChanged>(partner, ContactInfo{email, "김철수", "010-9999-8888"}).ok();
  };
  const auto accept = [&](InviteId id) {
    return run<SetPassword, PasswordSet>(id, std::string("$argon2id$hash"));
  };
  ASSERT_TRUE(change(1, "right@abc.com"));
  EXPECT_EQ(accept(1).refusal(), Errc::invite_ended) << "the link is in somebody else's mailbox";
  ASSERT_TRUE(accept(2).ok());
  ASSERT_TRUE(change(2, "former@abc.com")) << "the same address keeps its password";
  EXPECT_EQ((run<InviteAgain, Invited>(PartnerId{2}).refusal()), Errc::already_exists);
  ASSERT_TRUE(change(2, "latter@abc.com"));
  look([&](engine::Unit& unit) { EXPECT_EQ(state->manager(unit, 2)->password_hash, ""); });
  EXPECT_TRUE((run<InviteAgain, Invited>(PartnerId{2}).ok())) << "the new address is to set its own";
}

TEST_F(PartnerTest, WhoHasForgottenThePasswordChoosesAnother) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  const auto forget = [&](const std::string& email) { return run<ForgetPassword, PasswordForgotten>(email); };
  const auto accept = [&](InviteId id, const std::string& hash) {
    return run<SetPassword, PasswordSet>(id, hash);
  };
  const auto password = [&] {
    std::string hash;
    look([&](engine::Unit& unit) { hash = state->manager(unit, 1)->password_hash; });
    return hash;
  };
  EXPECT_EQ(forget("nobody@abc.com").refusal(), Errc::not_found);
  ASSERT_TRUE(accept(1, "first").ok());
  const auto asked = forget("ceo@abc.com");
  ASSERT_TRUE(asked.ok());
  EXPECT_EQ(mails_to("ceo@abc.com"), 2);
  EXPECT_EQ(password(), "first") << "asking changes nothing";
  ASSERT_TRUE(forget("ceo@abc.com").ok());
  EXPECT_EQ(accept(2, "second").refusal(), Errc::invite_ended) << "a later link was sent";
  ASSERT_TRUE(accept(3, "second").ok());
  EXPECT_EQ(password(), "second");
  EXPECT_EQ(accept(3, "third").refusal(), Errc::invite_ended);

  ASSERT_TRUE(forget("ceo@abc.com").ok());
  advance(Duration::seconds(3599));
  look([&](engine::Unit& unit) { EXPECT_LT(unit.now(), state->invite(unit, 4)->expires_at); });
  advance(Duration::seconds(1));
  EXPECT_EQ(accept(4, "third").refusal(), Errc::invite_ended) << "an hour has passed";
}

TEST_F(PartnerTest, AForgottenPasswordOpensNoDoorThatWasClosed) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("rival@xyz.com", "100-00-00011")).ok());
  ASSERT_TRUE(onboard(paid_order(206'000), brand("tx1@08liter.ai", "100-00-00022")).ok());
  const auto forget = [&](const std::string& email) { return run<ForgetPassword, PasswordForgotten>(email); };
  EXPECT_EQ(forget("rival@xyz.com").refusal(), Errc::not_found) << "who waits is not in";
  EXPECT_EQ(forget("tx1@08liter.ai").refusal(), Errc::not_found) << "nobody reads mail there";
  // Who was invited and lost the mail is invited again, for as long as the first time.
  const auto invited = forget("ceo@abc.com");
  ASSERT_TRUE(invited.ok());
  look([&](engine::Unit& unit) {
    EXPECT_EQ(invited.value->invite.expires_at, unit.now() + Duration::days(1));
  });
  EXPECT_EQ(mails_to("ceo@abc.com"), 3) << "two invitations, and the news that somebody asks";
}

TEST_F(PartnerTest, APasswordIsChangedByWhoKnowsTheOneBefore) {
  ASSERT_TRUE(onboard(paid_order(206'000), brand("ceo@abc.com", "100-00-00011")).ok());
  ASSERT_TRUE((run<SetPassword, PasswordSet>(InviteId{1}, std::string("first")).ok()));
  ASSERT_TRUE((run<ForgetPassword, PasswordForgotten>(std::string("ceo@abc.com")).ok()));
  const auto change = [&](ManagerId manager, const std::string& before, const std::string& hash) {
    return run<ChangePassword, PasswordChanged>(manager, before, hash);
  };
  EXPECT_EQ(change(2, "first", "second").refusal(), Errc::not_authenticated) << "there is no such manager";
  EXPECT_EQ(change(1, "other", "second").refusal(), Errc::not_authenticated) << "it was changed meanwhile";
  const auto changed = change(1, "first", "second");
  ASSERT_TRUE(changed.ok());
  EXPECT_TRUE(changed.value->mail);
  EXPECT_EQ(mails_to("ceo@abc.com"), 3) << "an invitation, a link, and the news of the change";
  look([&](engine::Unit& unit) { EXPECT_EQ(state->manager(unit, 1)->password_hash, "second"); });
  EXPECT_EQ((run<SetPassword, PasswordSet>(InviteId{2}, std::string("third")).refusal()), Errc::invite_ended)
      << "the link of before ends";
}

TEST_F(PartnerTest, TheFirstAnswerAboutMailStays) {
  const Keyed key = keyed("lead-1", "body");
  const std::string code = paid_order(206'000);
  const auto first = onboard(code, brand(), offer(), 1, key);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first.answer().first_answer);
  for (const bool sent : {true, false}) {
    std::optional<Result<AnswerRow>> answered;
    fixture.run_each(std::make_unique<AnswerOnboard>(
        *state, first.answer().record, sent, [&](Result<AnswerRow> row) { answered = std::move(row); }));
    ASSERT_TRUE(answered && answered->ok());
    EXPECT_TRUE((*answered)->email_sent);
  }
  const auto again = onboard(code, brand(), offer(), 1, key);
  ASSERT_TRUE(again.answer().first_answer);
  EXPECT_TRUE(again.answer().first_answer->email_sent);
}

}  // namespace
}  // namespace jangbu::hub
