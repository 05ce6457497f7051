#include "screen/command_form.h"

#include <algorithm>
#include <charconv>

#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"

namespace foyer::portal {
namespace {

constexpr std::size_t kChoicesMax = 2000;

struct CommandTitle {
  std::string_view name, title;
};
constexpr CommandTitle kTitles[] = {
    {"case.open", "Open a case for a customer"},
    {"case.set_priority", "Change the priority"},
    {"contact.invite", "Invite a contact to the customer site"},
    {"check_in.call", "Call a visitor"},
    {"check_in.end", "See a visitor off"},
    {"contact.set_scope", "Change what a contact may see"},
    {"device.revoke", "Revoke a kiosk"},
    {"entitlement.grant", "Grant more of an entitlement"},
    {"kiosk.set_up", "Set up a kiosk"},
    {"submission.settle", "Settle what a kiosk handed over in vain"},
};

// Ids of rows that a command makes; all other ids are of rows there are.
struct Made {
  std::string_view command, field;  // an empty command: any
};
constexpr Made kMade[] = {
    {"", "message"}, {"", "entry"}, {"case.open", "case_id"}, {"contact.invite", "user"}};
// What nobody needs to say: the server or the device knows it.
constexpr std::string_view kUnasked[] = {"device_number", "queue"};

std::string words_of(std::string_view key) {
  std::string words(key);
  std::replace(words.begin(), words.end(), '_', ' ');
  std::replace(words.begin(), words.end(), '.', ' ');
  if (!words.empty() && words[0] >= 'a' && words[0] <= 'z')
    words[0] = static_cast<char>(words[0] - 'a' + 'A');
  return words;
}

const Entity* target_of(const Field& field) {
  if (field.target != 0) return find_entity(field.target);
  for (const Entity* entity : entities())
    if (entity->name == field.key) return entity;
  return nullptr;
}

std::string label_of(const Reader& rows, const Entity& entity, const void* row) {
  std::string label;
  for (const std::string_view key : {"number", "name", "subject", "serial"}) {
    const Field* field = entity.find(key);
    if (field == nullptr || field->type != FieldType::kText) continue;
    const auto& text = field->value<std::string>(row);
    if (!text.empty()) label += (label.empty() ? "" : ", ") + text;
  }
  const Field* above = entity.find("account");
  if (above == nullptr || above->type != FieldType::kId) return label;
  const auto account = get(rows, Id<Account>(above->value<Uuid>(row)));
  return account ? label + " (" + account->name + ")" : label;
}

std::string problem_words(const Error& error) {
  const std::string field = error.field.empty() ? "" : words_of(error.field) + ": ";
  if (error.detail == "required") return field + "this is needed.";
  if (error.detail == "too_long") return field + "this is too long.";
  if (error.detail == "not_found") return field + "this does not belong here.";
  if (error.detail == "role") return "Your role may not do this.";
  if (error.detail == "case_state") return "The case has changed: this is not possible any more.";
  return field + "this is not possible (" + error.detail + ").";
}

}  // namespace

bool can_be_filled_in(const CommandInfo& command) {
  for (const Field& field : command.arguments->fields)
    if (field.type == FieldType::kBytes || field.type == FieldType::kIdList) return false;
  return !command.name.starts_with("import.") && !command.name.starts_with("record.");
}

std::string title_of_command(const CommandInfo& command) {
  for (const CommandTitle& each : kTitles)
    if (each.name == command.name) return std::string(each.title);
  return words_of(command.name);
}

CommandForm::Role CommandForm::role_of(const Field& field) const {
  for (const Made& made : kMade)
    if (made.field == field.key && (made.command.empty() || made.command == command_->name))
      return Role::kMade;
  for (const std::string_view key : kUnasked)
    if (key == field.key) return Role::kHidden;
  if (field.type == FieldType::kId && field.key == "case_id") return Role::kShownCase;
  switch (field.type) {
    case FieldType::kText:
    case FieldType::kInteger:
    case FieldType::kEnum:
      return Role::kAsked;
    case FieldType::kId:
      return target_of(field) != nullptr ? Role::kAsked : Role::kHidden;
    default:
      return Role::kHidden;
  }
}

void CommandForm::begin(const CommandInfo& command, Id<Case> shown) {
  command_ = &command;
  shown_ = shown;
  made_case_ = {};
  texts_.clear();
  chosen_.clear();
  problem_.clear();
  // Whoever opens a case for a customer has them on the telephone, most of the time.
  if (command.name == "case.open") chosen_["channel"] = static_cast<std::size_t>(Channel::kPhone);
  load_choices();
}

void CommandForm::load_choices() {
  choices_.clear();
  const Reader& rows = port_.rows();
  for (const Field& field : command_->arguments->fields) {
    if (field.type != FieldType::kId || role_of(field) != Role::kAsked) continue;
    const Entity& entity = *target_of(field);
    auto& list = choices_[std::string(field.key)];
    for (const Uuid& id : rows.scan(entity, {nullptr, {}, {}, false, kChoicesMax})) {
      AnyRow row(entity);
      if (rows.read(entity, id, row.get()))
        list.push_back({id, label_of(rows, entity, row.get())});
    }
    std::sort(list.begin(), list.end(), [](const Choice& a, const Choice& b) {
      return a.label != b.label ? a.label < b.label : a.id < b.id;
    });
    // A select tells its choices apart by their words.
    for (std::size_t i = 1; i < list.size(); ++i)
      if (list[i].label == list[i - 1].label) list[i].label += " " + to_string(list[i].id);
  }
}

void CommandForm::draw_field(Ui& ui, const Field& field) {
  const std::string key(field.key), id = "form/" + key;
  std::string title = words_of(field.key);
  if (!field.has(kRequired) && field.type != FieldType::kEnum) title += " (optional)";
  ui.text_as(id + "/title", title, Size::kSmall, true);
  if (field.type == FieldType::kText || field.type == FieldType::kInteger)
    return ui.text_field(id, title, texts_[key],
                         field.options.widget == Widget::kParagraph ? 3 : 1);
  std::vector<std::string> labels;
  if (field.type == FieldType::kEnum) {
    for (const std::string_view name : field.names) labels.push_back(words_of(name));
  } else {
    labels.emplace_back("None");
    for (const Choice& choice : choices_[key]) labels.push_back(choice.label);
  }
  ui.select(id, title, labels, chosen_[key]);
}

CommandForm::Result CommandForm::draw(Ui& ui) {
  if (!problem_.empty()) ui.banner(problem_, Tone::kLate);
  for (const Field& field : command_->arguments->fields)
    if (role_of(field) == Role::kAsked) draw_field(ui, field);
  ui.space(0.3F);
  const bool is_sent = ui.button("form/done", title(), Weight::kPrimary);
  ui.flow("Never mind");
  const bool is_left = ui.button("form/leave", "Never mind", Weight::kQuiet);
  if (is_sent) {
    const auto done = submit();
    if (!done) problem_ = problem_words(done.error());
    if (!done) return Result::kOpen;
  }
  if (!is_sent && !is_left) return Result::kOpen;
  for (const Field& field : command_->arguments->fields)
    ui.clear_text("form/" + std::string(field.key));
  return is_sent ? Result::kDone : Result::kLeft;
}

void CommandForm::fill(const Field& field, void* arguments) {
  const std::string key(field.key);
  switch (role_of(field)) {
    case Role::kHidden: return;
    case Role::kMade: field.value<Uuid>(arguments) = port_.new_id(); return;
    case Role::kShownCase: field.value<Uuid>(arguments) = shown_; return;
    case Role::kAsked: break;
  }
  if (field.type == FieldType::kText) {
    field.value<std::string>(arguments) = trim(texts_[key]);
  } else if (field.type == FieldType::kInteger) {
    const std::string_view text = trim(texts_[key]);
    auto& number = field.value<std::int64_t>(arguments);
    const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
    if (end.ec != std::errc() || end.ptr != text.data() + text.size()) number = 0;
  } else if (field.type == FieldType::kEnum) {
    field.value<std::uint8_t>(arguments) = static_cast<std::uint8_t>(chosen_[key]);
  } else if (const std::size_t at = chosen_[key]; at > 0 && at <= choices_[key].size()) {
    field.value<Uuid>(arguments) = choices_[key][at - 1].id;
  }
}

foyer::Result<void> CommandForm::submit() {
  AnyRow arguments(*command_->arguments);
  for (const Field& field : command_->arguments->fields) fill(field, arguments.get());
  const auto done = port_.submit({std::string(command_->name), command_->version,
                                  encode(*command_->arguments, arguments.get())});
  if (!done) return std::unexpected(done.error());
  const Field* made = command_->arguments->find("case_id");
  if (made != nullptr && role_of(*made) == Role::kMade)
    made_case_ = Id<Case>(made->value<Uuid>(arguments.get()));
  return {};
}

}  // namespace foyer::portal
