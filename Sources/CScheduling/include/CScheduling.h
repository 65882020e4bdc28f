#include <stdint.h>

/// Sets the running thread's niceness, and for how many nanoseconds it goes on before the scheduler chooses anew; 0, or the error's number.
///
/// The threads that it makes get both if `is_inherited` is not 0, otherwise what is usual. Linux before 6.12 takes the niceness and leaves the slice as it is.
int gosset_schedule(int32_t niceness, uint64_t slice, int is_inherited);

/// A set of processors: a `cpu_set_t`.
struct gosset_processors {
    uint64_t bits[16];
};

/// Where a thread may go, 0 for the running one; how many those are, or 0 if the system does not say.
int gosset_allowed(int thread, struct gosset_processors *processors);

/// Lets a thread go to these, 0 for the running one; 0 for an error.
int gosset_allow(int thread, const struct gosset_processors *processors);

/// Has a thread that may go to all of these go to one of them alone; 0 if that is none of them, or it may go elsewhere by now, or for an error.
int gosset_send(int thread, const struct gosset_processors *from, int processor);

/// The processor that the running thread is on; negative if the system does not say.
int gosset_processor(void);

/// The running thread, as the system calls it.
int gosset_thread(void);
