// What all pages of the customer site share: the frame's view, form fields with their errors,
// people's times and words. Not routing (pages.cc), not templates (render.cc).
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "foyer/pages/pages.h"
#include "foyer/pages/words.h"

namespace foyer {

class PageView {
 public:
  explicit PageView(const PageInput& input);

  const Words& words() const { return words_; }
  std::string t(std::string_view key, const WordArguments& arguments = {}) const {
    return words_.text(key, arguments);
  }
  // "today 14:30" in the person's own zone.
  std::string time(Instant at) const;
  std::string date(Instant at) const;
  std::string money(Money amount) const;
  // Null instead of an empty text: templates ask {% if x %}.
  static nlohmann::json optional(std::string_view text);

  // The response; `view` gets "page" added. `name` is the template, `tab` the current entry of the
  // navigation, or empty.
  Response respond(int status, std::string_view name, std::string_view tab, std::string title,
                   nlohmann::json view) const;

  struct FieldView {
    std::string_view name;
    std::string_view kind = "text";  // text, email, password, paragraph, select
    std::string label;
    std::string hint;
    bool is_optional = false;
    std::string_view autocomplete;
    int rows = 5;
    nlohmann::json options = nlohmann::json::array();
  };
  // With what was typed and with what is wrong about it.
  nlohmann::json field(const FieldView& field) const;
  // What was posted, or nothing.
  std::string posted(std::string_view name) const;
  std::string asked(std::string_view name) const;
  std::string error_text(const Error& error) const;
  Uuid posted_id(std::string_view name) const;

  // "Waiting to send" if something on this device waits that makes or changes the row.
  nlohmann::json waiting_mark(const Uuid& row) const;

  const PageInput& input() const { return input_; }
  const Request& request() const { return input_.request; }
  const std::string& zone() const { return zone_; }

 private:
  std::string error_for(std::string_view field) const;
  nlohmann::json errors() const;
  nlohmann::json waiting_notice() const;

  const PageInput& input_;
  Words words_;
  std::string zone_;
  Tenant tenant_;
};

// "<location>" with 303.
Response redirect(std::string location);

// Ids that a form carries, so that sending it twice is one command.
Uuid form_id(const Request& request, std::string_view purpose);

}  // namespace foyer
