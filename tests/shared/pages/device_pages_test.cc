#include "foyer/pages/device_pages.h"

#include "foyer/command/open_case.h"
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
