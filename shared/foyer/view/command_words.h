// Commands in plain words for staff: what one is called, what its arguments say, and why one was
// refused. Not the customer's words (web/locales), which are by key and in four languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "foyer/command/command.h"
#include "foyer/view/time_words.h"

namespace foyer {

// "Reply to the customer"; for a command without words of its own, made from its name.
std::string title_of_command(std::string_view name);
// "wait_until" -> "Wait until".
std::string words_of_key(std::string_view key);
// Why the server, or the device, does not do it.
std::string refusal_words(const Error& error);
// The kind of row that a field points at; null if it says nothing about that.
const Entity* target_of(const Field& field);
// What a row is called: its number, name, subject or serial, and whose it is.
std::string label_of_row(const Reader& rows, const Entity& entity, const void* row);

// The value of one field as words; empty for an empty one, and for bytes.
std::string text_of_field(const Field& field, const void* object, const Reader& rows,
                          const TimeWords& words);

// True for ids of rows that the command makes: they say nothing to a person.
bool is_made_by(std::string_view command, const Field& field);

// What the arguments say, one line each: field and value; nothing for what says nothing. A command
// of an unknown name, or of unreadable bytes, has no lines.
struct ArgumentLine {
  std::string label, text;
  friend bool operator==(const ArgumentLine&, const ArgumentLine&) = default;
};
std::vector<ArgumentLine> argument_lines(const Command& command, const Reader& rows,
                                         const TimeWords& words);

}  // namespace foyer
