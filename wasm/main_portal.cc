// Composition root of the staff portal's program.
#include "platform_web.h"

int main() {
  foyer::portal::run();
  return 0;
}
