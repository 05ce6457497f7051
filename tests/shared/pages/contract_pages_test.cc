#include "foyer/pages/contract_pages.h"

#include "shared/pages/customer_site.h"

namespace foyer {
namespace {

TEST(ContractPages, ShowOwnContractsWithTheirLines) {
  CustomerSite site;
  const Actor clara = site.who(CustomerSite::kClara);
  int own = 0;
  int foreign = 0;
  for (const auto& contract : all<ServiceContract>(site.store())) {
    const auto path = "/contracts/" + to_string(contract.id);
    const auto response = site.get(CustomerSite::kClara, path);
    if (contract.account == clara.account) {
      ++own;
      EXPECT_EQ(response.status, 200);
      EXPECT_TRUE(holds(response, contract.number));
      EXPECT_TRUE(holds(site.get(CustomerSite::kClara, "/contracts"), contract.number));
    } else {
      ++foreign;
      EXPECT_EQ(response.status, 404);
      EXPECT_FALSE(holds(site.get(CustomerSite::kClara, "/contracts"), contract.number));
    }
  }
  EXPECT_GT(own, 0);
  EXPECT_GT(foreign, 0);
}

TEST(ContractPages, ArticlesForStaffAreNotForCustomers) {
  CustomerSite site;
  int shown = 0;
  int hidden = 0;
  for (const auto& article : all<Article>(site.store())) {
    const auto response = site.get(CustomerSite::kNobody, "/articles/" + to_string(article.id));
    const ScopedReader reader(site.store(), Actor{});
    const bool is_public = exists(reader, article.id);
    (is_public ? shown : hidden) += 1;
    EXPECT_EQ(response.status, is_public ? 200 : 404) << article.title;
  }
  EXPECT_GT(shown, 0);
  EXPECT_GT(hidden, 0);
}

}  // namespace
}  // namespace foyer
