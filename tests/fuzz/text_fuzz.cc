// The small readers: dates, money, ids, scopes, addresses of the portal, words of the search, cells
// of other systems, languages, settings.
#include "foyer/base/instant.h"
#include "foyer/base/money.h"
#include "foyer/base/text.h"
#include "foyer/pages/words.h"
#include "foyer/query/tokenizer.h"
#include "foyer/rules/access.h"
#include "foyer/view/route.h"
#include "fuzz/fuzz.h"
#include "import_values.h"
#include "locale_data.h"
#include "server.h"

namespace foyer::server {
namespace {

using fuzz::expect;

void check_points(std::string_view text) {
  if (const auto instant = parse_iso(text))
    expect(parse_iso(to_iso(*instant)) == instant, "an instant changed", text);
  if (const auto id = parse_uuid(text))
    expect(parse_uuid(to_string(*id)) == id, "an id changed", text);
  if (const auto scope = parse_scope(text))
    expect(parse_scope(to_string(*scope)) == scope, "a scope changed", text);
  for (const char* code : {"EUR", "JPY", "KWD"})
    if (const auto money = parse_money(text, Currency(code)))
      expect(parse_money(to_decimal(*money), Currency(code)) == money, "money changed", text);
}

void check_words(std::string_view text) {
  if (!is_valid_utf8(text)) return;
  std::size_t at = 0, count = 0;
  std::string copy;
  for (; at < text.size(); ++count) append_code_point(copy, next_code_point(text, at));
  expect(copy == text && count == count_code_points(text), "code points do not add up");
  const auto folded = fold(text);
  expect(is_valid_utf8(folded), "folding made what is no text", text);
  const auto tokens = tokens_of(text);
  expect(tokens_of(folded) == tokens, "a folded text has other words", text);
  for (const auto& token : tokens)
    expect(!token.empty() && is_valid_utf8(token), "a word that is none", text);
}

void check_addresses(std::string_view text) {
  const auto route = parse_route(text);
  expect(parse_route(format(route)) == route, "an address leads elsewhere", format(route));
  const auto encoded = encode_address_part(text);
  if (is_valid_utf8(text) && !has_control_characters(text))
    expect(decode_address_part(encoded) == text, "a part of an address changed", encoded);
  decode_address_part(text);
}

void check_cells(std::string_view text) {
  known_text(text);
  parse_yes_no(text);
  leading_number(text);
  for (const int decimals : {0, 2, 3}) parse_number(text, decimals);
  std::vector<std::string_view> cells = split(text.substr(0, 2000), '\n');
  for (const auto order :
       {DateOrder::kMonthFirst, DateOrder::kDayFirst, DateOrder::kYearFirst}) {
    parse_date(text, order);
    const auto usual = usual_date_order(cells, order);
    if (const auto found = find_date_order(cells, order))
      expect(*found == usual, "the order that fits all is not the usual one", text);
  }
  const auto key = loose_key(text);
  expect(loose_key(key) == key, "a key of a key is another", text);
}

void check(std::string_view text) {
  check_points(text);
  check_words(text);
  check_addresses(text);
  check_cells(text);
  const auto language = best_language(text);
  bool is_known = false;
  for (const auto& known : languages()) is_known |= known == language;
  expect(is_known, "a language that there is none of", language);
  choose_language(text, {"en", "de"});
  parse_listen(text);
}

}  // namespace
}  // namespace foyer::server

void foyer::fuzz::try_input(std::string_view input) { server::check(input); }
