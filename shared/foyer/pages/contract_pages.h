// The pages to read: contracts with what is left of them, and articles.
#pragma once

#include "foyer/model/registry.h"
#include "foyer/pages/page_view.h"

namespace foyer {

PageResult show_contracts(const PageView& view);
PageResult one_contract(const PageView& view, Id<ServiceContract> id);
PageResult show_articles(const PageView& view);
PageResult one_article(const PageView& view, Id<Article> id);

}  // namespace foyer
