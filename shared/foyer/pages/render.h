// Templates to HTML: the one place that knows Inja. Templates are compiled in (web/pages/*.html).
// Invariant: every value is escaped by the template engine; nothing renders half a page.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "foyer/pages/http.h"
#include "foyer/pages/words.h"

namespace foyer {

// "case" renders web/pages/case.html. Templates call t("key") for words, asset("name") for files.
std::string render_template(std::string_view name, const nlohmann::json& view, const Words& words,
                            const PageHost& host);

}  // namespace foyer
