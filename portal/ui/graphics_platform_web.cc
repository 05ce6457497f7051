#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include "ui/graphics.h"

namespace foyer::portal {

bool start_graphics() { return ImGui_ImplOpenGL3_Init("#version 300 es"); }
bool restart_graphics() {
  ImGui_ImplOpenGL3_Shutdown();
  return start_graphics();
}
void begin_graphics_frame() { ImGui_ImplOpenGL3_NewFrame(); }
void draw_graphics_frame() { ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData()); }

}  // namespace foyer::portal
