// The portal's shell: which screen is shown, what is selected, and the turning of what a person
// did into commands. Screens draw (screen/*.cc); rows, time and transport come through the port.
#pragma once

#include "foyer/view/route.h"
#include "foyer/view/staff_accounts.h"
#include "port.h"
#include "screen/command_form.h"
#include "screen/conflict_desk.h"
#include "screen/import_desk.h"
#include "screen/kiosk_desk.h"
#include "screen/outbox_desk.h"
#include "screen/outbox_file_desk.h"
#include "screen/visitor_desk.h"
#include "ui/ui.h"

namespace foyer::portal {

class App {
 public:
  explicit App(Port& port)
      : port_(port), import_(port), outbox_file_(port), visitors_(port), kiosks_(port),
        outbox_(port), conflicts_(port), form_(port) {}

  void go(const PortalRoute& route, bool is_from_history = false);
  void rows_changed() { is_stale_ = is_queue_stale_ = true; }
  // Draws one frame; true if another one is wanted at once.
  bool draw(Ui& ui);
  const PortalRoute& route() const { return route_; }
  // Files that a person chose, and answers to Port::ask.
  void picked(PickedFile file);
  void progressed(std::uint64_t question, float fraction) {
    import_.progressed(question, fraction);
  }
  void answered(std::uint64_t question, int status, std::string_view body) {
    import_.answered(question, status, body);
    outbox_file_.answered(question, status, body);
    outbox_.answered(question, status);
    kiosks_.answered(question, status, body);
  }

 private:
  // Everything a person can do now, with its shortcut: what the palette and the key list show.
  struct Deed {
    std::string id, label, hint;
    std::function<void()> run;
  };
  std::vector<Deed> deeds(Ui& ui);
  std::vector<Deed> found_rows();
  void take_keys(Ui& ui);
  void show_palette(Ui& ui);
  // The palette with the screens alone.
  void show_more(Ui& ui);
  void copy_list();
  void draw_overlay(Ui& ui);
  void draw_palette(Ui& ui);
  void draw_key_list(Ui& ui);
  void draw_form(Ui& ui);
  void add_commands(Ui& ui, std::vector<Deed>& list);
  // Nothing, if the command cannot be done where the person is.
  std::function<void()> doing(Ui& ui, const CommandInfo& command);
  // Starts a move of the shown case, or asks for the words that it needs.
  void begin_move(Transition transition);
  // The move that a command makes, and its words; nothing for other commands.
  struct NamedMove {
    Transition transition;
    std::string_view title;
  };
  static std::optional<NamedMove> move_of(std::string_view command);

  void refresh();
  void refresh_queue();
  void draw_rail(Ui& ui, Rectangle at);
  void draw_queue(Ui& ui);
  void draw_queue_filters(Ui& ui);
  void draw_queue_table(Ui& ui);
  // The same screen and row under another question; it is an address of its own.
  void ask(QueueQuery query);
  void draw_case(Ui& ui);
  void draw_thread_and_editors(Ui& ui, const CaseView& view);
  void draw_moves(Ui& ui, const CaseView& view);
  void draw_accounts(Ui& ui);
  void draw_account(Ui& ui);
  void draw_contract(Ui& ui, const ContractRow& contract);
  void draw_entitlement(Ui& ui, const EntitlementRow& row);
  void draw_assign(Ui& ui, const CaseView& view);
  void draw_move_words(Ui& ui, const CaseView& view);
  void draw_import(Ui& ui);
  void draw_list(Ui& ui);
  void draw_detail(Ui& ui);
  void take_wishes();
  void edit_refused(std::uint64_t mid);
  void do_otherwise(Id<Conflict> id);
  void draw_sync_state(Ui& ui);
  bool may_see(Screen screen) const;
  std::string rail_title(Screen screen) const;
  // Shows the refusal, if it is one. True: accepted.
  bool submit(Command command);
  void select_case(Id<Case> id);

  Port& port_;
  ImportDesk import_;
  OutboxFileDesk outbox_file_;
  VisitorDesk visitors_;
  KioskDesk kiosks_;
  OutboxDesk outbox_;
  ConflictDesk conflicts_;
  CommandForm form_;
  PortalRoute route_;
  std::vector<QueueRow> queue_;
  std::optional<QueueQuery> queue_query_;  // that queue_ answers; none: nothing was asked
  int queue_current_ = -1;                 // the place of the selected case in it
  std::optional<CaseView> case_;
  std::vector<Account> accounts_;
  std::string reply_, note_, notice_, need_, palette_text_;
  enum class Overlay : std::uint8_t { kNone, kPalette, kKeys, kForm };
  Overlay overlay_ = Overlay::kNone;
  std::size_t palette_row_ = 0;
  std::optional<Transition> asking_;  // a move that needs words first
  std::size_t asked_choice_ = 0;      // of its select: a reason, a person
  std::vector<QueueOwner> owners_;
  std::vector<std::string> queues_;
  std::optional<AccountView> account_;
  std::set<std::string> opened_;  // ledgers that are shown
  bool shows_filters_ = false;
  bool is_search_stale_ = false;  // the fields show what was typed, and the address says otherwise
  bool is_stale_ = true;
  bool is_queue_stale_ = true;  // rows have changed: asking again is not sorting again
};

}  // namespace foyer::portal
