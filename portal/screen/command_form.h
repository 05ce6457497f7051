// A form for any command, made from the field table of its arguments: what the palette shows for
// commands that no screen has a button for. Ids of rows that the command makes are made here.
// Invariant: what is submitted is a command that passed its own check.
#pragma once

#include <map>

#include "foyer/model/change.h"
#include "foyer/view/command_words.h"
#include "port.h"
#include "ui/ui.h"

namespace foyer::portal {

// False for commands that only programs send: their arguments hold rows or files.
bool can_be_filled_in(const CommandInfo& command);

class CommandForm {
 public:
  explicit CommandForm(Port& port) : port_(port) {}

  // `shown`: the case that the command is about, where it is about one.
  void begin(const CommandInfo& command, Id<Case> shown);
  // A refused one again, with its words; what is sent takes its place in the outbox. False: it
  // cannot be filled in by a person, or its arguments cannot be read.
  bool begin_again(std::uint64_t mid, const Command& refused);
  // What was set aside, with other arguments: sent, it decides the conflict. False as above.
  bool begin_other(const Conflict& conflict);
  std::string title() const { return command_ == nullptr ? "" : title_of_command(command_->name); }
  enum class Result : std::uint8_t { kOpen, kDone, kLeft };
  Result draw(Ui& ui);
  // Of the case that case.open made.
  Id<Case> made_case() const { return made_case_; }

 private:
  struct Choice {
    Uuid id;
    std::string label;
  };
  enum class Role : std::uint8_t { kHidden, kMade, kShownCase, kAsked };

  Role role_of(const Field& field) const;
  void load_choices();
  void read(const Field& field, const void* arguments);
  void draw_field(Ui& ui, const Field& field);
  void fill(const Field& field, void* arguments);
  foyer::Result<void> submit();

  Port& port_;
  const CommandInfo* command_ = nullptr;
  Id<Case> shown_, made_case_;
  bool begin_with(const Command& written);
  bool is_again() const { return !before_.empty(); }

  std::uint64_t replaces_ = 0;  // the refused entry; 0: none
  Id<Conflict> decides_;        // null: none
  std::string before_;          // the arguments: what is not asked stays as it was
  bool is_fresh_ = false;         // the fields show what they held before
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, std::size_t, std::less<>> chosen_;
  std::map<std::string, std::vector<Choice>, std::less<>> choices_;
  std::string problem_;
};

}  // namespace foyer::portal
