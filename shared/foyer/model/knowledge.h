// Knowledge: articles for customers and for staff.
#pragma once

#include "foyer/model/contract.h"

namespace foyer {

enum class ArticleAudience : std::uint8_t { kEverybody, kStaffOnly };
template <>
inline constexpr auto kNames<ArticleAudience> =
    std::array<std::string_view, 2>{"everybody", "staff_only"};

enum class ArticleState : std::uint8_t { kDraft, kPublished, kRetired };
template <>
inline constexpr auto kNames<ArticleState> =
    std::array<std::string_view, 3>{"draft", "published", "retired"};

struct Article {
  Id<Article> id;
  std::int64_t version = 0;
  std::string title;
  std::string summary;
  std::string body;  // paragraphs separated by an empty line; "- " opens a list item; no markup
  ArticleAudience audience = {};
  ArticleState state = {};
  Id<Product> product;
  std::string language;
  Instant valid_until;
  Instant updated_at;
  UnknownFields unknown;
};
template <>
struct Table<Article> {
  static constexpr EntityId id = 20;
  static constexpr std::string_view name = "article";
  static constexpr auto fields = std::array{
      field<&Article::id>(1, "id", {}),
      field<&Article::version>(2, "version", {.minimum = 1}),
      field<&Article::title>(3, "title",
                             {.flags = kRequired | kFullText, .column_width_em = 20}),
      field<&Article::summary>(4, "summary", {.flags = kFullText, .length_max = 500}),
      field<&Article::body>(5, "body",
                            {.flags = kRequired | kFullText,
                             .length_max = 20000,
                             .widget = Widget::kParagraph}),
      field<&Article::audience>(6, "audience", {.column_width_em = 7}),
      field<&Article::state>(7, "state", {.merge = Merge::kState, .column_width_em = 7}),
      field<&Article::product>(8, "product", {.flags = kIndexed}),
      field<&Article::language>(9, "language", {.length_max = 20}),
      field<&Article::valid_until>(10, "valid_until", {}),
      field<&Article::updated_at>(11, "updated_at", {}),
  };
  static constexpr auto publications =
      std::array{to_public(), to_staff(StaffArea::kService)};
  static bool staff_only(const Article& article) {
    return article.audience == ArticleAudience::kStaffOnly ||
           article.state != ArticleState::kPublished;
  }
};

}  // namespace foyer
