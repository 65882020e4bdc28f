#define _GNU_SOURCE
#include "CMongoC.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

// Each function below has the name and type of one in the library and passes on to it.

static bson_t *(*bson_new_)(void);
bson_t *bson_new(void) { return bson_new_(); }

static bson_t *(*bson_new_from_json_)(const uint8_t *data, ssize_t length, bson_error_t *error);
bson_t *bson_new_from_json(const uint8_t *data, ssize_t length, bson_error_t *error) { return bson_new_from_json_(data, length, error); }

static void (*bson_destroy_)(bson_t *document);
void bson_destroy(bson_t *document) { bson_destroy_(document); }

static char *(*bson_as_canonical_extended_json_)(const bson_t *document, size_t *length);
char *bson_as_canonical_extended_json(const bson_t *document, size_t *length) { return bson_as_canonical_extended_json_(document, length); }

static void (*bson_free_)(void *memory);
void bson_free(void *memory) { bson_free_(memory); }

static void (*mongoc_init_)(void);
void mongoc_init(void) { mongoc_init_(); }

static void (*mongoc_log_set_handler_)(mongoc_log_func_t handler, void *context);
void mongoc_log_set_handler(mongoc_log_func_t handler, void *context) { mongoc_log_set_handler_(handler, context); }

static mongoc_uri_t *(*mongoc_uri_new_with_error_)(const char *text, bson_error_t *error);
mongoc_uri_t *mongoc_uri_new_with_error(const char *text, bson_error_t *error) { return mongoc_uri_new_with_error_(text, error); }

static void (*mongoc_uri_destroy_)(mongoc_uri_t *uri);
void mongoc_uri_destroy(mongoc_uri_t *uri) { mongoc_uri_destroy_(uri); }

static bool (*mongoc_uri_has_option_)(const mongoc_uri_t *uri, const char *option);
bool mongoc_uri_has_option(const mongoc_uri_t *uri, const char *option) { return mongoc_uri_has_option_(uri, option); }

static bool (*mongoc_uri_set_option_as_int32_)(mongoc_uri_t *uri, const char *option, int32_t value);
bool mongoc_uri_set_option_as_int32(mongoc_uri_t *uri, const char *option, int32_t value) { return mongoc_uri_set_option_as_int32_(uri, option, value); }

static const char *(*mongoc_uri_get_database_)(const mongoc_uri_t *uri);
const char *mongoc_uri_get_database(const mongoc_uri_t *uri) { return mongoc_uri_get_database_(uri); }

static mongoc_client_pool_t *(*mongoc_client_pool_new_)(const mongoc_uri_t *uri);
mongoc_client_pool_t *mongoc_client_pool_new(const mongoc_uri_t *uri) { return mongoc_client_pool_new_(uri); }

static void (*mongoc_client_pool_destroy_)(mongoc_client_pool_t *pool);
void mongoc_client_pool_destroy(mongoc_client_pool_t *pool) { mongoc_client_pool_destroy_(pool); }

static bool (*mongoc_client_pool_set_error_api_)(mongoc_client_pool_t *pool, int32_t version);
bool mongoc_client_pool_set_error_api(mongoc_client_pool_t *pool, int32_t version) { return mongoc_client_pool_set_error_api_(pool, version); }

static bool (*mongoc_client_pool_set_appname_)(mongoc_client_pool_t *pool, const char *name);
bool mongoc_client_pool_set_appname(mongoc_client_pool_t *pool, const char *name) { return mongoc_client_pool_set_appname_(pool, name); }

static mongoc_client_t *(*mongoc_client_pool_pop_)(mongoc_client_pool_t *pool);
mongoc_client_t *mongoc_client_pool_pop(mongoc_client_pool_t *pool) { return mongoc_client_pool_pop_(pool); }

static void (*mongoc_client_pool_push_)(mongoc_client_pool_t *pool, mongoc_client_t *client);
void mongoc_client_pool_push(mongoc_client_pool_t *pool, mongoc_client_t *client) { mongoc_client_pool_push_(pool, client); }

static mongoc_collection_t *(*mongoc_client_get_collection_)(mongoc_client_t *client, const char *database, const char *name);
mongoc_collection_t *mongoc_client_get_collection(mongoc_client_t *client, const char *database, const char *name) { return mongoc_client_get_collection_(client, database, name); }

static bool (*mongoc_client_write_command_with_opts_)(mongoc_client_t *client, const char *database, const bson_t *command, const bson_t *options, bson_t *reply, bson_error_t *error);
bool mongoc_client_write_command_with_opts(mongoc_client_t *client, const char *database, const bson_t *command, const bson_t *options, bson_t *reply, bson_error_t *error) { return mongoc_client_write_command_with_opts_(client, database, command, options, reply, error); }

static void (*mongoc_collection_destroy_)(mongoc_collection_t *collection);
void mongoc_collection_destroy(mongoc_collection_t *collection) { mongoc_collection_destroy_(collection); }

static mongoc_cursor_t *(*mongoc_collection_find_with_opts_)(mongoc_collection_t *collection, const bson_t *filter, const bson_t *options, const mongoc_read_prefs_t *preferences);
mongoc_cursor_t *mongoc_collection_find_with_opts(mongoc_collection_t *collection, const bson_t *filter, const bson_t *options, const mongoc_read_prefs_t *preferences) { return mongoc_collection_find_with_opts_(collection, filter, options, preferences); }

static mongoc_bulk_operation_t *(*mongoc_collection_create_bulk_operation_with_opts_)(mongoc_collection_t *collection, const bson_t *options);
mongoc_bulk_operation_t *mongoc_collection_create_bulk_operation_with_opts(mongoc_collection_t *collection, const bson_t *options) { return mongoc_collection_create_bulk_operation_with_opts_(collection, options); }

static bool (*mongoc_bulk_operation_update_one_with_opts_)(mongoc_bulk_operation_t *bulk, const bson_t *selector, const bson_t *document, const bson_t *options, bson_error_t *error);
bool mongoc_bulk_operation_update_one_with_opts(mongoc_bulk_operation_t *bulk, const bson_t *selector, const bson_t *document, const bson_t *options, bson_error_t *error) { return mongoc_bulk_operation_update_one_with_opts_(bulk, selector, document, options, error); }

static uint32_t (*mongoc_bulk_operation_execute_)(mongoc_bulk_operation_t *bulk, bson_t *reply, bson_error_t *error);
uint32_t mongoc_bulk_operation_execute(mongoc_bulk_operation_t *bulk, bson_t *reply, bson_error_t *error) { return mongoc_bulk_operation_execute_(bulk, reply, error); }

static void (*mongoc_bulk_operation_destroy_)(mongoc_bulk_operation_t *bulk);
void mongoc_bulk_operation_destroy(mongoc_bulk_operation_t *bulk) { mongoc_bulk_operation_destroy_(bulk); }

static bool (*mongoc_cursor_next_)(mongoc_cursor_t *cursor, const bson_t **document);
bool mongoc_cursor_next(mongoc_cursor_t *cursor, const bson_t **document) { return mongoc_cursor_next_(cursor, document); }

static bool (*mongoc_cursor_error_)(mongoc_cursor_t *cursor, bson_error_t *error);
bool mongoc_cursor_error(mongoc_cursor_t *cursor, bson_error_t *error) { return mongoc_cursor_error_(cursor, error); }

static void (*mongoc_cursor_destroy_)(mongoc_cursor_t *cursor);
void mongoc_cursor_destroy(mongoc_cursor_t *cursor) { mongoc_cursor_destroy_(cursor); }

static mongoc_write_concern_t *(*mongoc_write_concern_new_)(void);
mongoc_write_concern_t *mongoc_write_concern_new(void) { return mongoc_write_concern_new_(); }

static void (*mongoc_write_concern_set_wmajority_)(mongoc_write_concern_t *concern, int32_t milliseconds);
void mongoc_write_concern_set_wmajority(mongoc_write_concern_t *concern, int32_t milliseconds) { mongoc_write_concern_set_wmajority_(concern, milliseconds); }

static bool (*mongoc_write_concern_append_)(mongoc_write_concern_t *concern, bson_t *document);
bool mongoc_write_concern_append(mongoc_write_concern_t *concern, bson_t *document) { return mongoc_write_concern_append_(concern, document); }

static void (*mongoc_write_concern_destroy_)(mongoc_write_concern_t *concern);
void mongoc_write_concern_destroy(mongoc_write_concern_t *concern) { mongoc_write_concern_destroy_(concern); }

static const struct {
    const char *name;
    void **place;
} functions[] = {
    {"bson_new", (void **)&bson_new_},
    {"bson_new_from_json", (void **)&bson_new_from_json_},
    {"bson_destroy", (void **)&bson_destroy_},
    {"bson_as_canonical_extended_json", (void **)&bson_as_canonical_extended_json_},
    {"bson_free", (void **)&bson_free_},
    {"mongoc_init", (void **)&mongoc_init_},
    {"mongoc_log_set_handler", (void **)&mongoc_log_set_handler_},
    {"mongoc_uri_new_with_error", (void **)&mongoc_uri_new_with_error_},
    {"mongoc_uri_destroy", (void **)&mongoc_uri_destroy_},
    {"mongoc_uri_has_option", (void **)&mongoc_uri_has_option_},
    {"mongoc_uri_set_option_as_int32", (void **)&mongoc_uri_set_option_as_int32_},
    {"mongoc_uri_get_database", (void **)&mongoc_uri_get_database_},
    {"mongoc_client_pool_new", (void **)&mongoc_client_pool_new_},
    {"mongoc_client_pool_destroy", (void **)&mongoc_client_pool_destroy_},
    {"mongoc_client_pool_set_error_api", (void **)&mongoc_client_pool_set_error_api_},
    {"mongoc_client_pool_set_appname", (void **)&mongoc_client_pool_set_appname_},
    {"mongoc_client_pool_pop", (void **)&mongoc_client_pool_pop_},
    {"mongoc_client_pool_push", (void **)&mongoc_client_pool_push_},
    {"mongoc_client_get_collection", (void **)&mongoc_client_get_collection_},
    {"mongoc_client_write_command_with_opts", (void **)&mongoc_client_write_command_with_opts_},
    {"mongoc_collection_destroy", (void **)&mongoc_collection_destroy_},
    {"mongoc_collection_find_with_opts", (void **)&mongoc_collection_find_with_opts_},
    {"mongoc_collection_create_bulk_operation_with_opts", (void **)&mongoc_collection_create_bulk_operation_with_opts_},
    {"mongoc_bulk_operation_update_one_with_opts", (void **)&mongoc_bulk_operation_update_one_with_opts_},
    {"mongoc_bulk_operation_execute", (void **)&mongoc_bulk_operation_execute_},
    {"mongoc_bulk_operation_destroy", (void **)&mongoc_bulk_operation_destroy_},
    {"mongoc_cursor_next", (void **)&mongoc_cursor_next_},
    {"mongoc_cursor_error", (void **)&mongoc_cursor_error_},
    {"mongoc_cursor_destroy", (void **)&mongoc_cursor_destroy_},
    {"mongoc_write_concern_new", (void **)&mongoc_write_concern_new_},
    {"mongoc_write_concern_set_wmajority", (void **)&mongoc_write_concern_set_wmajority_},
    {"mongoc_write_concern_append", (void **)&mongoc_write_concern_append_},
    {"mongoc_write_concern_destroy", (void **)&mongoc_write_concern_destroy_},
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char failure[512];

static void load(void) {
    // Its own symbols before ours, which have the same names.
    void *library = dlopen("libmongoc-1.0.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    if (library == NULL) {
        snprintf(failure, sizeof failure, "%s", dlerror());
        return;
    }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        *functions[i].place = dlsym(library, functions[i].name);
        if (*functions[i].place == NULL) {
            snprintf(failure, sizeof failure, "libmongoc has no %s", functions[i].name);
            return;
        }
    }
}

const char *gosset_mongoc_load(void) {
    pthread_once(&once, load);
    return failure[0] == 0 ? NULL : failure;
}
