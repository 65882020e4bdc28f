#ifndef GOSSET_ADBC_ABI_H
#define GOSSET_ADBC_ABI_H

// The binary interface of ADBC 1.1 (https://arrow.apache.org/adbc/): what a driver's entry point fills in. The order of the members is
// the interface; members that are not called here are plain pointers.

#include "CADBC.h"

typedef uint8_t adbc_status;

enum { ADBC_OK = 0, ADBC_NOT_IMPLEMENTED = 2, ADBC_CANCELLED = 11 };
enum { ADBC_VERSION_1_0 = 1000000, ADBC_VERSION_1_1 = 1001000 };

struct adbc_error {
    char *message;
    int32_t vendor_code;
    char sqlstate[5];
    void (*release)(struct adbc_error *);
    void *private_data;
    void *private_driver;
};

struct adbc_database {
    void *private_data;
    void *private_driver;
};

struct adbc_connection {
    void *private_data;
    void *private_driver;
};

struct adbc_statement {
    void *private_data;
    void *private_driver;
};

typedef void (*adbc_unused)(void);

struct adbc_driver {
    void *private_data;
    void *private_manager;
    adbc_status (*release)(struct adbc_driver *, struct adbc_error *);
    adbc_status (*database_init)(struct adbc_database *, struct adbc_error *);
    adbc_status (*database_new)(struct adbc_database *, struct adbc_error *);
    adbc_status (*database_set_option)(struct adbc_database *, const char *, const char *, struct adbc_error *);
    adbc_status (*database_release)(struct adbc_database *, struct adbc_error *);
    adbc_unused connection_commit;
    adbc_unused connection_get_info;
    adbc_unused connection_get_objects;
    adbc_unused connection_get_table_schema;
    adbc_unused connection_get_table_types;
    adbc_status (*connection_init)(struct adbc_connection *, struct adbc_database *, struct adbc_error *);
    adbc_status (*connection_new)(struct adbc_connection *, struct adbc_error *);
    adbc_unused connection_set_option;
    adbc_unused connection_read_partition;
    adbc_status (*connection_release)(struct adbc_connection *, struct adbc_error *);
    adbc_unused connection_rollback;
    adbc_unused statement_bind;
    adbc_unused statement_bind_stream;
    adbc_status (*statement_execute_query)(
        struct adbc_statement *, struct ArrowArrayStream *, int64_t *, struct adbc_error *);
    adbc_unused statement_execute_partitions;
    adbc_unused statement_get_parameter_schema;
    adbc_status (*statement_new)(struct adbc_connection *, struct adbc_statement *, struct adbc_error *);
    adbc_unused statement_prepare;
    adbc_status (*statement_release)(struct adbc_statement *, struct adbc_error *);
    adbc_unused statement_set_option;
    adbc_status (*statement_set_sql_query)(struct adbc_statement *, const char *, struct adbc_error *);
    adbc_unused statement_set_substrait_plan;
    // Since 1.1.
    adbc_unused error_get_detail_count;
    adbc_unused error_get_detail;
    adbc_unused error_from_array_stream;
    adbc_unused database_get_option[4];
    adbc_unused database_set_option_typed[3];
    adbc_status (*connection_cancel)(struct adbc_connection *, struct adbc_error *);
    adbc_unused connection_get_option[4];
    adbc_unused connection_get_statistics;
    adbc_unused connection_get_statistic_names;
    adbc_unused connection_set_option_typed[3];
    adbc_status (*statement_cancel)(struct adbc_statement *, struct adbc_error *);
    adbc_unused statement_execute_schema;
    adbc_unused statement_get_option[4];
    adbc_unused statement_set_option_typed[3];
};

typedef adbc_status (*adbc_entry_point)(int version, void *driver, struct adbc_error *error);

#endif
