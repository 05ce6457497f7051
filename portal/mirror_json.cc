#include "mirror_json.h"

#include <cstdint>

namespace foyer::portal {
namespace {

void add_quoted(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

void add_text(std::string& out, std::string_view key, std::string_view text) {
  out += '"';
  out += key;
  out += "\":";
  add_quoted(out, text);
  out += ',';
}

void add_cells(std::string& out, const std::vector<std::string>& cells) {
  out += "\"cells\":[";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    add_quoted(out, cells[i]);
  }
  out += "],";
}

int hidden(float pixels) { return pixels > 0 ? static_cast<int>(pixels) : 0; }

void add_number(std::string& out, std::string_view key, int value) {
  out += '"';
  out += key;
  out += "\":" + std::to_string(value) + ",";
}

}  // namespace

std::string mirror_json(const Semantics& semantics) {
  std::string out = "[";
  for (const Node& node : semantics.nodes()) {
    out += out.size() > 1 ? ",{" : "{";
    add_text(out, "id", node.id);
    add_text(out, "role", node.role);
    add_text(out, "name", node.name);
    add_text(out, "value", node.value);
    add_number(out, "x", static_cast<int>(node.at.x));
    add_number(out, "y", static_cast<int>(node.at.y));
    add_number(out, "w", static_cast<int>(node.at.width));
    add_number(out, "h", static_cast<int>(node.at.height));
    add_number(out, "row", node.row);
    add_number(out, "rows", node.row_count);
    add_number(out, "disabled", node.is_disabled);
    add_number(out, "multiline", node.is_multiline);
    add_number(out, "current", node.is_current);
    add_number(out, "focus", node.wants_focus);
    add_text(out, "panel", node.panel);
    add_text(out, "parent", node.parent);
    const Rectangle &at = node.at, &clip = node.clip;
    add_number(out, "left", hidden(clip.x - at.x));
    add_number(out, "top", hidden(clip.y - at.y));
    add_number(out, "right", hidden(at.x + at.width - clip.x - clip.width));
    add_number(out, "bottom", hidden(at.y + at.height - clip.y - clip.height));
    add_cells(out, node.cells);
    out.back() = '}';
  }
  return out + "]";
}

}  // namespace foyer::portal
