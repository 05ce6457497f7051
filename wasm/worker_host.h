// The way out of a worker's program, to its script (worker_host.js). A ticket names the question
// that is answered.
#pragma once

extern "C" {
void foyer_host_opened(int is_open);
void foyer_host_exchanged(int ticket, int is_current);
void foyer_host_answered(int ticket, int status, int deed, const char* location, const char* body,
                         int size);
void foyer_host_erased(int ticket);
}
