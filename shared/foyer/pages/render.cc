#include "foyer/pages/render.h"

#include <inja/inja.hpp>
#include <memory>

#include "foyer/base/assert.h"
#include "foyer/base/text.h"
#include "foyer/pages/embedded_files.h"

namespace foyer {
namespace {

constexpr std::string_view kFolder = "pages/";

std::string template_name(std::string_view file) {
  file.remove_prefix(kFolder.size());
  file.remove_suffix(std::string_view(".html").size());
  return std::string(file);
}

// Layout and parts first: a template is parsed after those it includes or extends.
void include_templates(inja::Environment& environment) {
  for (const bool parts : {true, false})
    for (const EmbeddedFile& file : embedded_files()) {
      if (!file.name.starts_with(kFolder)) continue;
      const std::string name = template_name(file.name);
      const bool is_part = name.starts_with("part_") || name == "layout";
      if (is_part != parts) continue;
      environment.include_template(name, environment.parse(file.text));
    }
}

// What the callbacks of the shared environment see during one rendering.
struct Rendering {
  const Words* words = nullptr;
  const PageHost* host = nullptr;
};
thread_local Rendering current;

inja::Environment& shared_environment() {
  thread_local const std::unique_ptr<inja::Environment> environment = [] {
    auto made = std::make_unique<inja::Environment>();
    made->set_search_included_templates_in_files(false);
    made->set_html_autoescape(true);
    made->set_trim_blocks(true);
    made->set_lstrip_blocks(true);
    made->add_callback("t", 1, [](inja::Arguments& arguments) {
      return current.words->text(arguments.at(0)->get_ref<const std::string&>());
    });
    made->add_callback("asset", 1, [](inja::Arguments& arguments) {
      return current.host->asset_url(arguments.at(0)->get_ref<const std::string&>());
    });
    include_templates(*made);
    return made;
  }();
  return *environment;
}

}  // namespace

std::string render_template(std::string_view name, const nlohmann::json& view, const Words& words,
                            const PageHost& host) {
  inja::Environment& environment = shared_environment();
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name != std::string(kFolder) + std::string(name) + ".html") continue;
    static thread_local std::map<std::string, inja::Template, std::less<>> parsed;
    auto found = parsed.find(name);
    if (found == parsed.end())
      found = parsed.emplace(std::string(name), environment.parse(file.text)).first;
    current = {&words, &host};
    auto html = environment.render(found->second, view);
    // A refused form shows what was typed; HTML has no way to hold these, not even escaped.
    if (has_control_characters(html))
      std::erase_if(html, [](char c) { return has_control_characters({&c, 1}); });
    return html;
  }
  FOYER_ASSERT(false);
}

}  // namespace foyer
