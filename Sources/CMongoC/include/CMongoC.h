#ifndef CMONGOC_H
#define CMONGOC_H

// What is used of libmongoc 1.x and libbson 1.x, as their documentation declares it (https://mongoc.org/libmongoc/1.23.1/api.html). The
// library is loaded when it is first needed, not linked: linked, it sets up counters in shared memory in every process, also in those that
// never speak to MongoDB, and leaves them there.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Loads the library; call it before anything else.
///
/// Returns NULL if that went well, and otherwise why not.
const char *gosset_mongoc_load(void);

typedef struct _bson_t bson_t;
typedef struct _mongoc_uri_t mongoc_uri_t;
typedef struct _mongoc_client_t mongoc_client_t;
typedef struct _mongoc_client_pool_t mongoc_client_pool_t;
typedef struct _mongoc_collection_t mongoc_collection_t;
typedef struct _mongoc_cursor_t mongoc_cursor_t;
typedef struct _mongoc_bulk_operation_t mongoc_bulk_operation_t;
typedef struct _mongoc_write_concern_t mongoc_write_concern_t;
typedef struct _mongoc_read_prefs_t mongoc_read_prefs_t;
typedef void (*mongoc_log_func_t)(int level, const char *domain, const char *message, void *context);

typedef struct _bson_error_t {
    uint32_t domain;
    uint32_t code;
    char message[504];
} __attribute__((aligned(8))) bson_error_t;

/// Some of `mongoc_error_domain_t`.
enum gosset_mongoc_domain { MONGOC_ERROR_STREAM = 2, MONGOC_ERROR_SERVER_SELECTION = 15, MONGOC_ERROR_WRITE_CONCERN = 16 };

#define MONGOC_ERROR_API_VERSION_2 2

bson_t *bson_new(void);
bson_t *bson_new_from_json(const uint8_t *data, ssize_t length, bson_error_t *error);
void bson_destroy(bson_t *document);
char *bson_as_canonical_extended_json(const bson_t *document, size_t *length);
void bson_free(void *memory);

void mongoc_init(void);
void mongoc_log_set_handler(mongoc_log_func_t handler, void *context);

mongoc_uri_t *mongoc_uri_new_with_error(const char *text, bson_error_t *error);
void mongoc_uri_destroy(mongoc_uri_t *uri);
bool mongoc_uri_has_option(const mongoc_uri_t *uri, const char *option);
bool mongoc_uri_set_option_as_int32(mongoc_uri_t *uri, const char *option, int32_t value);
const char *mongoc_uri_get_database(const mongoc_uri_t *uri);

mongoc_client_pool_t *mongoc_client_pool_new(const mongoc_uri_t *uri);
void mongoc_client_pool_destroy(mongoc_client_pool_t *pool);
bool mongoc_client_pool_set_error_api(mongoc_client_pool_t *pool, int32_t version);
bool mongoc_client_pool_set_appname(mongoc_client_pool_t *pool, const char *name);
mongoc_client_t *mongoc_client_pool_pop(mongoc_client_pool_t *pool);
void mongoc_client_pool_push(mongoc_client_pool_t *pool, mongoc_client_t *client);

mongoc_collection_t *mongoc_client_get_collection(mongoc_client_t *client, const char *database, const char *name);
bool mongoc_client_write_command_with_opts(
    mongoc_client_t *client, const char *database, const bson_t *command, const bson_t *options, bson_t *reply, bson_error_t *error);
void mongoc_collection_destroy(mongoc_collection_t *collection);
mongoc_cursor_t *mongoc_collection_find_with_opts(
    mongoc_collection_t *collection, const bson_t *filter, const bson_t *options, const mongoc_read_prefs_t *preferences);
mongoc_bulk_operation_t *mongoc_collection_create_bulk_operation_with_opts(mongoc_collection_t *collection, const bson_t *options);

bool mongoc_bulk_operation_update_one_with_opts(
    mongoc_bulk_operation_t *bulk, const bson_t *selector, const bson_t *document, const bson_t *options, bson_error_t *error);
uint32_t mongoc_bulk_operation_execute(mongoc_bulk_operation_t *bulk, bson_t *reply, bson_error_t *error);
void mongoc_bulk_operation_destroy(mongoc_bulk_operation_t *bulk);

bool mongoc_cursor_next(mongoc_cursor_t *cursor, const bson_t **document);
bool mongoc_cursor_error(mongoc_cursor_t *cursor, bson_error_t *error);
void mongoc_cursor_destroy(mongoc_cursor_t *cursor);

mongoc_write_concern_t *mongoc_write_concern_new(void);
void mongoc_write_concern_set_wmajority(mongoc_write_concern_t *concern, int32_t milliseconds);
bool mongoc_write_concern_append(mongoc_write_concern_t *concern, bson_t *document);
void mongoc_write_concern_destroy(mongoc_write_concern_t *concern);

#endif
