#include "ui/ui.h"

#include <imgui.h>

#include <algorithm>

#include "ui/theme.h"

namespace foyer::portal {
namespace {

constexpr float kEm = 15;  // CSS pixels of body text

ImU32 color(std::uint32_t rgb, unsigned alpha = 255) {
  return IM_COL32((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, alpha);
}
ImVec4 color4(std::uint32_t rgb) { return ImGui::ColorConvertU32ToFloat4(color(rgb)); }

const char* begin_of(std::string_view text) { return text.data(); }
const char* end_of(std::string_view text) { return text.data() + text.size(); }

ImVec2 size_of(std::string_view text, float wrap = -1) {
  return ImGui::CalcTextSize(begin_of(text), end_of(text), false, wrap);
}

}  // namespace

struct Ui::State {
  ImGuiContext* context = nullptr;
  ImFont* regular = nullptr;
  ImFont* semibold = nullptr;
  Palette palette = kLightPalette;
  Fonts fonts;  // ImGui reads them for as long as it lives
};

Ui::Ui(const Fonts& fonts, Theme theme) : state_(new State) {
  IMGUI_CHECKVERSION();
  state_->fonts = fonts;
  state_->context = ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  const auto load = [&](std::string& bytes) {
    return bytes.empty() ? io.Fonts->AddFontDefault()
                         : io.Fonts->AddFontFromMemoryTTF(
                               bytes.data(), static_cast<int>(bytes.size()), kEm, &config);
  };
  state_->regular = load(state_->fonts.regular);
  state_->semibold = load(state_->fonts.semibold);
  set_theme(theme);
}

Ui::~Ui() {
  ImGui::DestroyContext(state_->context);
  delete state_;
}

void Ui::set_theme(Theme theme) {
  const Palette& p = state_->palette = theme == Theme::kDark ? kDarkPalette : kLightPalette;
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  style.FontSizeBase = kEm;
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 1;
  style.ChildRounding = 10;
  style.FrameRounding = 7;
  style.FramePadding = {12, 7};
  style.ItemSpacing = {8, 8};
  style.CellPadding = {10, 9};
  style.ScrollbarSize = 11;
  style.ScrollbarRounding = 6;
  auto& c = style.Colors;
  c[ImGuiCol_WindowBg] = color4(p.paper);
  c[ImGuiCol_ChildBg] = color4(p.card);
  c[ImGuiCol_Text] = color4(p.ink);
  c[ImGuiCol_Border] = color4(p.line);
  c[ImGuiCol_ScrollbarBg] = {0, 0, 0, 0};
  c[ImGuiCol_ScrollbarGrab] = color4(p.line);
  c[ImGuiCol_TableHeaderBg] = color4(p.card);
  c[ImGuiCol_TableBorderLight] = color4(p.line);
  c[ImGuiCol_Header] = color4(p.selected);
  c[ImGuiCol_HeaderHovered] = color4(p.hover);
  c[ImGuiCol_HeaderActive] = color4(p.selected);
}

void Ui::begin(float width, float height, float scale, float seconds) {
  ImGui::SetCurrentContext(state_->context);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {width, height};
  io.DisplayFramebufferScale = {scale, scale};
  io.DeltaTime = std::clamp(seconds, 0.0001F, 0.1F);
  width_ = width;
  height_ = height;
  semantics_.clear();
  wants_frame_ = false;
  visible_rows_ = 0;
  ImGui::NewFrame();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  ImGui::Begin("portal", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus);
}

void Ui::end() {
  ImGui::End();
  ImGui::Render();
  // What was meant for a widget that is not there any more is void.
  wants_frame_ |= !activated_.empty();
  activated_.clear();
}

void Ui::pointer(float x, float y) { ImGui::GetIO().AddMousePosEvent(x, y); }
void Ui::button(int which, bool is_down) { ImGui::GetIO().AddMouseButtonEvent(which, is_down); }
void Ui::wheel(float x, float y) { ImGui::GetIO().AddMouseWheelEvent(x, y); }

bool Ui::was_activated(std::string_view id) {
  const auto found = activated_.find(std::string(id));
  if (found == activated_.end()) return false;
  activated_.erase(found);
  wants_frame_ = true;
  return true;
}

void Ui::report(std::string_view id, std::string_view role, std::string_view name, bool is_current,
                bool is_disabled) {
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  if (!ImGui::IsItemVisible()) return;
  Node node;
  node.id = id;
  node.role = role;
  node.name = name;
  node.at = {low.x, low.y, high.x - low.x, high.y - low.y};
  node.is_current = is_current;
  node.is_disabled = is_disabled;
  semantics_.add(std::move(node));
}

void Ui::panel(std::string_view id, Rectangle at, bool is_card,
               const std::function<void()>& content) {
  ImGui::SetCursorPos({at.x, at.y});
  const bool is_rail = id == "rail";
  const Palette& p = state_->palette;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, color4(is_rail ? p.rail : is_card ? p.card : p.paper));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, is_card ? 10.0F : 0.0F);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(16, 14));
  const std::string name(id);
  if (ImGui::BeginChild(
          name.c_str(), {at.width, at.height},
          (is_card ? ImGuiChildFlags_Borders : 0) | ImGuiChildFlags_AlwaysUseWindowPadding)) {
    content();
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

void Ui::space(float em) { ImGui::Dummy({0, em * kEm}); }
void Ui::same_line() { ImGui::SameLine(); }
float Ui::available_width() const { return ImGui::GetContentRegionAvail().x; }

void Ui::heading(std::string_view text) {
  ImGui::PushFont(state_->semibold, kEm * 1.4F);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(begin_of(text), end_of(text));
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  report("heading/" + std::string(text), "heading", text);
}

void Ui::text(std::string_view text, Size size, bool is_soft) {
  const Palette& p = state_->palette;
  const float pixels = size == Size::kSmall ? kEm * 0.87F : kEm;
  ImGui::PushFont(size == Size::kTitle ? state_->semibold : state_->regular, pixels);
  ImGui::PushStyleColor(ImGuiCol_Text, color4(is_soft ? p.soft : p.ink));
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(begin_of(text), end_of(text));
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
  report("text/" + std::string(text), "text", text);
}

void Ui::tag(std::string_view text, Tone tone) {
  const auto* pair = state_->palette.tones[static_cast<std::size_t>(tone)];
  ImGui::PushFont(state_->semibold, kEm * 0.84F);
  const ImVec2 size = size_of(text), at = ImGui::GetCursorScreenPos();
  const ImVec2 box{size.x + 16, size.y + 6};
  ImGui::Dummy(box);
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + box.x, at.y + box.y}, color(pair[0]), box.y / 2);
  list->AddText({at.x + 8, at.y + 3}, color(pair[1]), begin_of(text), end_of(text));
  ImGui::PopFont();
  report("tag/" + std::string(text), "text", text);
}

bool Ui::button(std::string_view id, std::string_view label, Weight weight, bool is_current) {
  const Palette& p = state_->palette;
  const bool is_primary = weight == Weight::kPrimary;
  ImGui::PushFont(is_primary || is_current ? state_->semibold : state_->regular, kEm);
  const ImVec2 size = size_of(label), at = ImGui::GetCursorScreenPos();
  const ImVec2 box{size.x + 26, std::max(size.y + 14, 34.0F)};
  const std::string name(id);
  const bool was_clicked = ImGui::InvisibleButton(name.c_str(), box);
  const bool is_hovered = ImGui::IsItemHovered();
  const ImVec2 end{at.x + box.x, at.y + box.y};
  auto* list = ImGui::GetWindowDrawList();
  const auto fill = is_primary ? p.accent : is_current ? p.selected : is_hovered ? p.hover : p.card;
  if (weight != Weight::kQuiet || is_hovered || is_current)
    list->AddRectFilled(at, end, color(fill, is_primary && is_hovered ? 225 : 255), 7);
  if (weight == Weight::kSecondary) list->AddRect(at, end, color(p.line), 7);
  list->AddText({at.x + 13, at.y + (box.y - size.y) / 2},
                color(is_primary   ? p.accent_ink
                      : is_current ? p.accent
                                   : p.ink),
                begin_of(label), end_of(label));
  ImGui::PopFont();
  report(id, "button", label, is_current);
  const bool was_pressed = was_activated(id);
  return was_clicked || was_pressed;
}

bool Ui::rail_entry(std::string_view id, std::string_view label, bool is_current) {
  const Palette& p = state_->palette;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 box{std::max(available_width(), 40.0F), 38};
  const std::string name(id);
  const bool was_clicked = ImGui::InvisibleButton(name.c_str(), box);
  const bool is_hovered = ImGui::IsItemHovered();
  const ImVec2 end{at.x + box.x, at.y + box.y};
  auto* list = ImGui::GetWindowDrawList();
  if (is_current || is_hovered)
    list->AddRectFilled(at, end, IM_COL32(255, 255, 255, is_current ? 34 : 18), 7);
  ImGui::PushFont(is_current ? state_->semibold : state_->regular, kEm);
  list->AddText({at.x + 12, at.y + (box.y - size_of(label).y) / 2},
                color(is_current ? 0xffffff : p.rail_ink), begin_of(label), end_of(label));
  ImGui::PopFont();
  report(id, "link", label, is_current);
  const bool was_pressed = was_activated(id);
  return was_clicked || was_pressed;
}

void Ui::text_field(std::string_view id, std::string_view label, std::string& value, float lines) {
  if (const auto typed = texts_.find(std::string(id)); typed != texts_.end()) value = typed->second;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 box{available_width(), std::max(38.0F, lines * kEm * 1.5F + 16)};
  ImGui::Dummy(box);
  const Palette& p = state_->palette;
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + box.x, at.y + box.y}, color(p.card), 7);
  ImGui::GetWindowDrawList()->AddRect(at, {at.x + box.x, at.y + box.y}, color(p.soft, 140), 7);
  if (!ImGui::IsItemVisible()) return;
  Node node;
  node.id = id;
  node.role = "textbox";
  node.name = label;
  node.value = value;
  node.at = {at.x, at.y, box.x, box.y};
  node.is_multiline = lines > 1;
  semantics_.add(std::move(node));
}

void Ui::message(const ThreadEntry& entry) {
  const Palette& p = state_->palette;
  const float full = available_width(), width = std::min(full, full * 0.9F);
  const float wrap = width - 28;
  const std::string head =
      entry.who + (entry.is_internal ? "  -  internal note" : "") + "  -  " + entry.when;
  const ImVec2 head_size = size_of(head, wrap), body_size = size_of(entry.body, wrap);
  const float height = head_size.y + body_size.y + 30;
  ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({full, height});
  if (!entry.is_customer && !entry.is_internal) at.x += full - width;
  const ImVec2 end{at.x + width, at.y + height};
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, end,
                      color(entry.is_internal   ? p.internal
                            : entry.is_customer ? p.customer
                                                : p.staff),
                      10);
  list->AddRect(at, end, color(p.line), 10);
  if (entry.is_internal) list->AddRectFilled(at, {at.x + 4, end.y}, color(p.tones[2][1]), 10);
  list->AddText(state_->semibold, kEm * 0.87F, {at.x + 14, at.y + 9}, color(p.soft), begin_of(head),
                end_of(head), wrap);
  list->AddText(state_->regular, kEm, {at.x + 14, at.y + 17 + head_size.y}, color(p.ink),
                begin_of(entry.body), end_of(entry.body), wrap);
  report("message/" + to_string(entry.id), "article", head + ": " + entry.body);
}

void Ui::fact(const CaseFact& fact) {
  const float label_width = 7.5F * kEm;
  const float left = ImGui::GetCursorPosX();
  text(fact.label, Size::kSmall, true);
  ImGui::SameLine(left + label_width);
  if (fact.tone == Tone::kCalm)
    text(fact.text, Size::kBody);
  else
    tag(fact.text, fact.tone);
}

void Ui::empty(std::string_view title, std::string_view what_to_do) {
  space(2);
  text(title, Size::kTitle);
  text(what_to_do, Size::kBody, true);
}

int Ui::table_head(const std::string& name, std::span<const Column> columns, int sorted_column,
                   bool descending) {
  int clicked = -1;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    ImGui::TableSetColumnIndex(i);
    const std::string head = name + "/sort/" + std::string(columns[i].title);
    const bool is_sorted = i == sorted_column;
    std::string title(columns[i].title);
    ImGui::PushID(i);
    ImGui::PushFont(is_sorted ? state_->semibold : state_->regular, kEm * 0.87F);
    ImGui::PushStyleColor(ImGuiCol_Text, color4(state_->palette.soft));
    if (ImGui::Selectable(title.c_str())) clicked = i;
    report(head, "columnheader",
           title + (is_sorted ? descending ? ", sorted downwards" : ", sorted upwards" : ""));
    if (was_activated(head)) clicked = i;
    ImGui::PopStyleColor();
    ImGui::PopFont();
    ImGui::PopID();
  }
  return clicked;
}

Ui::TableResult Ui::table(std::string_view id, std::string_view label,
                          std::span<const Column> columns, int sorted_column, bool descending,
                          int row_count, int current_row,
                          const std::function<void(int row, std::vector<Cell>& cells)>& row) {
  TableResult result;
  const std::string name(id);
  const Palette& p = state_->palette;
  const auto flags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH |
                     ImGuiTableFlags_Resizable | ImGuiTableFlags_NoBordersInBody |
                     ImGuiTableFlags_PadOuterX;
  if (!ImGui::BeginTable(name.c_str(), static_cast<int>(columns.size()), flags)) return result;
  report(id, "grid", label);
  for (const Column& column : columns) {
    const std::string title(column.title);
    ImGui::TableSetupColumn(
        title.c_str(),
        column.width_em > 0 ? ImGuiTableColumnFlags_WidthFixed : ImGuiTableColumnFlags_WidthStretch,
        column.width_em > 0 ? column.width_em * kEm : 1.0F);
  }
  result.clicked_column = table_head(name, columns, sorted_column, descending);
  ImGuiListClipper clipper;
  clipper.Begin(row_count);
  std::vector<Cell> cells;
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      ++visible_rows_;
      cells.clear();
      row(i, cells);
      ImGui::TableNextRow();
      ImGui::TableSetColumnIndex(0);
      const std::string row_id = name + "/row/" + std::to_string(i);
      ImGui::PushID(i);
      if (ImGui::Selectable(
              "##row", i == current_row,
              ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowOverlap))
        result.clicked_row = i;
      std::string words;
      for (const Cell& cell : cells) words += (words.empty() ? "" : ", ") + std::string(cell.text);
      if (ImGui::IsItemVisible()) {
        const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
        Node node{row_id, "row", words, {}, {low.x, low.y, high.x - low.x, high.y - low.y}};
        node.is_current = i == current_row;
        node.row = i + 1;
        node.row_count = row_count;
        semantics_.add(std::move(node));
      }
      if (was_activated(row_id)) result.clicked_row = i;
      for (std::size_t column = 0; column < cells.size(); ++column) {
        if (column == 0)
          ImGui::SameLine(0, 0);
        else
          ImGui::TableSetColumnIndex(static_cast<int>(column));
        const auto tone = cells[column].tone;
        if (tone) {
          ImGui::PushStyleColor(ImGuiCol_Text, color4(p.tones[static_cast<std::size_t>(*tone)][1]));
          ImGui::PushFont(state_->semibold, kEm * 0.9F);
        }
        ImGui::TextUnformatted(begin_of(cells[column].text), end_of(cells[column].text));
        if (tone) {
          ImGui::PopFont();
          ImGui::PopStyleColor();
        }
      }
      ImGui::PopID();
    }
  ImGui::EndTable();
  return result;
}

}  // namespace foyer::portal
