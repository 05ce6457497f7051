#include "locale_data.h"

#include <unicode/basictz.h>
#include <unicode/datefmt.h>
#include <unicode/numberformatter.h>
#include <unicode/reldatefmt.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <memory>

#include "foyer/base/text.h"

namespace foyer::server {
namespace {

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

std::string to_utf8(const icu::UnicodeString& text) {
  std::string utf8;
  text.toUTF8String(utf8);
  return utf8;
}

icu::Locale locale_of(std::string_view language) {
  UErrorCode error = U_ZERO_ERROR;
  // Versions of CLDR differ about the digits of plain Arabic; counts and case numbers have these.
  if (language == "ar") language = "ar-u-nu-latn";
  const auto locale = icu::Locale::forLanguageTag(
      icu::StringPiece(language.data(), static_cast<std::int32_t>(language.size())), error);
  return U_FAILURE(error) || locale.isBogus() || language.empty() ? icu::Locale("en", "GB")
         : language == "en"                                       ? icu::Locale("en", "GB")
                                                                  : locale;
}

std::unique_ptr<icu::TimeZone> zone_of(std::string_view name) {
  std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(from_utf8(name)));
  if (name.empty() || *zone == icu::TimeZone::getUnknown())
    zone.reset(icu::TimeZone::createTimeZone("UTC"));
  return zone;
}

// One formatter per thread, language, skeleton: making one costs far more than using it.
icu::DateFormat* date_format(std::string_view language, const char* skeleton) {
  thread_local std::map<std::string, std::unique_ptr<icu::DateFormat>> formats;
  auto& format = formats[std::string(language) + '|' + skeleton];
  if (!format) {
    UErrorCode error = U_ZERO_ERROR;
    format.reset(icu::DateFormat::createInstanceForSkeleton(icu::UnicodeString(skeleton),
                                                            locale_of(language), error));
    if (U_FAILURE(error)) format.reset();
  }
  return format.get();
}

std::string format_with(Instant at, const icu::TimeZone& zone, std::string_view language,
                        const char* skeleton) {
  auto* format = date_format(language, skeleton);
  if (!format) return to_iso(at);
  format->setTimeZone(zone);
  icu::UnicodeString text;
  format->format(static_cast<UDate>(at.ms), text);
  return to_utf8(text);
}

std::int64_t local_day(Instant at, const icu::TimeZone& zone) {
  std::int32_t raw = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone.getOffset(static_cast<UDate>(at.ms), false, raw, saving, error);
  const std::int64_t local = at.ms + raw + saving;
  return (local - ((local % kMsPerDay) + kMsPerDay) % kMsPerDay) / kMsPerDay;
}

// "today", "yesterday", "tomorrow", or empty.
std::string near_day(std::int64_t days, std::string_view language) {
  if (days < -1 || days > 1) return {};
  UErrorCode error = U_ZERO_ERROR;
  const icu::RelativeDateTimeFormatter formatter(locale_of(language), error);
  icu::UnicodeString text;
  const auto direction = days == 0  ? UDAT_DIRECTION_THIS
                         : days < 0 ? UDAT_DIRECTION_LAST
                                    : UDAT_DIRECTION_NEXT;
  if (U_SUCCESS(error)) formatter.format(direction, UDAT_ABSOLUTE_DAY, text, error);
  return U_FAILURE(error) ? std::string() : to_utf8(text);
}

}  // namespace

std::string format_instant(Instant at, const InstantFormat& format) {
  if (at.is_none()) return {};
  const auto zone = zone_of(format.zone);
  if (format.style == "time") return format_with(at, *zone, format.language, "jm");
  auto day = near_day(local_day(at, *zone) - local_day(format.now, *zone), format.language);
  if (day.empty()) day = format_with(at, *zone, format.language, "EEEdMMMy");
  if (format.style == "date") return day;
  return day + ", " + format_with(at, *zone, format.language, "jm");
}

std::string format_money(Money amount, std::string_view language) {
  if (amount.is_none()) return {};
  UErrorCode error = U_ZERO_ERROR;
  auto code = from_utf8(amount.currency.view());
  const icu::CurrencyUnit unit(code.getTerminatedBuffer(), error);
  const auto decimal = to_decimal(amount);
  const auto text =
      icu::number::NumberFormatter::withLocale(locale_of(language))
          .unit(unit)
          .formatDecimal(icu::StringPiece(decimal.data(), static_cast<int>(decimal.size())), error)
          .toString(error);
  if (U_FAILURE(error)) return decimal + ' ' + std::string(amount.currency.view());
  return to_utf8(text);
}

bool is_known_zone(std::string_view zone) {
  const std::unique_ptr<icu::TimeZone> found(icu::TimeZone::createTimeZone(from_utf8(zone)));
  return !zone.empty() && *found != icu::TimeZone::getUnknown();
}

std::vector<std::int64_t> zone_transitions(std::string_view name, Instant from, Instant to) {
  if (!is_known_zone(name)) return {};
  const auto zone = zone_of(name);
  const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
  std::int32_t raw = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone->getOffset(static_cast<UDate>(from.ms), false, raw, saving, error);
  std::vector<std::int64_t> rows = {from.ms, (raw + saving) / static_cast<int>(kMsPerMinute)};
  icu::TimeZoneTransition transition;
  auto at = static_cast<UDate>(from.ms);
  while (basic && basic->getNextTransition(at, false, transition)) {
    at = transition.getTime();
    if (at > static_cast<UDate>(to.ms)) break;
    const auto* rule = transition.getTo();
    const auto offset = (rule->getRawOffset() + rule->getDSTSavings()) / kMsPerMinute;
    if (offset == rows.back()) continue;
    rows.push_back(static_cast<std::int64_t>(at));
    rows.push_back(offset);
  }
  return rows;
}

std::string choose_language(std::string_view accept_language,
                            const std::vector<std::string>& available) {
  std::string best = available.empty() ? "en" : available.front();
  double best_quality = 0;
  for (const auto part : split(accept_language, ',')) {
    const auto item = trim(part);
    const auto semicolon = item.find(';');
    const auto language = to_ascii_lower(trim(item.substr(0, item.find_first_of(";-"))));
    double quality = 1;
    if (semicolon != std::string_view::npos) {
      const auto equals = item.find("q=", semicolon);
      if (equals == std::string_view::npos) continue;
      const auto text = item.substr(equals + 2);
      if (std::from_chars(text.data(), text.data() + text.size(), quality).ec != std::errc())
        continue;
    }
    const bool is_there = std::find(available.begin(), available.end(), language) !=
                          available.end();
    if (!is_there || quality <= best_quality) continue;
    best = language;
    best_quality = quality;
  }
  return best;
}

}  // namespace foyer::server
