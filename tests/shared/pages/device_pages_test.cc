#include "foyer/pages/device_pages.h"

#include "foyer/command/open_case.h"
#include "foyer/command/reply_case.h"
#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

// The device's view: rows with the outbox's effects on them, and the outbox.
PageResult show(const CustomerSite& site, const Request& request, std::vector<OutboxLine> outbox) {
  const ScopedReader rows(site.store(), request.actor);
  static const PlainHost host;
  return render_page({request, rows, host, std::move(outbox)});
}

OutboxLine refused(std::string words) {
  OutboxLine line;
  line.mid = 7;
  line.command = "case.reply";
  line.words = std::move(words);
  line.is_refused = true;
  line.error = {ErrorCode::kConflict, "", "case_state"};
  return line;
}

TEST(DevicePages, NothingWaitsOnTheServer) {
  const CustomerSite site;
  const auto page = site.get(CustomerSite::kClara, "/waiting");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(holds(page, "Nothing is waiting"));
  EXPECT_EQ(site.get(CustomerSite::kNobody, "/waiting").status, 303);
}

TEST(DevicePages, ARefusalShowsTheReasonAndKeepsTheWords) {
  const CustomerSite site;
  const auto request = site.request(CustomerSite::kClara, "/waiting");
  const auto page = show(site, request, {refused("It <still> drips")}).response;
  EXPECT_TRUE(holds(page, "It &lt;still&gt; drips"));
  EXPECT_TRUE(holds(page, "The case has changed in the meantime"));
  EXPECT_TRUE(holds(page, "1 message could not be sent."));
  EXPECT_TRUE(holds(page, "name=\"mid\" value=\"7\""));
}

TEST(DevicePages, WhatThePersonDecidesIsADeedOfTheDevice) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kClara, "/waiting");
  request.method = "POST";
  request.form = {{"action", "discard"}, {"mid", "7"}};
  const auto discard = show(site, request, {refused("x")});
  EXPECT_EQ(discard.deed, DeviceDeed::kDiscard);
  EXPECT_EQ(discard.mid, 7u);
  EXPECT_EQ(discard.location, "/waiting");
  request.form = {{"action", "retry"}, {"mid", "-1"}};
  EXPECT_EQ(show(site, request, {}).mid, 0u);
  request.form = {{"action", "burn"}, {"mid", "7"}};
  EXPECT_EQ(show(site, request, {}).deed, DeviceDeed::kNone);
}

OutboxLine refused_reply(const CustomerSite& site, std::string words) {
  OutboxLine line = refused(std::move(words));
  ReplyCase reply;
  reply.case_id = all<Case>(site.store(), 1).front().id;
  reply.message = Id<Message>(derive_uuid({}, "message"));
  reply.body = line.words;
  line.arguments = encode(reply);
  return line;
}

TEST(DevicePages, RefusedWordsAreWrittenAnewInAFormThatHoldsThem) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kClara, "/waiting");
  const auto line = refused_reply(site, "It <still> drips");
  EXPECT_TRUE(holds(show(site, request, {line}).response, "href=\"/waiting?edit=7#line-7\""));
  request.query = {{"edit", "7"}};
  const auto form = show(site, request, {line}).response;
  EXPECT_TRUE(holds(form, "It &lt;still&gt; drips</textarea>"));
  EXPECT_TRUE(holds(form, "Your message"));
  request.query = {{"edit", "8"}};
  EXPECT_FALSE(holds(show(site, request, {line}).response, "</textarea>"));
}

TEST(DevicePages, WhatIsWrittenAnewIsACommandInTheOldOnesPlace) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kClara, "/waiting");
  request.method = "POST";
  request.form = {{"action", "edit"}, {"mid", "7"}, {"body", "It drips again"}};
  const auto line = refused_reply(site, "It drips");
  const auto page = show(site, request, {line});
  ASSERT_TRUE(page.command);
  EXPECT_EQ(page.mid, 7u);
  EXPECT_EQ(page.location, "/waiting");
  ReplyCase was, now;
  ASSERT_TRUE(decode(entity_of<ReplyCase>(), line.arguments, &was));
  ASSERT_TRUE(decode(entity_of<ReplyCase>(), page.command->arguments, &now));
  EXPECT_EQ(now.body, "It drips again");
  EXPECT_EQ(now.message, was.message);
  EXPECT_EQ(now.case_id, was.case_id);

  // Refused at once: the form again, with what was typed.
  request.form.back().second = "";
  request.failure = Error{ErrorCode::kInvalid, "body", "required"};
  const auto again = show(site, request, {line});
  EXPECT_FALSE(again.command);
  EXPECT_TRUE(holds(again.response, "Write a message"));
  EXPECT_TRUE(holds(again.response, "</textarea>"));
  EXPECT_FALSE(holds(again.response, "It drips</textarea>"));

  // What is not there, waits, or cannot be read, is not written anew.
  request.failure.reset();
  EXPECT_FALSE(show(site, request, {}).command);
  OutboxLine waits = line;
  waits.is_refused = false;
  EXPECT_FALSE(show(site, request, {waits}).command);
  OutboxLine garbled = line;
  garbled.arguments = "garbage";
  EXPECT_FALSE(show(site, request, {garbled}).command);
}

TEST(DevicePages, ThatItIsStillNotPossibleIsSaid) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kClara, "/waiting");
  request.query = {{"still", "7"}};
  EXPECT_TRUE(holds(show(site, request, {refused("x")}).response, "still not possible"));
  request.query = {{"still", "8"}};
  EXPECT_FALSE(holds(show(site, request, {refused("x")}).response, "still not possible"));
}

TEST(DevicePages, AnEmptyListSaysWhetherTheDeviceKeepsAnything) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kClara, "/waiting");
  EXPECT_TRUE(holds(show(site, request, {}).response, "goes to us directly"));
  request.own_device = true;
  EXPECT_TRUE(holds(show(site, request, {}).response, "has arrived"));
}

TEST(DevicePages, AHostThatIsNotTheDeviceSaysSo) {
  CustomerSite site;
  EXPECT_TRUE(holds(site.get(CustomerSite::kClara, "/device"), "Nothing of yours is stored"));
  const auto page = site.post(CustomerSite::kClara, "/device", {{"action", "keep"}});
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(holds(page, "This browser cannot keep anything"));
}

TEST(DevicePages, AnOwnDeviceSaysWhatItKeepsAndHowToEndIt) {
  const CustomerSite site;
  Request request = site.request(CustomerSite::kClara, "/device");
  request.own_device = true;
  EXPECT_TRUE(holds(show(site, request, {}).response, "value=\"forget\""));
  request.method = "POST";
  request.form = {{"action", "forget"}};
  EXPECT_EQ(show(site, request, {}).deed, DeviceDeed::kForget);
}

TEST(DevicePages, WithoutANetworkThereIsAPageForEverybody) {
  const CustomerSite site;
  EXPECT_TRUE(holds(site.get(CustomerSite::kNobody, "/offline"), "There is no network"));
}

TEST(DevicePages, WhatWaitsIsMarkedWhereItStands) {
  const CustomerSite site;
  const MemoryStore& rows = site.store();
  OpenCase args;
  args.case_id = Id<Case>(derive_uuid(Uuid(), "offline case"));
  args.message = Id<Message>(derive_uuid(Uuid(), "offline message"));
  args.subject = "Written in a tunnel";
  args.body = "No light";
  Request request = site.request(CustomerSite::kClara, "/cases/" + to_string(args.case_id));
  request.query = {{"opened", "1"}};
  // As on a device: no authority gives numbers there.
  MemoryStore device;
  for (const Entity* entity : entities())
    for (const Uuid& id : rows.scan(*entity, {})) {
      AnyRow row(*entity);
      ASSERT_TRUE(rows.read(*entity, id, row.get()));
      device.write(*entity, row.get());
    }
  ASSERT_TRUE(run_command(make_command(args), device,
                          {request.actor, request.now, derive_uuid(Uuid(), "c")}));
  OutboxEntry entry;
  entry.mid = 1;
  entry.command = make_command(args);
  entry.state = OutboxState::kWaiting;
  const PlainHost host;
  const auto lines = outbox_lines({{1, entry}});
  const auto page = render_page({request, device, host, lines}).response;
  EXPECT_TRUE(holds(page, "Your case is saved on this device"));
  EXPECT_TRUE(holds(page, "Number follows"));
  EXPECT_TRUE(holds(page, "Waiting to send"));
  EXPECT_FALSE(holds(page, "A person will answer by"));
  request.path = "/cases";
  EXPECT_TRUE(holds(render_page({request, device, host, lines}).response, "Waiting to send"));
  EXPECT_FALSE(holds(render_page({request, device, host, {}}).response, "Waiting to send"));
}

}  // namespace
}  // namespace foyer
