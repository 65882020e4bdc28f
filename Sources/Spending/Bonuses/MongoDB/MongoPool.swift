import CMongoC
import Glibc

/// A pool of connections to MongoDB.
///
/// `@unchecked Sendable`: libmongoc's pool has a lock of its own, and may be used by any number of threads; a client that it lends is
/// used by one until it is given back (libmongoc, "Thread Safety").
final class MongoPool: @unchecked Sendable {
    private let pool: OpaquePointer
    let database: String

    /// - Parameter uri: `mongodb://…` or `mongodb+srv://…`, with all options of a connection string, TLS included.
    init(uri text: String) throws(BonusStoreError) {
        if let reason = Self.failure {
            throw BonusStoreError(.refused, "The library for MongoDB is missing (Debian's package libmongoc-1.0-0): \(reason)")
        }
        var failure = bson_error_t()
        guard let uri = mongoc_uri_new_with_error(text, &failure) else {
            throw BonusStoreError(.refused, "The address of MongoDB is not valid: \(failure.text)")
        }
        defer { mongoc_uri_destroy(uri) }
        // A server that is away must not keep anyone waiting for the half minute that is the library's default.
        for (option, milliseconds) in [("serverSelectionTimeoutMS", 3000), ("connectTimeoutMS", 3000), ("socketTimeoutMS", 5000)]
        where !mongoc_uri_has_option(uri, option) {
            mongoc_uri_set_option_as_int32(uri, option, Int32(milliseconds))
        }
        guard let pool = mongoc_client_pool_new(uri) else {
            throw BonusStoreError(.refused, "The address of MongoDB asks for what this library cannot do")
        }
        mongoc_client_pool_set_error_api(pool, MONGOC_ERROR_API_VERSION_2)
        mongoc_client_pool_set_appname(pool, "gosset")
        self.pool = pool
        database = mongoc_uri_get_database(uri).map { String(cString: $0) } ?? "gosset"
    }

    deinit { mongoc_client_pool_destroy(pool) }

    /// Lends a client.
    func withClient<Result>(_ body: (OpaquePointer) throws(BonusStoreError) -> Result) throws(BonusStoreError) -> Result {
        guard let client = mongoc_client_pool_pop(pool) else {
            throw BonusStoreError(.unreachable, "There is no free connection to MongoDB")
        }
        defer { mongoc_client_pool_push(pool, client) }
        return try body(client)
    }

    // The library is never shut down: it lives as long as the process.
    private static let failure: String? = {
        // Counters in shared memory, which nobody would read, are left behind when a process is killed.
        setenv("MONGOC_DISABLE_SHM", "1", 0)
        if let reason = gosset_mongoc_load() { return String(cString: reason) }
        mongoc_init()
        // It would write to standard error by itself; what goes wrong reaches us as errors.
        mongoc_log_set_handler(nil, nil)
        return nil
    }()
}

extension bson_error_t {
    /// The library's words, in one line.
    var text: String {
        withUnsafeBytes(of: message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    /// What it means to us.
    var storeError: BonusStoreError {
        let code: BonusStoreError.Code =
            switch domain {
            case UInt32(MONGOC_ERROR_SERVER_SELECTION.rawValue): .unreachable
            case UInt32(MONGOC_ERROR_STREAM.rawValue): .interrupted
            case UInt32(MONGOC_ERROR_WRITE_CONCERN.rawValue): .notAcknowledged
            default: .refused
            }
        return BonusStoreError(code, "MongoDB: \(text)")
    }
}
