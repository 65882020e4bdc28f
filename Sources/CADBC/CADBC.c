#define _GNU_SOURCE
#include "CADBC.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adbc.h"

struct gosset_adbc {
    struct adbc_driver driver;
    struct adbc_database database;
    struct adbc_connection connection;
    // Whose driver and database these are: its own if null.
    struct gosset_adbc *owner;
    // How many connections use the database, the owner's own among them; guarded by `closing`.
    int users;
    // Guards `running`, which another thread may cancel.
    pthread_mutex_t lock;
    struct adbc_statement *running;
};

struct gosset_adbc_result {
    struct gosset_adbc *connection;
    struct adbc_statement statement;
    struct ArrowArrayStream stream;
};

enum { LOADING = 1, REFUSED = 2, CANCELLED = 3 };

static void fail(struct gosset_adbc_status *status, int code, const char *message) {
    status->code = code;
    status->message = strdup(message ? message : "the driver gave no reason");
}

static void refuse(struct gosset_adbc_status *status, adbc_status code, struct adbc_error *error) {
    fail(status, code == ADBC_CANCELLED ? CANCELLED : REFUSED, error->message);
    if (error->release) error->release(error);
    memset(error, 0, sizeof *error);
}

static void forget(struct adbc_error *error) {
    if (error->release) error->release(error);
    memset(error, 0, sizeof *error);
}

static adbc_entry_point entry(
    const char *preload, const char *library, const char *entry_point, struct gosset_adbc_status *status) {
    if (preload && !dlopen(preload, RTLD_GLOBAL | RTLD_LAZY)) {
        fail(status, LOADING, dlerror());
        return NULL;
    }
    // A driver stays loaded: threads of its own may outlive its connections. It prefers its own symbols, as one may bring an allocator
    // or a C++ library that is not the program's.
    void *handle = dlopen(library, RTLD_LOCAL | RTLD_LAZY | RTLD_DEEPBIND);
    if (!handle) {
        fail(status, LOADING, dlerror());
        return NULL;
    }
    adbc_entry_point function = (adbc_entry_point)dlsym(handle, entry_point);
    if (!function) fail(status, LOADING, dlerror());
    return function;
}

// A driver must not be asked to close a connection while its own clean-up at the end of the process runs.
static pthread_mutex_t closing = PTHREAD_MUTEX_INITIALIZER;
static int exiting = 0;
static int abrupt = 0;

/// Runs before the clean-up of the drivers that are loaded, because it was registered after theirs. Waits for a connection that is being
/// closed; those that are not are left to the end of the process.
static void settle(int status, void *context) {
    (void)context;
    pthread_mutex_lock(&closing);
    exiting = 1;
    if (abrupt) {
        // chDB's own clean-up at the end of a process sometimes waits for itself for ever, and sometimes crashes (chdb-core 26).
        fflush(NULL);
        _exit(status);
    }
    pthread_mutex_unlock(&closing);
}

struct gosset_adbc *gosset_adbc_open(
    const char *preload, const char *library, const char *entry_point, const struct gosset_adbc_option *options, size_t count,
    struct gosset_adbc_status *status) {
    memset(status, 0, sizeof *status);
    adbc_entry_point initialize = entry(preload, library, entry_point, status);
    if (!initialize) return NULL;
    struct gosset_adbc *self = calloc(1, sizeof *self);
    if (!self) {
        fail(status, LOADING, "there is no memory left");
        return NULL;
    }
    pthread_mutex_init(&self->lock, NULL);
    self->users = 1;
    struct adbc_error error = {0};
    adbc_status code = initialize(ADBC_VERSION_1_1, &self->driver, &error);
    if (code == ADBC_NOT_IMPLEMENTED) {
        forget(&error);
        memset(&self->driver, 0, sizeof self->driver);
        code = initialize(ADBC_VERSION_1_0, &self->driver, &error);
    }
    if (code != ADBC_OK) {
        refuse(status, code, &error);
        status->code = LOADING;
        free(self);
        return NULL;
    }
    self->database.private_driver = self->connection.private_driver = &self->driver;
    code = self->driver.database_new(&self->database, &error);
    for (size_t i = 0; code == ADBC_OK && i < count; i++) {
        code = self->driver.database_set_option(&self->database, options[i].key, options[i].value, &error);
    }
    if (code == ADBC_OK) code = self->driver.database_init(&self->database, &error);
    if (code == ADBC_OK) code = self->driver.connection_new(&self->connection, &error);
    if (code == ADBC_OK) code = self->driver.connection_init(&self->connection, &self->database, &error);
    if (code != ADBC_OK) {
        refuse(status, code, &error);
        gosset_adbc_close(self);
        return NULL;
    }
    if (strcmp(entry_point, "chdb_adbc_init") == 0) abrupt = 1;
    on_exit(settle, NULL);
    return self;
}

struct gosset_adbc *gosset_adbc_join(struct gosset_adbc *other, struct gosset_adbc_status *status) {
    memset(status, 0, sizeof *status);
    struct gosset_adbc *self = calloc(1, sizeof *self);
    if (!self) {
        fail(status, REFUSED, "there is no memory left");
        return NULL;
    }
    pthread_mutex_init(&self->lock, NULL);
    self->owner = other->owner ? other->owner : other;
    self->driver = self->owner->driver;
    self->connection.private_driver = &self->driver;
    pthread_mutex_lock(&closing);
    self->owner->users++;
    pthread_mutex_unlock(&closing);
    struct adbc_error error = {0};
    adbc_status code = self->driver.connection_new(&self->connection, &error);
    if (code == ADBC_OK) code = self->driver.connection_init(&self->connection, &self->owner->database, &error);
    if (code != ADBC_OK) {
        refuse(status, code, &error);
        gosset_adbc_close(self);
        return NULL;
    }
    return self;
}

static void set_running(struct gosset_adbc *self, struct adbc_statement *statement) {
    pthread_mutex_lock(&self->lock);
    self->running = statement;
    pthread_mutex_unlock(&self->lock);
}

struct gosset_adbc_result *gosset_adbc_run(
    struct gosset_adbc *connection, const char *sql, int returns_rows, struct gosset_adbc_status *status) {
    memset(status, 0, sizeof *status);
    struct gosset_adbc_result *result = calloc(1, sizeof *result);
    if (!result) {
        fail(status, REFUSED, "there is no memory left");
        return NULL;
    }
    struct adbc_error error = {0};
    result->connection = connection;
    result->statement.private_driver = &connection->driver;
    adbc_status code = connection->driver.statement_new(&connection->connection, &result->statement, &error);
    if (code == ADBC_OK) {
        set_running(connection, &result->statement);
        code = connection->driver.statement_set_sql_query(&result->statement, sql, &error);
    }
    if (code == ADBC_OK) {
        int64_t rows = -1;
        code = connection->driver.statement_execute_query(
            &result->statement, returns_rows ? &result->stream : NULL, &rows, &error);
    }
    if (code != ADBC_OK) refuse(status, code, &error);
    if (code != ADBC_OK || !returns_rows) {
        gosset_adbc_finish(result);
        return NULL;
    }
    return result;
}

// The members of a stream return errno; its own text says more.
static int streamed(struct gosset_adbc_result *result, int code, struct gosset_adbc_status *status) {
    memset(status, 0, sizeof *status);
    if (code == 0) return 0;
    const char *text = result->stream.get_last_error ? result->stream.get_last_error(&result->stream) : NULL;
    fail(status, REFUSED, text ? text : strerror(code));
    return code;
}

int gosset_adbc_schema(struct gosset_adbc_result *result, struct ArrowSchema *schema, struct gosset_adbc_status *status) {
    memset(schema, 0, sizeof *schema);
    return streamed(result, result->stream.get_schema(&result->stream, schema), status);
}

int gosset_adbc_next(struct gosset_adbc_result *result, struct ArrowArray *array, struct gosset_adbc_status *status) {
    memset(array, 0, sizeof *array);
    return streamed(result, result->stream.get_next(&result->stream, array), status);
}

void gosset_adbc_release_schema(struct ArrowSchema *schema) {
    if (schema->release) schema->release(schema);
}

void gosset_adbc_release_array(struct ArrowArray *array) {
    if (array->release) array->release(array);
}

void gosset_adbc_finish(struct gosset_adbc_result *result) {
    struct adbc_error error = {0};
    set_running(result->connection, NULL);
    if (result->stream.release) result->stream.release(&result->stream);
    if (result->statement.private_data) result->connection->driver.statement_release(&result->statement, &error);
    forget(&error);
    free(result);
}

void gosset_adbc_cancel(struct gosset_adbc *connection) {
    struct adbc_error error = {0};
    pthread_mutex_lock(&connection->lock);
    if (connection->running && connection->driver.statement_cancel) {
        connection->driver.statement_cancel(connection->running, &error);
        forget(&error);
    }
    if (connection->running && connection->driver.connection_cancel) {
        connection->driver.connection_cancel(&connection->connection, &error);
        forget(&error);
    }
    pthread_mutex_unlock(&connection->lock);
}

static void release(struct gosset_adbc *connection) {
    struct adbc_error error = {0};
    if (connection->connection.private_data) connection->driver.connection_release(&connection->connection, &error);
    forget(&error);
    struct gosset_adbc *owner = connection->owner ? connection->owner : connection;
    pthread_mutex_destroy(&connection->lock);
    if (connection != owner) free(connection);
    if (--owner->users > 0) return;
    if (owner->database.private_data) owner->driver.database_release(&owner->database, &error);
    forget(&error);
    if (owner->driver.release) owner->driver.release(&owner->driver, &error);
    forget(&error);
    free(owner);
}

void gosset_adbc_close(struct gosset_adbc *connection) {
    pthread_mutex_lock(&closing);
    if (!exiting) release(connection);
    pthread_mutex_unlock(&closing);
}
