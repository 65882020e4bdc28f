#include <stdint.h>

/// Sets the running thread's niceness, and for how many nanoseconds it goes on before the scheduler chooses anew; 0, or the error's number.
///
/// Linux before 6.12 takes the niceness and leaves the slice as it is.
int gosset_schedule(int32_t niceness, uint64_t slice);

/// How many processors the process's first thread may use; 0 if the system does not say.
int gosset_processors(void);

/// Keeps the running thread on one of the processors that it may use, by its place among them; threads that it makes may use all of them.
void gosset_settle(int place);
