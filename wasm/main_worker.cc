// Composition root of the service worker's program.
#include "worker_calls.h"

int main() {
  foyer::web::run();
  return 0;
}
