#define _GNU_SOURCE
#include "CMicroHTTPD.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

/// Leaves the target as the client sent it: Swift decodes it strictly, MHD would let malformed escapes through.
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

/// Told of a request that MHD itself cannot read.
static void (*refused)(struct MHD_Connection *connection, unsigned int status);

/// MHD's own `MHD_queue_response`, set before the first daemon runs.
static enum MHD_Result (*mhd_queue_response)(struct MHD_Connection *, unsigned int, struct MHD_Response *);

struct MHD_Daemon *gosset_mhd_start(const struct gosset_mhd_options *options) {
    refused = options->refused;
    *(void **)&mhd_queue_response = dlsym(RTLD_NEXT, "MHD_queue_response");
    if (mhd_queue_response == NULL) return NULL;
    unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
    struct MHD_OptionItem pool[] = {
        // MHD wants no pool at all for a single thread.
        {options->threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)options->threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        flags, 0, NULL, NULL, options->access, options->context,
        MHD_OPTION_CONNECTION_LIMIT, options->connection_limit,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, options->per_address_limit,
        MHD_OPTION_CONNECTION_TIMEOUT, options->idle_timeout_seconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, options->connection_memory,
        MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, options->target, options->context,
        MHD_OPTION_NOTIFY_COMPLETED, options->completed, options->context,
        MHD_OPTION_NOTIFY_CONNECTION, options->connection, options->context,
        MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
}

int gosset_mhd_accept(struct MHD_Daemon *daemon, int listen_socket) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    int client = accept4(listen_socket, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return -errno;
    // It closes the socket itself where it refuses, such as for too many of one address.
    return MHD_add_connection(daemon, client, (struct sockaddr *)&address, size) == MHD_YES;
}

enum MHD_Result gosset_mhd_answer(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response) {
    return mhd_queue_response(connection, status, response);
}

/// MHD answers what it cannot read with a page of its own, and has no callback for that; but it queues the page through this function,
/// and the dynamic linker prefers a definition in the program to the one in the library. All calls that arrive here are MHD's.
enum MHD_Result MHD_queue_response(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response) {
    refused(connection, status);
    return mhd_queue_response(connection, status, response);
}

/// Who is asked before and told after the calling thread waits for events; empty for threads that are not MHD's.
static _Thread_local struct gosset_mhd_turns turns;

void gosset_mhd_watch_turns(const struct gosset_mhd_turns *watched) {
    turns = *watched;
}

void *gosset_mhd_turns_context(void) {
    return turns.context;
}

/// MHD takes a full array of events for a sign that more are waiting, and waits for those, for ever if none comes, before it handles any:
/// 128 requests that reach one of its threads together were never answered. So no array is ever full. It holds for the whole process,
/// and harms nobody: whoever waits must be ready for fewer events than fit.
///
/// Here too each turn of an event loop begins, which MHD has no callback for.
int epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeout) {
    if (turns.before != NULL) timeout = turns.before(turns.context, epoll, timeout);
    int count = epoll_pwait(epoll, events, capacity > 1 ? capacity - 1 : capacity, timeout, NULL);
    if (turns.after != NULL) {
        int error = errno;
        // A connection can nearly always be written to; MHD's own descriptors never can.
        int announced = count < 0;
        for (int index = 0; index < count; index++) announced |= (events[index].events & EPOLLOUT) == 0;
        turns.after(turns.context, announced);
        errno = error;
    }
    return count;
}

int gosset_mhd_waker(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int gosset_mhd_add_waker(int epoll, int waker) {
    // Edge-triggered, so that nobody has to read it; and without a pointer: MHD passes over such events, as its own when it shuts down.
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.ptr = NULL}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, waker, &event);
}

void gosset_mhd_wake(int waker) {
    // Fails only where the loop has been woken 2^64 times.
    (void)eventfd_write(waker, 1);
}

void gosset_mhd_cut(const char *target, size_t count) {
    // It lies in the connection's memory, which MHD itself writes to next.
    ((char *)target)[count] = 0;
}

int gosset_mhd_socket(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

void *gosset_mhd_context(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

const struct sockaddr *gosset_mhd_address(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
}

size_t gosset_mhd_head_bytes(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info == NULL ? 0 : info->header_size;
}

static _Thread_local void *held_wakes;

void gosset_mhd_hold_wakes(void *held) {
    held_wakes = held;
}

void *gosset_mhd_held_wakes(void) {
    return held_wakes;
}
