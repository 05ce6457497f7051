#include "screen/command_form.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "foyer/base/text.h"
#include "foyer/command/contest.h"
#include "foyer/command/registry.h"
#include "foyer/command/resolve_conflict.h"
#include "foyer/command/upcast.h"
#include "foyer/model/registry.h"
#include "foyer/schema/row.h"

namespace foyer::portal {
namespace {

constexpr std::size_t kChoicesMax = 2000;

// What nobody needs to say: the server or the device knows it.
struct Unasked {
  std::string_view command, field;
};
constexpr Unasked kUnasked[] = {{"case.open", "device_number"}, {"case.open", "queue"}};

}  // namespace

bool can_be_filled_in(const CommandInfo& command) {
  for (const Field& field : command.arguments->fields)
    if ((field.type == FieldType::kBytes && field.key != "seen") ||
        field.type == FieldType::kIdList)
      return false;
  return !command.name.starts_with("import.") && !command.name.starts_with("record.");
}

CommandForm::Role CommandForm::role_of(const Field& field) const {
  if (is_made_by(command_->name, field)) return Role::kMade;
  for (const Unasked& each : kUnasked)
    if (each.command == command_->name && each.field == field.key) return Role::kHidden;
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
  replaces_ = 0;
  decides_ = {};
  before_.clear();
  is_fresh_ = true;
  texts_.clear();
  chosen_.clear();
  problem_.clear();
  // Whoever opens a case for a customer has them on the telephone, most of the time.
  if (command.name == "case.open") chosen_["channel"] = static_cast<std::size_t>(Channel::kPhone);
  load_choices();
}

bool CommandForm::begin_again(std::uint64_t mid, const Command& refused) {
  if (!begin_with(refused)) return false;
  replaces_ = mid;
  return true;
}

bool CommandForm::begin_other(const Conflict& conflict) {
  if (!begin_with(command_of(conflict))) return false;
  decides_ = conflict.id;
  return true;
}

bool CommandForm::begin_with(const Command& written) {
  const auto before = upcast(written, commands(), upcasters());
  const CommandInfo* command = before ? find_command(before->name) : nullptr;
  if (command == nullptr || !can_be_filled_in(*command)) return false;
  AnyRow arguments(*command->arguments);
  if (!decode(*command->arguments, before->arguments, arguments.get())) return false;
  const Field* about = command->arguments->find("case_id");
  begin(*command, about == nullptr ? Id<Case>() : Id<Case>(about->value<Uuid>(arguments.get())));
  before_ = before->arguments;
  for (const Field& field : command->arguments->fields)
    if (role_of(field) == Role::kAsked) read(field, arguments.get());
  return true;
}

void CommandForm::read(const Field& field, const void* arguments) {
  const std::string key(field.key);
  if (field.type == FieldType::kText) {
    texts_[key] = field.value<std::string>(arguments);
  } else if (field.type == FieldType::kInteger) {
    texts_[key] = std::to_string(field.value<std::int64_t>(arguments));
  } else if (field.type == FieldType::kEnum) {
    chosen_[key] = field.value<std::uint8_t>(arguments);
  } else {
    const auto& list = choices_[key];
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i].id == field.value<Uuid>(arguments)) chosen_[key] = i + 1;
  }
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
        list.push_back({id, label_of_row(rows, entity, row.get())});
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
  std::string title = words_of_key(field.key);
  if (!field.has(kRequired) && field.type != FieldType::kEnum) title += " (optional)";
  ui.text_as(id + "/title", title, Size::kSmall, true);
  if (field.type == FieldType::kText || field.type == FieldType::kInteger)
    return ui.text_field(id, title, texts_[key],
                         field.options.widget == Widget::kParagraph ? 3 : 1);
  std::vector<std::string> labels;
  if (field.type == FieldType::kEnum) {
    for (const std::string_view name : field.names) labels.push_back(words_of_key(name));
  } else {
    labels.emplace_back("None");
    for (const Choice& choice : choices_[key]) labels.push_back(choice.label);
  }
  ui.select(id, title, labels, chosen_[key]);
}

CommandForm::Result CommandForm::draw(Ui& ui) {
  // What was typed under these ids before is of another form.
  if (std::exchange(is_fresh_, false))
    for (const Field& field : command_->arguments->fields)
      ui.clear_text("form/" + std::string(field.key));
  if (!problem_.empty()) ui.banner(problem_, Tone::kLate);
  for (const Field& field : command_->arguments->fields)
    if (role_of(field) == Role::kAsked) draw_field(ui, field);
  ui.space(0.3F);
  const std::string done = replaces_ != 0        ? "Send again"
                           : !decides_.is_null() ? "Decide so"
                                                 : title();
  const bool is_sent = ui.button("form/done", done, Weight::kPrimary);
  ui.flow("Never mind");
  const bool is_left = ui.button("form/leave", "Never mind", Weight::kQuiet);
  if (is_sent) {
    const auto submitted = submit();
    if (!submitted) problem_ = refusal_words(submitted.error());
    if (!submitted) return Result::kOpen;
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
  if (is_again()) (void)decode(*command_->arguments, before_, arguments.get());
  for (const Field& field : command_->arguments->fields)
    if (!is_again() || role_of(field) == Role::kAsked) fill(field, arguments.get());
  Command command{std::string(command_->name), command_->version,
                  encode(*command_->arguments, arguments.get())};
  if (!decides_.is_null())
    command = make_command(
        ResolveConflict{decides_, ConflictState::kOther, {std::move(command.arguments)}, {}, {}});
  const auto done = replaces_ != 0 ? port_.replace(replaces_, std::move(command))
                                   : port_.submit(std::move(command));
  if (!done) return std::unexpected(done.error());
  const Field* made = command_->arguments->find("case_id");
  if (made != nullptr && role_of(*made) == Role::kMade)
    made_case_ = Id<Case>(made->value<Uuid>(arguments.get()));
  return {};
}

}  // namespace foyer::portal
