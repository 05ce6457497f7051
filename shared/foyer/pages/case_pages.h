// The pages about cases: my cases, open a case, one case.
#pragma once

#include "foyer/model/registry.h"
#include "foyer/pages/page_view.h"

namespace foyer {

PageResult show_cases(const PageView& view);
PageResult new_case(const PageView& view);                    // GET and POST
PageResult one_case(const PageView& view, Id<Case> id);  // GET and POST

}  // namespace foyer
