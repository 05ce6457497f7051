// The portal without a screen: its app over the demonstration's rows, drawn by Dear ImGui into
// nothing. Tests find things by role and name, and act as assistive technology does.
#pragma once

#include <gtest/gtest.h>
#include <string>

#include "app.h"
#include "foyer/command/demo_data.h"
#include "foyer/command/execute.h"
#include "foyer/model/registry.h"
#include "foyer/query/memory_store.h"

namespace foyer::portal {

class PlainTimes final : public TimeWords {
 public:
  std::string when(Instant at) const override { return std::to_string(at.ms); }
};

class DeskPort final : public Port {
 public:
  static constexpr Instant kNow{1764160000000};

  explicit DeskPort(std::string_view email) : store_(Numbering::kAuthority) {
    std::uint64_t index = 0;
    for (const DemoStep& step : demo_steps({kNow, {0, 60}})) {
      const Actor actor = step.actor_email.empty() ? installation_actor() : who(step.actor_email);
      const Context context{actor, step.at, derive_uuid(Uuid(), std::to_string(index++))};
      EXPECT_TRUE(run_command(step.command, store_, context)) << step.command.name;
    }
    actor_ = who(email);
    sync.is_online = sync.is_loaded = true;
  }

  const Reader& rows() const override { return store_; }
  const Actor& actor() const override { return actor_; }
  SyncStatus status() const override { return sync; }
  DeviceRoom room() const override { return device_room; }
  const std::map<std::uint64_t, OutboxEntry>& outbox() const override { return kept; }
  Instant now() const override { return kNow; }
  const TimeWords& words() const override { return times_; }
  Uuid new_id() override { return derive_uuid(Uuid(), "id " + std::to_string(++ids_)); }
  Result<std::uint64_t> submit(Command command) override {
    const Context context{actor_, kNow, new_id()};
    if (const auto done = run_command(command, store_, context); !done)
      return std::unexpected(done.error());
    return static_cast<std::uint64_t>(++submitted);
  }
  // An outbox without a connection: what is tried again waits, unless the rows forbid it.
  Result<std::uint64_t> retry(std::uint64_t mid) override {
    return replace(mid, kept.at(mid).command);
  }
  Result<std::uint64_t> replace(std::uint64_t mid, Command command) override {
    const Context context{actor_, kNow, new_id()};
    if (const auto may = check_command(command, store_, context); !may)
      return std::unexpected(may.error());
    const std::uint64_t fresh = kept.rbegin()->first + 1;
    kept[fresh] = {fresh, std::move(command), 0, kNow, OutboxState::kWaiting, {}, 0};
    kept.erase(mid);
    return fresh;
  }
  void discard(std::uint64_t mid) override { kept.erase(mid); }
  void sign_out() override { ++signed_out; }
  struct Asked : ServerQuestion {
    std::uint64_t id = 0;
  };
  std::uint64_t ask(const ServerQuestion& question) override {
    questions.push_back({question, questions.size() + 1});
    return questions.back().id;
  }
  std::uint64_t save_outbox(const std::string& name, const std::string& text) override {
    saved_name = name;
    saved_text = text;
    questions.push_back({{}, questions.size() + 1});
    return questions.back().id;
  }
  void copy(const std::string& text) override { copied = text; }
  void choose_theme(ThemeChoice choice) override { theme = choice; }
  void navigate(const std::string& path) override { address = path; }

  MemoryStore& store() { return store_; }

  SyncStatus sync;
  DeviceRoom device_room;
  std::string address;  // the last one navigated to
  std::vector<Asked> questions;
  std::string copied, saved_name, saved_text;
  ThemeChoice theme = ThemeChoice::kSystem;
  int submitted = 0, signed_out = 0;
  std::map<std::uint64_t, OutboxEntry> kept;  // the outbox

 private:
  Actor who(std::string_view email) const {
    return actor_of(store_, find<&User::email>(store_, email, 1).front().id);
  }

  MemoryStore store_;
  Actor actor_;
  PlainTimes times_;
  std::uint64_t ids_ = 0;
};

class Desk {
 public:
  explicit Desk(std::string_view email = "ana@foyer.example", float width = 1280)
      : port(email), app(port), ui_(Fonts{}, Theme::kLight), width_(width) {
    frame();
  }

  // Draws until nothing asks for another frame, at most ten times.
  void frame() {
    for (int i = 0; i < 10; ++i) {
      ui_.begin(width_, 2400, 1, 0.016F);  // nothing is scrolled away
      const bool wants_more = app.draw(ui_);
      ui_.end();
      if (!wants_more && i > 0) return;
    }
  }

  const Node* find(std::string_view role, std::string_view name) const {
    return ui_.semantics().find(role, name);
  }
  bool shows(std::string_view words) const {
    for (const Node& node : ui_.semantics().nodes())
      if (node.name.find(words) != std::string::npos || node.value.find(words) != std::string::npos)
        return true;
    return false;
  }
  void press(std::string_view name, std::string_view role = "button") {
    const Node* node = find(role, name);
    ASSERT_NE(node, nullptr) << "there is no " << role << " \"" << name << "\"\n" << everything();
    ui_.activate(node->id);
    frame();
  }
  void write(std::string_view field, std::string text) {
    const Node* node = find("textbox", field);
    ASSERT_NE(node, nullptr) << "there is no text field \"" << field << "\"\n" << everything();
    ui_.set_text(node->id, std::move(text));
    frame();
  }
  std::string everything() const {
    std::string text;
    for (const Node& node : ui_.semantics().nodes())
      text += node.role + " \"" + node.name + "\" " + node.value + "\n";
    return text;
  }
  // Shows one case, as its address does.
  void choose(Id<Case> id) {
    PortalRoute chosen;
    chosen.selected = id;
    app.go(chosen);
    frame();
  }
  // A case of the demonstration in this state.
  Case one_in(CaseState state) {
    for (const Case& row : all<Case>(port.store()))
      if (row.state == state) return row;
    ADD_FAILURE() << "the demonstration has no case in this state";
    return {};
  }
  const Semantics& semantics() const { return ui_.semantics(); }
  Ui& ui() { return ui_; }

  DeskPort port;
  App app;

 private:
  Ui ui_;
  float width_;
};

}  // namespace foyer::portal
