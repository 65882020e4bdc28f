// Sends requests at a given rate, whatever the server does, and tells how long they took: an open-loop load.
//
//   paced PORT CONNECTIONS RATE SECONDS PREFIX DISTINCT
//
// Requests fall due at random, as independent clients make them (a Poisson process of RATE a second). One that falls due takes a free
// keep-alive connection, or waits for one; its latency counts from when it was due, so neither a slow server nor a slow client hides
// anything. Tokens are PREFIX and a counter, which walks round DISTINCT values; 0 means that none is repeated.
//
// Prints {"requests", "seconds", "p50", "p90", "p99", "max"}, latencies in seconds. Fails if an answer is not a 200.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int socket;
    double due;
    size_t received;
    char answer[2048];
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int connected(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, socket_ = socket(AF_INET, SOCK_STREAM, 0);
    if (socket_ < 0 || connect(socket_, (struct sockaddr *)&address, sizeof address) != 0) err(1, "connect");
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket_;
}

static void ask(struct connection *connection, double due, const char *prefix, unsigned long number) {
    char text[512];
    int count = snprintf(
        text, sizeof text, "GET /api/v1/experiments HTTP/1.1\r\nHost: localhost\r\nDevice-Token: %s%lu\r\n\r\n", prefix, number);
    connection->due = due;
    connection->received = 0;
    if (send(connection->socket, text, (size_t)count, MSG_NOSIGNAL) != count) err(1, "send");
}

// Whether the whole answer is there.
static int receive(struct connection *connection) {
    char *answer = connection->answer;
    ssize_t count = recv(connection->socket, answer + connection->received, sizeof connection->answer - 1 - connection->received, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (count <= 0) errx(1, "the server closed a connection");
    connection->received += (size_t)count;
    answer[connection->received] = 0;
    char *body = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "\r\nContent-Length:");
    if (!body) return 0;
    if (!length || length > body) errx(1, "an answer without a length");
    if (strncmp(answer, "HTTP/1.1 200 ", 13) != 0) errx(1, "answered: %.*s", (int)strcspn(answer, "\r\n"), answer);
    return connection->received >= (size_t)(body + 4 - answer) + strtoul(length + 17, NULL, 10);
}

int main(int count, char **values) {
    if (count != 7) errx(2, "usage: paced PORT CONNECTIONS RATE SECONDS PREFIX DISTINCT");
    int port = atoi(values[1]), connections = atoi(values[2]);
    double rate = atof(values[3]), seconds = atof(values[4]);
    const char *prefix = values[5];
    unsigned long distinct = strtoul(values[6], NULL, 10), sent = 0, done = 0;

    int poll = epoll_create1(0);
    size_t capacity = (size_t)(rate * seconds * 1.5) + 1000;
    double *latencies = calloc(capacity, sizeof *latencies);
    struct connection *all = calloc((size_t)connections, sizeof *all), **idle = calloc((size_t)connections, sizeof *idle);
    if (poll < 0 || !latencies || !all || !idle) err(1, "cannot begin");
    int free_ = 0;
    for (int i = 0; i < connections; i++) {
        all[i].socket = connected(port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].socket, &event) != 0) err(1, "epoll_ctl");
        idle[free_++] = &all[i];
    }

    double begin = now(), end = begin + seconds, due = begin;
    while (due < end || done < sent) {
        double time = now();
        if (time > end + 30) errx(1, "the server does not keep up");
        while (free_ > 0 && due <= time && due < end && sent < capacity) {
            ask(idle[--free_], due, prefix, distinct ? sent % distinct : sent);
            sent++;
            due -= log(1 - drand48()) / rate;
        }
        double pause = free_ > 0 && due < end ? fmax(due - now(), 0) : 1;
        struct timespec timeout = {.tv_sec = (time_t)pause, .tv_nsec = (long)((pause - floor(pause)) * 1e9)};
        struct epoll_event events[64];
        int ready = epoll_pwait2(poll, events, 64, &timeout, NULL);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!receive(connection)) continue;
            latencies[done++] = now() - connection->due;
            idle[free_++] = connection;
        }
    }
    double took = now() - begin;
    qsort(latencies, done, sizeof *latencies, ascending);
#define quantile(q) latencies[(size_t)((double)(done - 1) * q)]
    printf(
        "{\"requests\": %lu, \"seconds\": %.3f, \"p50\": %.6f, \"p90\": %.6f, \"p99\": %.6f, \"max\": %.6f}\n", done, took, quantile(0.5),
        quantile(0.9), quantile(0.99), quantile(1.0));
}
