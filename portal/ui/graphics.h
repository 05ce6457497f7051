// Drawing a frame of Dear ImGui with WebGL 2. Browsers only (platform_web.cc).
#pragma once

namespace foyer::portal {

// False if the browser has no WebGL 2 for the current context.
bool start_graphics();
// After the browser lost and rebuilt the context: everything is uploaded again.
bool restart_graphics();
void begin_graphics_frame();
void draw_graphics_frame();

}  // namespace foyer::portal
