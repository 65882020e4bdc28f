#ifndef CADBC_H
#define CADBC_H

#include <stddef.h>
#include <stdint.h>

// The Arrow C data interface, as https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html define it.

struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

/// A connection to a database through an ADBC driver.
struct gosset_adbc;

/// A statement and the stream of what it returns.
struct gosset_adbc_result;

struct gosset_adbc_option {
    const char *key;
    const char *value;
};

/// What became of a call; `message` is to be freed, and is null where there is none.
struct gosset_adbc_status {
    /// 0 where it went well; 1 where the driver could not be loaded; 2 where the database refused; 3 where it was cancelled.
    int code;
    char *message;
};

/// Loads a driver by its library and entry point, and connects; null if that fails.
///
/// `preload`, if given, is a library whose symbols the driver needs and does not ask for.
struct gosset_adbc *gosset_adbc_open(
    const char *preload, const char *library, const char *entry_point, const struct gosset_adbc_option *options, size_t count,
    struct gosset_adbc_status *status);

/// Connects once more to the database that another connection uses, which lives as long as the last of them; null if that fails.
struct gosset_adbc *gosset_adbc_join(struct gosset_adbc *other, struct gosset_adbc_status *status);

/// Runs a statement; null if that fails, and where `returns_rows` is 0.
struct gosset_adbc_result *gosset_adbc_run(
    struct gosset_adbc *connection, const char *sql, int returns_rows, struct gosset_adbc_status *status);

/// The columns of a result; to be released.
int gosset_adbc_schema(struct gosset_adbc_result *result, struct ArrowSchema *schema, struct gosset_adbc_status *status);

/// The next rows of a result, to be released; without `release` at the end.
int gosset_adbc_next(struct gosset_adbc_result *result, struct ArrowArray *array, struct gosset_adbc_status *status);

void gosset_adbc_release_schema(struct ArrowSchema *schema);
void gosset_adbc_release_array(struct ArrowArray *array);
void gosset_adbc_finish(struct gosset_adbc_result *result);

/// Asks the driver to stop what the connection does; may be called from any thread while the connection is open.
void gosset_adbc_cancel(struct gosset_adbc *connection);

void gosset_adbc_close(struct gosset_adbc *connection);

#endif
