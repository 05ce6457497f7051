// Whether a page is one: text, elements that close in order, quoted attributes, nothing that runs.
// Not a validator of HTML: a judge of what a value could have smuggled into ours.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "foyer/base/text.h"
#include "fuzz/fuzz.h"

namespace foyer::fuzz {

class PageJudge {
 public:
  explicit PageJudge(std::string_view html) : html_(html) {}

  void judge() {
    expect(is_valid_utf8(html_), "a page is no text", html_);
    expect(!has_control_characters(html_), "a page holds control characters", html_);
    for (at_ = html_.find('<'); at_ < html_.size(); at_ = html_.find('<', at_)) element();
    expect(open_.empty(), "a page ends within an element", html_);
  }

 private:
  static bool is_empty_element(std::string_view name) {
    static constexpr std::array<std::string_view, 9> kEmpty = {
        "meta", "link", "input", "br", "img", "hr", "path", "use", "source"};
    return std::find(kEmpty.begin(), kEmpty.end(), name) != kEmpty.end();
  }
  static bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' ||
           (c >= 'A' && c <= 'Z');
  }

  bool starts(std::string_view token) const { return html_.substr(at_).starts_with(token); }
  std::string_view name() {
    const auto start = at_;
    while (at_ < html_.size() && is_name(html_[at_])) ++at_;
    return html_.substr(start, at_ - start);
  }
  void spaces() {
    while (at_ < html_.size() && (html_[at_] == ' ' || html_[at_] == '\n')) ++at_;
  }

  void element() {
    if (starts("<!doctype html>")) return void(at_ += 15);
    ++at_;
    if (html_.substr(at_).starts_with("/")) {
      ++at_;
      const auto closed = name();
      expect(!open_.empty() && open_.back() == closed, "elements close out of order", html_);
      open_.pop_back();
      expect(starts(">"), "a closing tag holds more than its name", html_);
      return;
    }
    const auto opened = name();
    expect(!opened.empty(), "markup that is no element", html_.substr(at_ - 1, 200));
    attributes(opened);
    if (!is_empty_element(opened) && !is_self_closed_) open_.push_back(opened);
  }

  void attributes(std::string_view element) {
    bool has_source = false;
    is_self_closed_ = false;
    for (spaces(); !starts(">") && !starts("/>"); spaces()) {
      const auto key = name();
      expect(!key.empty(), "an attribute without a name",
             html_.substr(at_ > 80 ? at_ - 80 : 0, 200));
      expect(!key.starts_with("on") && key != "style", "an attribute that runs", key);
      has_source |= key == "src";
      if (!starts("=")) continue;
      ++at_;
      expect(starts("\""), "an attribute's value is not quoted", key);
      const auto end = html_.find('"', ++at_);
      expect(end != std::string_view::npos, "a value does not end", key);
      const auto value = html_.substr(at_, end - at_);
      expect(value.find('<') == std::string_view::npos, "a value holds markup", value);
      if (key == "href" || key == "src" || key == "action")
        expect(value.starts_with('/') || value.starts_with('#') || value.starts_with('?') ||
                   value.starts_with("mailto:") || value.starts_with("tel:"),
               "an address leads elsewhere", value);
      at_ = end + 1;
    }
    is_self_closed_ = starts("/>");
    expect(element != "script" || has_source, "a script within the page", html_);
  }

  std::string_view html_;
  std::size_t at_ = 0;
  bool is_self_closed_ = false;
  std::vector<std::string_view> open_;
};

inline void expect_page(std::string_view html) { PageJudge(html).judge(); }

}  // namespace foyer::fuzz
