// The pages to read: contracts with what is left of them, and articles.
#pragma once

#include "foyer/model/registry.h"
#include "foyer/pages/page_view.h"

namespace foyer {

PageResult show_contracts(const PageView& view);
PageResult one_contract(const PageView& view, Id<ServiceContract> id);
PageResult show_articles(const PageView& view);
PageResult one_article(const PageView& view, Id<Article> id);

// Published and not out of date, of those that the reader shows; found by `text` if there is any.
std::vector<Article> current_articles(const PageView& view, std::string_view text);
bool is_current_article(const Article& row, Instant now);
// [{is_list, items: [text], text}], in reading order.
nlohmann::json article_blocks(std::string_view body);

}  // namespace foyer
