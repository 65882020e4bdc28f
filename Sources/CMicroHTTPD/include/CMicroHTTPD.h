#ifndef CMICROHTTPD_H
#define CMICROHTTPD_H

#include <microhttpd.h>

/// What a daemon is started with; every field is required.
struct gosset_mhd_options {
    unsigned int threads;
    unsigned int connection_limit;
    unsigned int per_address_limit;
    unsigned int idle_timeout_seconds;
    size_t connection_memory;
    void *context;
    MHD_AccessHandlerCallback access;
    /// `target` is the whole target, null if the request line has none; it stays where it is until the request is completed.
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
    /// MHD is about to answer a request that it cannot read with a page of its own. The same function for every daemon of the process.
    void (*refused)(struct MHD_Connection *connection, unsigned int status);
};

/// Starts a daemon that is given its connections. `MHD_start_daemon` takes a variable argument list, which Swift cannot call.
struct MHD_Daemon *gosset_mhd_start(const struct gosset_mhd_options *options);

/// Accepts a connection and gives it to one of the daemon's threads; waits until there is one.
/// Returns 1, or 0 if the daemon refused it, or an error's negative number.
int gosset_mhd_accept(struct MHD_Daemon *daemon, int listen_socket);

/// Who is asked before a thread of MHD waits for events, and told after.
struct gosset_mhd_turns {
    void *context;
    /// Given for how many milliseconds MHD would wait, returns for how many the thread does; -1 is for ever.
    int (*before)(void *context, int epoll, int timeout);
    /// Given whether other threads announced something to this one, such as that a connection is to be resumed; it may be said too often.
    void (*after)(void *context, int announced);
};

/// Watches the turns of the calling thread, one of MHD's, until it ends.
void gosset_mhd_watch_turns(const struct gosset_mhd_turns *turns);

/// The context of whoever watches the calling thread; null if nobody does.
void *gosset_mhd_turns_context(void);

/// Makes a descriptor that ends the wait of an event loop that it was added to; -1 if there is none to be had.
int gosset_mhd_waker(void);
/// Returns 0, or -1 for an error.
int gosset_mhd_add_waker(int epoll, int waker);
/// From any thread.
void gosset_mhd_wake(int waker);

/// What the calling thread keeps those in whom it will wake later; null if it wakes them at once.
void gosset_mhd_hold_wakes(void *held);
void *gosset_mhd_held_wakes(void);

/// Answers a request: what MHD's documentation says of `MHD_queue_response`, which only MHD itself may call here.
enum MHD_Result gosset_mhd_answer(struct MHD_Connection *connection, unsigned int status, struct MHD_Response *response);

/// Ends a target after `count` bytes, so that MHD does not take the query apart, which costs it time and the connection's memory.
void gosset_mhd_cut(const char *target, size_t count);

/// The socket and the context of a connection, and the bytes of a request's head, which MHD hands out through a union.
int gosset_mhd_socket(struct MHD_Connection *connection);
void *gosset_mhd_context(struct MHD_Connection *connection);
const struct sockaddr *gosset_mhd_address(struct MHD_Connection *connection);
size_t gosset_mhd_head_bytes(struct MHD_Connection *connection);

#endif
