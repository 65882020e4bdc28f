#ifndef CMICROHTTPD_H
#define CMICROHTTPD_H

#include <microhttpd.h>

/// What a daemon is started with; every field is required.
struct gosset_mhd_options {
    int listen_socket;
    unsigned int threads;
    unsigned int connection_limit;
    unsigned int per_address_limit;
    unsigned int idle_timeout_seconds;
    size_t connection_memory;
    void *context;
    MHD_AccessHandlerCallback access;
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_RequestCompletedCallback completed;
    MHD_NotifyConnectionCallback connection;
};

/// `MHD_start_daemon` takes a variable argument list, which Swift cannot call.
struct MHD_Daemon *gosset_mhd_start(const struct gosset_mhd_options *options);

/// The socket and the context of a connection, which MHD hands out through a union.
int gosset_mhd_socket(struct MHD_Connection *connection);
void *gosset_mhd_context(struct MHD_Connection *connection);
const struct sockaddr *gosset_mhd_address(struct MHD_Connection *connection);

#endif
