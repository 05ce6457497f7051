// The widgets of the portal, over Dear ImGui: the only folder that calls it. Immediate mode: a
// call draws and answers. Invariant: everything visible reports itself to the semantics tree.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "foyer/view/staff_cases.h"
#include "ui/semantics.h"

namespace foyer::portal {

enum class Theme : std::uint8_t { kLight, kDark, kContrast };
enum class Weight : std::uint8_t { kPrimary, kSecondary, kQuiet };
enum class Size : std::uint8_t { kSmall, kBody, kTitle, kLarge };

struct Fonts {
  std::string regular, semibold;  // the bytes of font files; empty: the built-in one
};

class Ui {
 public:
  Ui(const Fonts& fonts, Theme theme);
  ~Ui();
  Ui(const Ui&) = delete;
  Ui& operator=(const Ui&) = delete;

  void set_theme(Theme theme);
  // Sizes in CSS pixels; `scale` device pixels per CSS pixel.
  void begin(float width, float height, float scale, float seconds);
  void end();

  // Input. Positions in CSS pixels.
  void pointer(float x, float y);
  void button(int which, bool is_down);
  void shift(bool is_down);
  void wheel(float x, float y);
  // What assistive technology, the keyboard on the mirror, or a test did.
  void activate(std::string_view id) { activated_.insert(std::string(id)); }
  void set_text(std::string_view id, std::string value) {
    texts_[std::string(id)] = std::move(value);
  }

  // True once after activate(id), for ids that are keys and not widgets.
  bool took(std::string_view id) { return was_activated(id); }
  // The text field of this id gets the keyboard, and is scrolled into sight.
  void focus(std::string_view id) {
    focus_wanted_ = id;
    focus_age_ = 0;
    wants_frame_ = true;
  }

  // Layout.
  float width() const { return width_; }
  float height() const { return height_; }
  bool is_narrow() const { return width_ < 700; }
  void panel(std::string_view id, Rectangle at, bool is_card, const std::function<void()>& content);
  // Over everything else, which rests meanwhile. False: the person left it (Escape, a click
  // outside, the close button).
  bool dialog(std::string_view title, float width, const std::function<void()>& content);
  void space(float em);
  // What follows stands at the foot of the panel, `height` pixels high.
  void to_foot(float height);
  void same_line(float gap = 8);
  // On the same line if a button of this label fits there.
  void flow(std::string_view next_label);
  // The rest of this line, from its left.
  float available_width() const;

  // Widgets.
  void heading(std::string_view text);
  void text(std::string_view text, Size size = Size::kBody, bool is_soft = false);
  // The same with an id of its own: for words that may stand on the screen twice.
  void text_as(std::string_view id, std::string_view text, Size size = Size::kBody,
               bool is_soft = false);
  void tag(std::string_view text, Tone tone);
  void tag_as(std::string_view id, std::string_view text, Tone tone);
  // The head of a part of a panel, with how much is in it.
  void section(std::string_view title, std::size_t count);
  // How much of something is left, in words and as a bar; `part` of 1000.
  void meter(std::string_view id, std::string_view words, std::int64_t part, Tone tone);
  bool button(std::string_view id, std::string_view label, Weight weight = Weight::kSecondary,
              bool is_current = false);
  // A whole line of the rail; `is_compact`: as wide as its label, for a rail that lies on top.
  bool rail_entry(std::string_view id, std::string_view label, bool is_current,
                  bool is_compact = false);
  // A line of the rail with a coloured mark: its state in words, and more about it below.
  bool rail_status(std::string_view id, std::string_view label, std::string_view detail, Tone tone);
  // The same on a rail that lies on top: at its right end; without room the mark alone is drawn.
  bool rail_mark(std::string_view id, std::string_view label, Tone tone);
  void brand(std::string_view name);
  // A line of a menu; `hint` stands at its end (a shortcut).
  bool menu_entry(std::string_view id, std::string_view label, std::string_view hint,
                  bool is_current);
  // What is typed there, if anything was, before the field is drawn.
  void take_text(std::string_view id, std::string& value) const;
  // The DOM lays a real field over the returned place; `value` follows what is typed.
  void text_field(std::string_view id, std::string_view label, std::string& value, float lines = 1);
  void clear_text(std::string_view id) { texts_.erase(std::string(id)); }
  // The DOM lays a real select, or a real file field, over the returned place.
  // `width` 0: what is left. True when another one was chosen.
  bool select(std::string_view id, std::string_view label, std::span<const std::string> options,
              std::size_t& chosen, float width = 0);
  void file_field(std::string_view id, std::string_view title, std::string_view detail);
  // A line with a select at its end. True when another one was chosen.
  bool choice_line(std::string_view id, std::string_view title, std::string_view detail,
                   std::span<const std::string> options, std::size_t& chosen);
  // Words in a box of their own over the whole width.
  void banner(std::string_view text, Tone tone);
  void progress(std::string_view label, float fraction);
  struct Stat {
    std::string_view label;
    std::string value;
    Tone tone = Tone::kCalm;
  };
  void stats(std::span<const Stat> stats);
  // One of a few, side by side; the index that was pressed, or -1.
  int segments(std::string_view id, std::span<const std::string_view> labels, std::size_t current);
  void message(const ThreadEntry& entry);
  void fact(const CaseFact& fact);
  void empty(std::string_view title, std::string_view what_to_do);

  struct Column {
    std::string_view title;
    float width_em;  // 0: takes what is left
  };
  struct Cell {
    std::string_view text;
    std::optional<Tone> tone;
    bool is_tag = false;
  };
  struct Sort {
    int column = 0;
    bool descending = false;
  };
  struct TableResult {
    int clicked_row = -1;
    int clicked_column = -1;
    bool is_added = false;  // the column was pressed with Shift: it sorts after the others
  };
  // Draws only the visible rows; `row` fills one line's cells. `rows_shown_max` 0: as many as fit.
  TableResult table(std::string_view id, std::string_view label, std::span<const Column> columns,
                    std::span<const Sort> sorts, int row_count, int current_row,
                    const std::function<void(int row, std::vector<Cell>& cells)>& row,
                    int rows_shown_max = 0);

  const Semantics& semantics() const { return semantics_; }
  bool wants_another_frame() const { return wants_frame_; }
  int visible_rows() const { return visible_rows_; }

 private:
  bool was_activated(std::string_view id);
  bool is_in_reach(std::string_view id, std::string_view role);
  void table_head(const std::string& name, std::span<const Column> columns,
                  std::span<const Sort> sorts, TableResult& result);
  void select_box(std::string_view value, Rectangle at);
  // What the mirror lays over a place; scrolled into sight first if it shall have the keyboard.
  void report_field(Node node);
  // A line over the whole width that can be pressed.
  bool wide_line(std::string_view id, float height);
  void draw_row(const std::string& table, int i, int row_count, bool is_current,
                std::span<const Cell> cells, TableResult& result);
  void draw_cell(const Cell& cell);
  void reveal_wanted_row(const std::string& table, int row_count);
  void add(Node node);
  void report(std::string_view id, std::string_view role, std::string_view name,
              bool is_current = false, bool is_disabled = false);
  struct State;
  State* state_;
  Semantics semantics_;
  std::set<std::string> activated_;
  std::map<std::string, std::string> texts_;
  std::string focus_wanted_, panel_;
  float width_ = 0, height_ = 0;
  bool wants_frame_ = false;
  int focus_age_ = 0;  // frames; a field that does not appear gets nothing
  int visible_rows_ = 0;
};

}  // namespace foyer::portal
