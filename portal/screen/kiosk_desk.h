// Kiosks, as their keepers see them: the list with their health, setting up and changing one, its
// one-time code, revoking it. The code is never stored: leaving the kiosk forgets it.
// Invariant: one question to the server is under way at a time; an answer to another is dropped.
#pragma once

#include <utility>

#include "foyer/view/kiosks.h"
#include "foyer/view/route.h"
#include "port.h"
#include "ui/ui.h"

namespace foyer::portal {

class KioskDesk {
 public:
  explicit KioskDesk(Port& port) : port_(port) {}

  void refresh(const PortalRoute& route);
  // Another kiosk is shown, or another screen.
  void turn();
  void answered(std::uint64_t question, int status, std::string_view body);
  void draw_list(Ui& ui);
  void draw_detail(Ui& ui);
  // A profile is being written, of a kiosk that there is or of a new one.
  bool has_form() const { return profile_.has_value(); }
  void begin_new();
  // Where the person wants to go, once.
  std::optional<PortalRoute> took_wish() { return std::exchange(wish_, std::nullopt); }
  bool took_change() { return std::exchange(is_changed_, false); }

 private:
  void draw_table(Ui& ui);
  void draw_kiosk(Ui& ui);
  void draw_deeds(Ui& ui);
  void draw_code(Ui& ui);
  void draw_revoke(Ui& ui);
  void draw_form(Ui& ui);
  void draw_form_places(Ui& ui);
  void draw_form_offers(Ui& ui);
  void draw_form_end(Ui& ui);
  void draw_notice(Ui& ui);
  void begin(SetUpKiosk profile);
  void ask_for_code();
  void save();
  bool submit(Command command, std::string said);
  void wish_row(Uuid selected);

  Port& port_;
  PortalRoute route_;
  std::optional<PortalRoute> wish_;
  std::vector<KioskRow> rows_;
  std::optional<KioskDetails> kiosk_;
  std::optional<SetUpKiosk> profile_;
  KioskChoices choices_;
  std::optional<DeviceCode> code_;
  std::uint64_t question_ = 0;  // under way
  std::string reason_, notice_;
  bool is_refused_ = false;      // what the notice says
  bool is_notice_kept_ = false;  // it is about what led away from the row
  bool is_form_kept_ = false;
  bool is_new_ = false;          // the profile is of a kiosk that there is not yet
  bool is_revoking_ = false;
  bool is_text_stale_ = false;
  bool is_changed_ = false;
};

}  // namespace foyer::portal
