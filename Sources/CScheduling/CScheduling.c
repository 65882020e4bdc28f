#define _GNU_SOURCE
#include "CScheduling.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

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

int gosset_schedule(int32_t niceness, uint64_t slice) {
    struct scheduling wanted = {.size = sizeof wanted, .policy = SCHED_OTHER, .niceness = niceness, .slice = slice};
    return syscall(SYS_sched_setattr, 0, &wanted, 0) == 0 ? 0 : errno;
}

int gosset_processors(void) {
    cpu_set_t allowed;
    return sched_getaffinity(getpid(), sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
}

/// Where the running thread was settled, and where it could have been before.
static _Thread_local struct {
    int is_settled;
    cpu_set_t own;
    cpu_set_t allowed;
} place_of_thread;

void gosset_settle(int place) {
    if (sched_getaffinity(0, sizeof place_of_thread.allowed, &place_of_thread.allowed) != 0) return;
    CPU_ZERO(&place_of_thread.own);
    for (int processor = 0; processor < CPU_SETSIZE; processor++) {
        if (CPU_ISSET(processor, &place_of_thread.allowed) && place-- == 0) CPU_SET(processor, &place_of_thread.own);
    }
    place_of_thread.is_settled = sched_setaffinity(0, sizeof place_of_thread.own, &place_of_thread.own) == 0;
}

/// A thread is made with the processors of the one that makes it, and a pool's thread is made by whoever first finds too few of them: one made
/// by a settled thread would share its processor for ever, whomever it works for. The dynamic linker prefers this definition to the library's.
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
    static int (*library)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (library == NULL) *(void **)&library = dlsym(RTLD_NEXT, "pthread_create");
    if (library == NULL) return EAGAIN;
    int is_settled = place_of_thread.is_settled;
    if (is_settled) sched_setaffinity(0, sizeof place_of_thread.allowed, &place_of_thread.allowed);
    int error = library(thread, attributes, body, context);
    if (is_settled) sched_setaffinity(0, sizeof place_of_thread.own, &place_of_thread.own);
    return error;
}
