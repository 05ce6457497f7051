#include "ui/ui.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cstdlib>

#include "ui/theme.h"

namespace foyer::portal {
namespace {

constexpr float kEm = 15;    // CSS pixels; the layout's unit
constexpr float kBody = 17;  // height of a line of body text, whose letters are then 14 pixels
constexpr float kRowHeight = 40, kHeadHeight = 34;

ImU32 color(std::uint32_t rgb, unsigned alpha = 255) {
  return IM_COL32((rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255, alpha);
}
ImVec4 color4(std::uint32_t rgb, unsigned alpha = 255) {
  return ImGui::ColorConvertU32ToFloat4(color(rgb, alpha));
}

const char* begin_of(std::string_view text) { return text.data(); }
const char* end_of(std::string_view text) { return text.data() + text.size(); }

ImVec2 size_of(std::string_view text, float wrap = -1) {
  return ImGui::CalcTextSize(begin_of(text), end_of(text), false, wrap);
}

// In tests no renderer takes the glyphs: they count as taken, else the next frame waits for them.
void take_textures_if_nobody_draws() {
  if (ImGui::GetIO().BackendRendererName != nullptr) return;
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    if (texture->Status == ImTextureStatus_WantDestroy) {
      texture->SetStatus(ImTextureStatus_Destroyed);
    } else if (texture->Status != ImTextureStatus_OK) {
      texture->SetTexID(1);
      texture->SetStatus(ImTextureStatus_OK);
    }
  }
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
  ImGui::SetCurrentContext(state_->context);  // a second Ui would else go on with the first one's
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  ImFontConfig config;
  config.FontDataOwnedByAtlas = false;
  const auto load = [&](std::string& bytes) {
    return bytes.empty() ? io.Fonts->AddFontDefault()
                         : io.Fonts->AddFontFromMemoryTTF(
                               bytes.data(), static_cast<int>(bytes.size()), kBody, &config);
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
  ImGui::SetCurrentContext(state_->context);
  const Palette& p = state_->palette = kPalettes[static_cast<std::size_t>(theme)];
  ImGuiStyle& style = ImGui::GetStyle();
  style = ImGuiStyle();
  style.FontSizeBase = kBody;
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 1;
  style.ChildRounding = 10;
  style.FrameRounding = 7;
  style.FramePadding = {12, 7};
  style.ItemSpacing = {8, 8};
  style.CellPadding = {10, 0};
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
  c[ImGuiCol_TableBorderLight] = c[ImGuiCol_TableBorderStrong] = color4(p.line);
  // Rows and heads paint themselves.
  c[ImGuiCol_Header] = c[ImGuiCol_HeaderHovered] = c[ImGuiCol_HeaderActive] = {0, 0, 0, 0};
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
  take_textures_if_nobody_draws();
  // What was meant for a widget that is not there any more is void.
  wants_frame_ |= !activated_.empty();
  activated_.clear();
  if (++focus_age_ > 4) focus_wanted_.clear();
}

void Ui::pointer(float x, float y) { ImGui::GetIO().AddMousePosEvent(x, y); }
void Ui::button(int which, bool is_down) { ImGui::GetIO().AddMouseButtonEvent(which, is_down); }
void Ui::shift(bool is_down) { ImGui::GetIO().AddKeyEvent(ImGuiMod_Shift, is_down); }
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
  if (!is_in_reach(id, role)) return;
  Node node;
  node.id = id;
  node.role = role;
  node.name = name;
  node.at = {low.x, low.y, high.x - low.x, high.y - low.y};
  node.is_current = is_current;
  node.is_disabled = is_disabled;
  add(std::move(node));
}

// What can be operated is reached by keyboard although it is out of sight: when the mirror's focus
// comes to it ("ID/reveal"), its panel scrolls there.
bool Ui::is_in_reach(std::string_view id, std::string_view role) {
  if (ImGui::IsItemVisible()) return true;
  if (was_activated(std::string(id) + "/reveal")) {
    ImGui::SetScrollHereY(0.5F);
    wants_frame_ = true;
  }
  return role == "button" || role == "link" || role == "textbox" || role == "combobox";
}

void Ui::add(Node node) {
  const auto* list = ImGui::GetWindowDrawList();
  const ImVec2 low = list->GetClipRectMin(), high = list->GetClipRectMax();
  node.clip = {low.x, low.y, high.x - low.x, high.y - low.y};
  node.panel = panel_;
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
          (is_card ? ImGuiChildFlags_Borders : 0) | ImGuiChildFlags_AlwaysUseWindowPadding,
          is_rail ? ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse : 0)) {
    panel_ = id;
    content();
  }
  ImGui::EndChild();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor();
}

bool Ui::dialog(std::string_view title, float width, const std::function<void()>& content) {
  const Palette& p = state_->palette;
  bool is_kept = !was_activated("dialog/close");
  ImGui::SetCursorPos({0, 0});
  ImGui::PushStyleColor(ImGuiCol_ChildBg, color4(p.rail, 140));
  ImGui::PushStyleVar(ImGuiStyleVar_ChildRounding, 0);
  ImGui::BeginChild("scrim", {width_, height_}, 0, ImGuiWindowFlags_NoScrollbar);
  ImGui::PopStyleVar();
  ImGui::PopStyleColor();
  const float room = std::min(width, width_ - 24);
  const float tall = std::min(height_ * 0.8F, 760.0F);
  panel("dialog", {(width_ - room) / 2, std::max(12.0F, height_ * 0.1F), room, tall}, true, [&] {
    heading(title);
    ImGui::SameLine(std::min(width, width_ - 24) - 92);
    if (button("dialog/leave", "Close", Weight::kQuiet)) is_kept = false;
    content();
  });
  if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(0)) is_kept = false;
  ImGui::EndChild();
  if (!is_kept) wants_frame_ = true;
  return is_kept;
}

void Ui::to_foot(float height) {
  const float foot = ImGui::GetWindowHeight() - height - 14;
  if (foot > ImGui::GetCursorPosY()) ImGui::SetCursorPosY(foot);
}

void Ui::flow(std::string_view next_label) {
  ImGui::SameLine();
  if (ImGui::GetContentRegionAvail().x < size_of(next_label).x + 26) ImGui::NewLine();
}

void Ui::space(float em) { ImGui::Dummy({0, em * kEm}); }
void Ui::same_line(float gap) { ImGui::SameLine(0, gap); }
float Ui::available_width() const { return ImGui::GetContentRegionAvail().x; }

void Ui::heading(std::string_view text) {
  ImGui::PushFont(state_->semibold, kBody * 1.4F);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(begin_of(text), end_of(text));
  ImGui::PopTextWrapPos();
  ImGui::PopFont();
  report("heading/" + std::string(text), "heading", text);
}

void Ui::text(std::string_view text, Size size, bool is_soft) {
  text_as("text/" + std::string(text), text, size, is_soft);
}

void Ui::text_as(std::string_view id, std::string_view text, Size size, bool is_soft) {
  const Palette& p = state_->palette;
  const float pixels = size == Size::kSmall ? kBody * 0.88F : size == Size::kLarge ? kBody * 2.4F
                                                                                   : kBody;
  ImGui::PushFont(size >= Size::kTitle ? state_->semibold : state_->regular, pixels);
  ImGui::PushStyleColor(ImGuiCol_Text, color4(is_soft ? p.soft : p.ink));
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(begin_of(text), end_of(text));
  ImGui::PopTextWrapPos();
  ImGui::PopStyleColor();
  ImGui::PopFont();
  report(id, "text", text);
}

void Ui::section(std::string_view title, std::size_t count) {
  const Palette& p = state_->palette;
  space(0.7F);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const std::string number = std::to_string(count);
  ImGui::Dummy({available_width(), 26});
  auto* list = ImGui::GetWindowDrawList();
  list->AddLine(at, {at.x + ImGui::GetItemRectSize().x, at.y}, color(p.line));
  list->AddText(state_->semibold, kBody, {at.x, at.y + 9}, color(p.ink), begin_of(title),
                end_of(title));
  ImGui::PushFont(state_->semibold, kBody);
  const float after = size_of(title).x + 10;
  ImGui::PopFont();
  list->AddText(state_->regular, kBody, {at.x + after, at.y + 9}, color(p.soft),
                begin_of(number), end_of(number));
  report("section/" + std::string(title), "heading", title);
}

void Ui::meter(std::string_view id, std::string_view words, std::int64_t part, Tone tone) {
  const Palette& p = state_->palette;
  const float room = std::min(available_width(), 26 * kEm);
  const ImVec2 at = ImGui::GetCursorScreenPos(), size = size_of(words, room);
  ImGui::Dummy({room, size.y + 14});
  auto* list = ImGui::GetWindowDrawList();
  list->AddText(state_->regular, kBody, at, color(p.ink), begin_of(words), end_of(words), room);
  const float top = at.y + size.y + 4;
  list->AddRectFilled({at.x, top}, {at.x + room, top + 6}, color(p.line), 3);
  const float filled = room * static_cast<float>(part) / 1000;
  if (filled >= 1)
    list->AddRectFilled({at.x, top}, {at.x + filled, top + 6},
                        color(p.tones[static_cast<std::size_t>(tone)][1]), 3);
  report(id, "text", words);
}

void Ui::tag(std::string_view text, Tone tone) { tag_as("tag/" + std::string(text), text, tone); }

void Ui::tag_as(std::string_view id, std::string_view text, Tone tone) {
  const auto* pair = state_->palette.tones[static_cast<std::size_t>(tone)];
  ImGui::PushFont(state_->semibold, kBody * 0.84F);
  const ImVec2 size = size_of(text), at = ImGui::GetCursorScreenPos();
  const ImVec2 box{size.x + 16, size.y + 6};
  ImGui::Dummy(box);
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + box.x, at.y + box.y}, color(pair[0]), box.y / 2);
  list->AddText({at.x + 8, at.y + 3}, color(pair[1]), begin_of(text), end_of(text));
  ImGui::PopFont();
  report(id, "text", text);
}

bool Ui::button(std::string_view id, std::string_view label, Weight weight, bool is_current) {
  const Palette& p = state_->palette;
  const bool is_primary = weight == Weight::kPrimary;
  ImGui::PushFont(is_primary || is_current ? state_->semibold : state_->regular, kBody);
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

bool Ui::wide_line(std::string_view id, float height) {
  const std::string name(id);
  return ImGui::InvisibleButton(name.c_str(), {std::max(available_width(), 40.0F), height});
}

bool Ui::rail_entry(std::string_view id, std::string_view label, bool is_current,
                    bool is_compact) {
  const Palette& p = state_->palette;
  ImGui::PushFont(is_current ? state_->semibold : state_->regular, kBody);
  const std::string name(id);
  const bool was_clicked =
      is_compact ? ImGui::InvisibleButton(name.c_str(), {size_of(label).x + 16, 38})
                 : wide_line(id, 38);
  const ImVec2 at = ImGui::GetItemRectMin(), end = ImGui::GetItemRectMax();
  auto* list = ImGui::GetWindowDrawList();
  if (is_current || ImGui::IsItemHovered())
    list->AddRectFilled(at, end, IM_COL32(255, 255, 255, is_current ? 34 : 18), 7);
  list->AddText({at.x + (is_compact ? 8 : 12), at.y + (end.y - at.y - size_of(label).y) / 2},
                color(is_current ? 0xffffff : p.rail_ink), begin_of(label), end_of(label));
  ImGui::PopFont();
  report(id, "link", label, is_current);
  const bool was_pressed = was_activated(id);
  return was_clicked || was_pressed;
}

bool Ui::rail_status(std::string_view id, std::string_view label, std::string_view detail,
                     Tone tone) {
  const Palette& p = state_->palette;
  const bool was_clicked = wide_line(id, 52);
  const ImVec2 at = ImGui::GetItemRectMin(), end = ImGui::GetItemRectMax();
  auto* list = ImGui::GetWindowDrawList();
  if (ImGui::IsItemHovered()) list->AddRectFilled(at, end, IM_COL32(255, 255, 255, 18), 7);
  // On the dark rail the marks are those of the dark theme in either theme.
  const auto mark = color(kDarkPalette.tones[static_cast<std::size_t>(tone)][1]);
  list->AddCircleFilled({at.x + 15, at.y + 17}, 4, mark);
  list->AddText(state_->semibold, kBody * 0.92F, {at.x + 27, at.y + 9}, color(0xffffff),
                begin_of(label), end_of(label));
  list->AddText(state_->regular, kBody * 0.84F, {at.x + 27, at.y + 28}, color(p.rail_ink),
                begin_of(detail), end_of(detail));
  report(id, "link", std::string(label) + (detail.empty() ? "" : ". ") + std::string(detail));
  const bool was_pressed = was_activated(id);
  return was_clicked || was_pressed;
}

bool Ui::rail_mark(std::string_view id, std::string_view label, Tone tone) {
  const float room = std::max(available_width(), 26.0F);
  ImGui::PushFont(state_->semibold, kBody * 0.84F);
  const float words = size_of(label).x + 20;
  const bool has_words = words + 6 <= room;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float left = at.x + room - (has_words ? words : 16);
  ImGui::SetCursorScreenPos({left - 6, at.y});
  const std::string name(id);
  const bool was_clicked =
      ImGui::InvisibleButton(name.c_str(), {at.x + room - left + 6, 38});
  auto* list = ImGui::GetWindowDrawList();
  list->AddCircleFilled({left + 4, at.y + 19}, has_words ? 4 : 6,
                        color(kDarkPalette.tones[static_cast<std::size_t>(tone)][1]));
  if (has_words)
    list->AddText({left + 14, at.y + 19 - size_of(label).y / 2}, color(0xffffff),
                  begin_of(label), end_of(label));
  ImGui::PopFont();
  report(id, "link", label);
  const bool was_pressed = was_activated(id);
  return was_clicked || was_pressed;
}

void Ui::brand(std::string_view name) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({available_width(), 34});
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({at.x + 12, at.y + 5}, {at.x + 30, at.y + 23},
                      color(kDarkPalette.accent), 5);
  list->AddRectFilled({at.x + 18, at.y + 11}, {at.x + 24, at.y + 23},
                      color(state_->palette.rail), 2);
  list->AddText(state_->semibold, kBody * 1.12F, {at.x + 40, at.y + 4}, color(0xffffff),
                begin_of(name), end_of(name));
  report("brand", "text", name);
}

bool Ui::menu_entry(std::string_view id, std::string_view label, std::string_view hint,
                    bool is_current) {
  const Palette& p = state_->palette;
  const bool was_clicked = wide_line(id, 36);
  const ImVec2 at = ImGui::GetItemRectMin(), end = ImGui::GetItemRectMax();
  auto* list = ImGui::GetWindowDrawList();
  if (is_current || ImGui::IsItemHovered())
    list->AddRectFilled(at, end, color(is_current ? p.selected : p.hover), 7);
  const float top = at.y + (end.y - at.y - kBody) / 2, hint_width = size_of(hint).x;
  ImGui::RenderTextEllipsis(list, {at.x + 12, top}, {end.x - hint_width - 24, end.y},
                            end.x - hint_width - 24, begin_of(label), end_of(label), nullptr);
  list->AddText({end.x - hint_width - 12, top}, color(p.soft), begin_of(hint), end_of(hint));
  report(id, "button", label, is_current);
  const bool was_pressed = was_activated(id);
  return was_clicked || was_pressed;
}

void Ui::report_field(Node node) {
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  node.wants_focus = focus_wanted_ == node.id;
  if (node.wants_focus && !ImGui::IsItemVisible()) {
    ImGui::SetScrollHereY(0.5F);
    wants_frame_ = true;
  }
  if (!is_in_reach(node.id, node.role)) return;
  if (node.wants_focus && ImGui::IsItemVisible()) focus_wanted_.clear();
  node.at = {low.x, low.y, high.x - low.x, high.y - low.y};
  add(std::move(node));
}

void Ui::take_text(std::string_view id, std::string& value) const {
  if (const auto typed = texts_.find(std::string(id)); typed != texts_.end()) value = typed->second;
}

void Ui::text_field(std::string_view id, std::string_view label, std::string& value, float lines) {
  take_text(id, value);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 box{available_width(), std::max(38.0F, lines * kEm * 1.5F + 16)};
  ImGui::Dummy(box);
  const Palette& p = state_->palette;
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + box.x, at.y + box.y}, color(p.card), 7);
  ImGui::GetWindowDrawList()->AddRect(at, {at.x + box.x, at.y + box.y}, color(p.soft, 140), 7);
  Node node{std::string(id), "textbox", std::string(label), value};
  node.is_multiline = lines > 1;
  report_field(std::move(node));
}

void Ui::select_box(std::string_view value, Rectangle at) {
  const Palette& p = state_->palette;
  const ImVec2 low{at.x, at.y}, high{at.x + at.width, at.y + at.height};
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(low, high, color(ImGui::IsItemHovered() ? p.hover : p.card), 7);
  list->AddRect(low, high, color(p.soft, 140), 7);
  const float top = low.y + (at.height - kBody) / 2, right = high.x - 30;
  ImGui::RenderTextEllipsis(list, {low.x + 12, top}, {right, high.y}, right, begin_of(value),
                            end_of(value), nullptr);
  const float x = high.x - 18, y = low.y + at.height / 2;
  const ImVec2 chevron[] = {{x - 4, y - 2}, {x, y + 2}, {x + 4, y - 2}};
  list->AddPolyline(chevron, 3, color(p.soft), 0, 1.6F);
}

bool Ui::select(std::string_view id, std::string_view label, std::span<const std::string> options,
                std::size_t& chosen, float width) {
  const std::string name(id);
  bool is_other = false;
  if (const auto asked = texts_.find(name); asked != texts_.end()) {
    const auto found = std::find(options.begin(), options.end(), asked->second);
    const auto at = static_cast<std::size_t>(found - options.begin());
    is_other = found != options.end() && at != chosen;
    if (is_other) chosen = at;
    texts_.erase(asked);
    wants_frame_ = true;
  }
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = width > 0 ? std::min(width, available_width()) : available_width();
  ImGui::InvisibleButton(name.c_str(), {std::max(room, 40.0F), 36});
  const std::string value = chosen < options.size() ? options[chosen] : std::string();
  select_box(value, {at.x, at.y, std::max(room, 40.0F), 36});
  Node node{name, "combobox", std::string(label), value};
  node.cells.assign(options.begin(), options.end());
  report_field(std::move(node));
  return is_other;
}

void Ui::file_field(std::string_view id, std::string_view title, std::string_view detail) {
  const Palette& p = state_->palette;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 box{available_width(), 92};
  const std::string name(id);
  ImGui::InvisibleButton(name.c_str(), {std::max(box.x, 40.0F), box.y});
  const ImVec2 end{at.x + box.x, at.y + box.y};
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, end, color(ImGui::IsItemHovered() ? p.selected : p.hover), 10);
  const auto ink = color(p.accent, 150);
  for (float x = at.x + 10; x < end.x - 10; x += 12)
    for (const float y : {at.y, end.y - 1.5F})
      list->AddRectFilled({x, y}, {std::min(x + 7, end.x - 10), y + 1.5F}, ink);
  for (float y = at.y + 10; y < end.y - 10; y += 12)
    for (const float x : {at.x, end.x - 1.5F})
      list->AddRectFilled({x, y}, {x + 1.5F, std::min(y + 7, end.y - 10)}, ink);
  const auto line = [&](ImFont* font, float size, float top, std::uint32_t rgb,
                        std::string_view text) {
    ImGui::PushFont(font, size);
    const float wide = std::min(size_of(text).x, box.x - 24);
    const ImVec2 from{at.x + (box.x - wide) / 2, at.y + top};
    ImGui::PushStyleColor(ImGuiCol_Text, color4(rgb));
    ImGui::RenderTextEllipsis(list, from, {from.x + wide + 1, end.y}, from.x + wide + 1,
                              begin_of(text), end_of(text), nullptr);
    ImGui::PopStyleColor();
    ImGui::PopFont();
  };
  line(state_->semibold, kBody * 1.05F, 24, p.accent, title);
  line(state_->regular, kBody * 0.9F, 50, p.soft, detail);
  report_field({name, "file", std::string(title) + ". " + std::string(detail)});
}

bool Ui::choice_line(std::string_view id, std::string_view title, std::string_view detail,
                     std::span<const std::string> options, std::size_t& chosen) {
  const Palette& p = state_->palette;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = available_width(), box = std::min(17 * kEm, room * 0.46F);
  const float right = at.x + room - box - 16;
  auto* list = ImGui::GetWindowDrawList();
  const auto line = [&](ImFont* font, float size, float top, std::uint32_t rgb,
                        std::string_view text) {
    ImGui::PushFont(font, size);
    ImGui::PushStyleColor(ImGuiCol_Text, color4(rgb));
    ImGui::RenderTextEllipsis(list, {at.x, at.y + top}, {right, at.y + top + size + 4}, right,
                              begin_of(text), end_of(text), nullptr);
    ImGui::PopStyleColor();
    ImGui::PopFont();
  };
  line(state_->semibold, kBody, detail.empty() ? 9 : 0, p.ink, title);
  line(state_->regular, kBody * 0.88F, 20, p.soft, detail);
  ImGui::SetCursorScreenPos({at.x + room - box, at.y});
  const std::string label = std::string(title) + (detail.empty() ? "" : ". ") + std::string(detail);
  const bool is_other = select(id, label, options, chosen, box);
  list->AddLine({at.x, at.y + 42}, {at.x + room, at.y + 42}, color(p.line));
  ImGui::SetCursorScreenPos({at.x, at.y + 50});
  ImGui::Dummy({0, 0});
  return is_other;
}

void Ui::banner(std::string_view text, Tone tone) {
  const auto* pair = state_->palette.tones[static_cast<std::size_t>(tone)];
  const float room = available_width();
  const ImVec2 at = ImGui::GetCursorScreenPos(), size = size_of(text, room - 32);
  ImGui::Dummy({room, size.y + 24});
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + room, at.y + size.y + 24}, color(pair[0]), 8);
  list->AddRectFilled(at, {at.x + 4, at.y + size.y + 24}, color(pair[1]), 2);
  list->AddText(state_->regular, kBody, {at.x + 18, at.y + 12}, color(pair[1]), begin_of(text),
                end_of(text), room - 32);
  report("banner/" + std::string(text), "status", text);
}

void Ui::progress(std::string_view label, float fraction) {
  const Palette& p = state_->palette;
  text(label, Size::kBody, true);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float room = available_width();
  ImGui::Dummy({room, 8});
  auto* list = ImGui::GetWindowDrawList();
  list->AddRectFilled(at, {at.x + room, at.y + 8}, color(p.line), 4);
  const float part = std::clamp(fraction, 0.0F, 1.0F);
  if (part > 0.01F) list->AddRectFilled(at, {at.x + room * part, at.y + 8}, color(p.accent), 4);
  const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
  Node node{"progress/" + std::string(label), "progressbar", std::string(label),
            std::to_string(static_cast<int>(part * 100))};
  node.at = {low.x, low.y, high.x - low.x, high.y - low.y};
  if (ImGui::IsItemVisible()) add(std::move(node));
}

void Ui::stats(std::span<const Stat> stats) {
  const Palette& p = state_->palette;
  const float room = available_width();
  const auto fitting = static_cast<std::size_t>(std::max(2.0F, (room + 10) / (8.2F * kEm + 10)));
  const std::size_t in_line = std::min(stats.size(), fitting);
  const float wide = (room - 10 * static_cast<float>(in_line - 1)) / static_cast<float>(in_line);
  for (std::size_t i = 0; i < stats.size(); ++i) {
    if (i % in_line != 0) ImGui::SameLine(0, 10);
    const Stat& stat = stats[i];
    const ImVec2 at = ImGui::GetCursorScreenPos(), end{at.x + wide, at.y + 66};
    ImGui::Dummy({wide, 66});
    const auto* pair = p.tones[static_cast<std::size_t>(stat.tone)];
    const bool is_calm = stat.tone == Tone::kCalm;
    auto* list = ImGui::GetWindowDrawList();
    list->AddRectFilled(at, end, color(is_calm ? p.hover : pair[0]), 9);
    list->AddText(state_->semibold, kBody * 1.5F, {at.x + 14, at.y + 8},
                  color(is_calm ? p.ink : pair[1]), begin_of(stat.value), end_of(stat.value));
    list->AddText(state_->regular, kBody * 0.88F, {at.x + 14, at.y + 40},
                  color(is_calm ? p.soft : pair[1]), begin_of(stat.label), end_of(stat.label));
    report("stat/" + std::string(stat.label), "text", std::string(stat.label) + ": " + stat.value);
  }
}

int Ui::segments(std::string_view id, std::span<const std::string_view> labels,
                 std::size_t current) {
  int pressed = -1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i > 0) flow(labels[i]);
    if (button(std::string(id) + "/" + std::string(labels[i]), labels[i],
               i == current ? Weight::kSecondary : Weight::kQuiet, i == current))
      pressed = static_cast<int>(i);
  }
  return pressed;
}

void Ui::message(const ThreadEntry& entry) {
  const Palette& p = state_->palette;
  const float full = available_width(), width = std::min(full, full * 0.9F);
  const float wrap = width - 28;
  const std::string head =
      entry.who + (entry.is_internal ? "  ·  internal note" : "") + "  ·  " + entry.when;
  ImGui::PushFont(state_->semibold, kBody * 0.87F);
  const ImVec2 head_size = size_of(head, wrap);
  ImGui::PopFont();
  const ImVec2 body_size = size_of(entry.body, wrap);
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
  list->AddText(state_->semibold, kBody * 0.87F, {at.x + 14, at.y + 9}, color(p.soft),
                begin_of(head), end_of(head), wrap);
  list->AddText(state_->regular, kBody, {at.x + 14, at.y + 17 + head_size.y}, color(p.ink),
                begin_of(entry.body), end_of(entry.body), wrap);
  report("message/" + to_string(entry.id), "article", head + ": " + entry.body);
}

void Ui::fact(const CaseFact& fact) {
  const float label_width = 7.5F * kEm;
  const float left = ImGui::GetCursorPosX();
  text(fact.label, Size::kSmall, true);
  // A long one gets a line of its own on a phone.
  if (fact.tone == Tone::kCalm || size_of(fact.text).x + label_width < available_width())
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

void Ui::table_head(const std::string& name, std::span<const Column> columns,
                    std::span<const Sort> sorts, TableResult& result) {
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers, kHeadHeight);
  for (int i = 0; i < static_cast<int>(columns.size()); ++i) {
    ImGui::TableSetColumnIndex(i);
    const std::string_view title = columns[static_cast<std::size_t>(i)].title;
    const std::string head = name + "/sort/" + std::string(title);
    const auto sort = std::find_if(sorts.begin(), sorts.end(),
                                   [i](const Sort& each) { return each.column == i; });
    const bool is_sorted = sort != sorts.end();
    ImGui::PushID(i);
    if (ImGui::Selectable("##head", false, 0, {0, kHeadHeight})) {
      result.clicked_column = i;
      result.is_added = ImGui::GetIO().KeyShift;
    }
    const ImVec2 at = ImGui::GetItemRectMin();
    auto* list = ImGui::GetWindowDrawList();
    const auto ink = color(is_sorted || ImGui::IsItemHovered() ? state_->palette.ink
                                                               : state_->palette.soft);
    ImGui::PushFont(is_sorted ? state_->semibold : state_->regular, kBody * 0.88F);
    list->AddText({at.x + 4, at.y + 10}, ink, begin_of(title), end_of(title));
    if (is_sorted) {
      const float x = at.x + 16 + size_of(title).x, y = at.y + 17;
      const float down = sort->descending ? 1 : -1;
      list->AddTriangleFilled({x - 4, y - 2 * down}, {x + 4, y - 2 * down}, {x, y + 3 * down}, ink);
      const std::string place = std::to_string(sort - sorts.begin() + 1);
      if (sorts.size() > 1)
        list->AddText({x + 7, at.y + 10}, ink, begin_of(place), end_of(place));
    }
    ImGui::PopFont();
    if (ImGui::IsItemVisible()) {
      const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
      Node node{head, "columnheader", std::string(title)};
      node.at = {low.x, low.y, high.x - low.x, high.y - low.y};
      if (is_sorted) node.value = sort->descending ? "descending" : "ascending";
      node.parent = name;
      add(std::move(node));
    }
    if (was_activated(head)) result.clicked_column = i;
    if (was_activated(head + "/also")) {
      result.clicked_column = i;
      result.is_added = true;
    }
    ImGui::PopID();
  }
}

void Ui::reveal_wanted_row(const std::string& table, int row_count) {
  const std::string prefix = table + "/reveal/";
  const auto wanted = activated_.lower_bound(prefix);
  if (wanted == activated_.end() || !wanted->starts_with(prefix)) return;
  const int row = std::atoi(wanted->c_str() + prefix.size());
  activated_.erase(wanted);
  wants_frame_ = true;
  if (row < 0 || row >= row_count) return;
  const float top = static_cast<float>(row) * kRowHeight;
  const float room = ImGui::GetWindowHeight() - kHeadHeight;
  if (top < ImGui::GetScrollY()) ImGui::SetScrollY(top);
  if (top + kRowHeight > ImGui::GetScrollY() + room) ImGui::SetScrollY(top + kRowHeight - room);
}

void Ui::draw_cell(const Cell& cell) {
  const Palette& p = state_->palette;
  const auto* tone = cell.tone ? p.tones[static_cast<std::size_t>(*cell.tone)] : nullptr;
  ImGui::PushFont(tone ? state_->semibold : state_->regular, tone ? kBody * 0.86F : kBody);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + available_width();
  const float high = ImGui::GetFontSize(), top = at.y + (kRowHeight - high) / 2;
  auto* list = ImGui::GetWindowDrawList();
  const float inset = cell.is_tag ? 9 : 0;
  if (cell.is_tag && tone)
    list->AddRectFilled({at.x, top - 4},
                        {std::min(right, at.x + size_of(cell.text).x + 2 * inset), top + high + 4},
                        color(tone[0]), 12);
  ImGui::PushStyleColor(ImGuiCol_Text, color4(tone ? tone[1] : p.ink));
  ImGui::RenderTextEllipsis(list, {at.x + inset, top}, {right, top + high}, right,
                            begin_of(cell.text), end_of(cell.text), nullptr);
  ImGui::PopStyleColor();
  ImGui::PopFont();
}

void Ui::draw_row(const std::string& table, int i, int row_count, bool is_current,
                  std::span<const Cell> cells, TableResult& result) {
  const Palette& p = state_->palette;
  ImGui::TableNextRow(0, kRowHeight);
  ImGui::TableSetColumnIndex(0);
  Node node{table + "/row/" + std::to_string(i), "row", {}};
  const ImVec2 start = ImGui::GetCursorPos();
  ImGui::PushID(i);
  if (ImGui::Selectable("##row", is_current,
                        ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowOverlap,
                        {0, kRowHeight}))
    result.clicked_row = i;
  ImGui::PopID();
  const bool is_hovered = ImGui::IsItemHovered();
  if (is_current || is_hovered)
    ImGui::TableSetBgColor(ImGuiTableBgTarget_RowBg1, color(is_current ? p.selected : p.hover));
  for (const Cell& cell : cells) {
    node.name += (node.name.empty() ? "" : ", ") + std::string(cell.text);
    node.cells.emplace_back(cell.text);
  }
  if (was_activated(node.id)) result.clicked_row = i;
  if (ImGui::IsItemVisible()) {
    const ImVec2 low = ImGui::GetItemRectMin(), high = ImGui::GetItemRectMax();
    node.at = {low.x, low.y, high.x - low.x, high.y - low.y};
    node.is_current = is_current;
    node.row = i + 1;
    node.row_count = row_count;
    node.parent = table;
    add(std::move(node));
  }
  for (std::size_t column = 0; column < cells.size(); ++column) {
    ImGui::TableSetColumnIndex(static_cast<int>(column));
    if (column == 0) ImGui::SetCursorPos(start);
    draw_cell(cells[column]);
  }
}

Ui::TableResult Ui::table(std::string_view id, std::string_view label,
                          std::span<const Column> columns, std::span<const Sort> sorts,
                          int row_count, int current_row,
                          const std::function<void(int row, std::vector<Cell>& cells)>& row,
                          int rows_shown_max) {
  TableResult result;
  const std::string name(id);
  const auto flags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersInnerH |
                     ImGuiTableFlags_Resizable | ImGuiTableFlags_NoBordersInBody |
                     ImGuiTableFlags_PadOuterX;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImVec2 room = ImGui::GetContentRegionAvail();
  const int shown = std::min(row_count, rows_shown_max);
  if (rows_shown_max > 0) room.y = kHeadHeight + kRowHeight * static_cast<float>(shown) + 8;
  if (!ImGui::BeginTable(name.c_str(), static_cast<int>(columns.size()), flags, room))
    return result;
  Node grid{name, "grid", std::string(label)};
  grid.at = {at.x, at.y, room.x, room.y};
  grid.row_count = row_count;
  add(std::move(grid));
  for (const Column& column : columns) {
    const std::string title(column.title);
    ImGui::TableSetupColumn(
        title.c_str(),
        column.width_em > 0 ? ImGuiTableColumnFlags_WidthFixed : ImGuiTableColumnFlags_WidthStretch,
        column.width_em > 0 ? column.width_em * kEm : 1.0F);
  }
  reveal_wanted_row(name, row_count);
  table_head(name, columns, sorts, result);
  ImGuiListClipper clipper;
  clipper.Begin(row_count);
  std::vector<Cell> cells;
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      ++visible_rows_;
      cells.clear();
      row(i, cells);
      draw_row(name, i, row_count, i == current_row, cells, result);
    }
  if (result.clicked_column >= 0) ImGui::SetScrollY(0);  // what now comes first is to be seen
  ImGui::EndTable();
  return result;
}

}  // namespace foyer::portal
