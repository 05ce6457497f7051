// What all pages of a walk-up screen share: its profile, the visitor's language, the frame, and
// fields with what was typed and what is wrong. Not the site's frame (page_view.h).
// Invariant: what a visitor types is in forms only, never in an address.
#pragma once

#include <vector>

#include "foyer/model/registry.h"
#include "foyer/pages/page_view.h"

namespace foyer {

class KioskView {
 public:
  explicit KioskView(const PageInput& input);
  KioskView(const KioskView&) = delete;
  KioskView& operator=(const KioskView&) = delete;

  const PageView& page() const { return page_; }
  const Request& request() const { return request_; }
  const Reader& reader() const { return input_.reader; }
  // Nobody's, with no forms, before the device is enrolled and after it was revoked.
  const Device& device() const { return device_; }
  bool is_enrolled() const { return !device_.id.is_null(); }
  bool offers(KioskForm form) const { return device_.forms.has(form); }
  // Those of the profile that there are words for; never empty.
  const std::vector<std::string>& spoken() const { return spoken_; }

  std::string t(std::string_view key, const WordArguments& arguments = {}) const {
    return page_.t(key, arguments);
  }
  // "/kiosk/case?lang=fr"
  std::string link(std::string_view path) const;

  // Outside its hours: when somebody is here again; nothing for a calendar that never opens.
  struct Hours {
    bool is_open = true;
    Instant opens_at;
  };
  Hours hours() const;

  // ---- problems: of the refused command first, then those that a page adds ----
  void add_problem(Error error) { problems_.push_back(std::move(error)); }
  // In the order of the fields of a form, those of no field last.
  void order_problems(const std::vector<std::string_view>& fields);
  const std::vector<Error>& problems() const { return problems_; }
  bool has_problem_in(std::string_view field) const;

  struct Field {
    std::string_view name;
    std::string_view kind = "text";  // text, paragraph
    std::string label;
    std::string hint;
    bool is_optional = true;
    std::string_view mode = "text";           // the soft keyboard's
    std::string_view capitals = "sentences";  // what it writes large by itself
    int rows = 4;
  };
  nlohmann::json field(const Field& field) const;
  struct Choice {
    std::string value;
    std::string text;
    std::string icon;
  };
  // Radio buttons; a link to the field leads to the first.
  nlohmann::json choices(std::string_view name, std::string label, std::string hint,
                         const std::vector<Choice>& options) const;
  // A posted id, or one made in advance: sending a form twice is one command.
  nlohmann::json hidden_id(std::string_view name) const;
  static nlohmann::json hidden(std::string_view name, std::string value);

  struct Frame {
    std::string_view name;  // of the template
    std::string title;
    bool is_live = false;   // asked for again when rows change
    bool is_home = false;
    bool clears = true;     // when nobody touches it
  };
  Response respond(int status, const Frame& frame, nlohmann::json view) const;
  // 200, or what the refusal says.
  int status() const;

 private:
  std::string error_for(std::string_view field) const;
  std::string error_text(const Error& error) const;
  nlohmann::json errors() const;

  Request request_;  // the host's, in the visitor's language
  PageInput input_;
  PageView page_;
  Device device_;
  std::vector<std::string> spoken_;
  std::vector<Error> problems_;
};

}  // namespace foyer
