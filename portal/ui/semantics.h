// What is on the screen, in words: every wrapper of ui.h reports itself here each frame. The DOM
// mirror and the tests read it: what they cannot find by role and name a blind person cannot find
// either.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foyer::portal {

struct Rectangle {
  float x = 0, y = 0, width = 0, height = 0;  // CSS pixels from the canvas's corner
};

struct Node {
  std::string id;    // stable from frame to frame
  std::string role;  // WAI-ARIA
  std::string name;
  std::string value;  // of text fields; of column heads "ascending" or "descending"
  Rectangle at;
  Rectangle clip;      // what of it can be seen lies in here
  std::string panel;   // the part of the screen: "rail", "list", "detail", "dialog"
  std::string parent;  // id of the grid that it is a row or head of
  std::vector<std::string> cells;  // of rows; of comboboxes the choices, `value` is one of them
  bool is_disabled = false;
  bool is_current = false;     // aria-current / selected
  bool is_multiline = false;   // of text fields
  bool wants_focus = false;    // typing goes here from now on
  int row = 0, row_count = 0;  // of table rows: 1-based, all rows there are
};

class Semantics {
 public:
  void clear() { nodes_.clear(); }
  void add(Node node) { nodes_.push_back(std::move(node)); }
  const std::vector<Node>& nodes() const { return nodes_; }
  const Node* find(std::string_view role, std::string_view name) const {
    for (const Node& node : nodes_)
      if (node.role == role && node.name == name) return &node;
    return nullptr;
  }

 private:
  std::vector<Node> nodes_;
};

}  // namespace foyer::portal
