#define _GNU_SOURCE
#include "CScheduling.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(sizeof(struct gosset_processors) == sizeof(cpu_set_t), "as the system has it");

/// What sched_setattr(2) takes; glibc 2.36 has neither the structure nor the function.
struct scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t niceness;
    uint32_t priority;
    uint64_t slice;
    uint64_t deadline;
    uint64_t period;
};

int gosset_schedule(int32_t niceness, uint64_t slice, int is_inherited) {
    // SCHED_FLAG_RESET_ON_FORK, which glibc 2.36 does not name.
    struct scheduling wanted = {
        .size = sizeof wanted, .policy = SCHED_OTHER, .flags = is_inherited ? 0 : 1, .niceness = niceness, .slice = slice};
    return syscall(SYS_sched_setattr, 0, &wanted, 0) == 0 ? 0 : errno;
}

int gosset_allowed(int thread, struct gosset_processors *processors) {
    cpu_set_t *set = (cpu_set_t *)processors;
    return sched_getaffinity(thread, sizeof *set, set) == 0 ? CPU_COUNT(set) : 0;
}

int gosset_allow(int thread, const struct gosset_processors *processors) {
    return sched_setaffinity(thread, sizeof *processors, (const cpu_set_t *)processors) == 0;
}

int gosset_send(int thread, const struct gosset_processors *from, int processor) {
    struct gosset_processors now;
    if (!CPU_ISSET(processor, (const cpu_set_t *)from)) return 0;
    if (gosset_allowed(thread, &now) == 0 || memcmp(&now, from, sizeof now) != 0) return 0;
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    CPU_SET(processor, &wanted);
    return sched_setaffinity(thread, sizeof wanted, &wanted) == 0;
}

int gosset_processor(void) {
    return sched_getcpu();
}

int gosset_thread(void) {
    return gettid();
}
