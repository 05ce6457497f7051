#include "foyer/pages/contract_pages.h"

#include <algorithm>

#include "foyer/base/sort.h"
#include "foyer/base/text.h"
#include "foyer/model/registry.h"
#include "foyer/rules/entitlement.h"

namespace foyer {
namespace {

using nlohmann::json;

std::string state_words(const PageView& view, const ServiceContract& row) {
  return view.t("contract.state." + std::string(name_of(row.state)));
}

std::string_view tone_of(const ServiceContract& row) {
  return row.state == ContractState::kActive      ? "good"
         : row.state == ContractState::kSuspended ? "need"
                                                  : "calm";
}

std::string term_of(const PageView& view, const ServiceContract& row) {
  return view.t("contract.term", {{"from", view.date(row.starts_on)},
                                  {"to", view.date(row.ends_on - kMsPerDay)}});
}

json entitlement_view(const PageView& view, const Entitlement& row) {
  auto entries = find<&EntitlementEntry::entitlement>(view.input().reader, row.id);
  const Balance balance = balance_of(entries);
  sort_list(entries, [](const auto& a, const auto& b) { return a.at > b.at; });
  json list = json::array();
  for (const EntitlementEntry& entry : entries)
    list.push_back({{"at", view.date(entry.at)},
                    {"kind", view.t("ledger.kind." + std::string(name_of(entry.kind)))},
                    {"reason", PageView::optional(entry.reason)},
                    {"quantity", entry.quantity}});
  const std::string unit = "unit." + std::string(name_of(row.unit));
  const std::int64_t given = balance.granted + balance.adjusted - balance.expired;
  return {{"name", row.name},
          {"left", view.t("contract.left_of",
                          {{"left", std::to_string(balance.available())},
                           {"unit", view.words().plural(unit, given)}})},
          {"formula", view.t("contract.formula", {{"given", std::to_string(given)},
                                                  {"used", std::to_string(balance.consumed)},
                                                  {"open", std::to_string(balance.reserved)}})},
          {"entries", list}};
}

json line_view(const PageView& view, const ContractLine& row) {
  const auto asset = get(view.input().reader, row.asset);
  return {{"name", row.name},
          {"asset", asset ? json(asset->name + ", " + asset->serial) : json()},
          {"coverage", row.coverage}};
}

}  // namespace

PageResult show_contracts(const PageView& view) {
  json rows = json::array();
  for (const ServiceContract& row : all<ServiceContract>(view.input().reader, 500))
    rows.push_back({{"id", to_string(row.id)},
                    {"name", row.name},
                    {"number", row.number},
                    {"state", state_words(view, row)},
                    {"tone", tone_of(row)},
                    {"term", term_of(view, row)}});
  return {view.respond(200, "contracts", "contracts", view.t("contracts.title"), {{"rows", rows}}),
          {}, {}, {}};
}

PageResult one_contract(const PageView& view, Id<ServiceContract> id) {
  const Reader& reader = view.input().reader;
  const auto row = get(reader, id);
  if (!row) return {render_error(view.input(), 404), {}, {}, {}};
  json facts = json::array();
  const auto add = [&](std::string_view key, std::string text) {
    facts.push_back({{"label", view.t(key)}, {"text", std::move(text)}});
  };
  add("contract.runs", term_of(view, *row));
  if (!row->price.is_none()) add("contract.price", view.money(row->price));
  const Instant notice = row->ends_on - row->notice_days * kMsPerDay;
  add("contract.renewal",
      view.t("contract.renewal." + std::string(name_of(row->renewal)),
             {{"date", view.date(notice)}}));
  json entitlements = json::array();
  for (const Entitlement& item : find<&Entitlement::contract>(reader, id))
    entitlements.push_back(entitlement_view(view, item));
  json lines = json::array();
  for (const ContractLine& line : find<&ContractLine::contract>(reader, id))
    lines.push_back(line_view(view, line));
  json data = {{"number", row->number},
               {"state", state_words(view, *row)},
               {"tone", tone_of(*row)},
               {"summary", row->summary},
               {"facts", facts},
               {"entitlements", entitlements},
               {"lines", lines}};
  return {view.respond(200, "contract", "contracts", row->name, std::move(data)), {}, {}, {}};
}

json article_blocks(std::string_view body) {
  json blocks = json::array();
  for (const std::string_view line : split(body, '\n')) {
    const std::string_view text = trim(line);
    if (text.empty()) continue;
    const bool is_item = text.starts_with("- ");
    if (!is_item) {
      blocks.push_back({{"is_list", false}, {"text", text}, {"items", json::array()}});
      continue;
    }
    if (blocks.empty() || !blocks.back()["is_list"].get<bool>())
      blocks.push_back({{"is_list", true}, {"text", ""}, {"items", json::array()}});
    blocks.back()["items"].push_back(text.substr(2));
  }
  return blocks;
}

bool is_current_article(const Article& row, Instant now) {
  return row.state == ArticleState::kPublished &&
         (row.valid_until.is_none() || row.valid_until > now);
}

std::vector<Article> current_articles(const PageView& view, std::string_view text) {
  const Reader& reader = view.input().reader;
  std::vector<Article> articles;
  if (text.empty()) {
    articles = all<Article>(reader, 500);
  } else {
    for (const TextHit& hit : reader.search({text, {&entity_of<Article>()}, 50}))
      if (auto row = get(reader, Id<Article>(hit.id))) articles.push_back(std::move(*row));
  }
  std::erase_if(articles, [&](const Article& row) {
    return !is_current_article(row, view.request().now);
  });
  return articles;
}

PageResult show_articles(const PageView& view) {
  const std::string text = view.asked("q").substr(0, 200);
  json rows = json::array();
  for (const Article& row : current_articles(view, text))
    rows.push_back({{"id", to_string(row.id)}, {"title", row.title}, {"summary", row.summary}});
  return {view.respond(200, "articles", "articles", view.t("articles.title"),
                       {{"rows", rows}, {"q", text}}),
          {}, {}, {}};
}

PageResult one_article(const PageView& view, Id<Article> id) {
  const auto row = get(view.input().reader, id);
  if (!row || !is_current_article(*row, view.request().now))
    return {render_error(view.input(), 404), {}, {}, {}};
  return {view.respond(200, "article", "articles", row->title,
                       {{"summary", PageView::optional(row->summary)},
                        {"blocks", article_blocks(row->body)}}),
          {}, {}, {}};
}

}  // namespace foyer
