import CMongoC
import Foundation
import Synchronization

/// Bonuses in a collection of MongoDB, through libmongoc.
///
/// A write is acknowledged by the majority of the servers. A unique index on customer and year makes sure that no bonus is there twice,
/// whatever else writes to the collection.
package final class MongoBonusStore: BonusStore {
    private let pool: MongoPool
    private let isIndexed = Atomic(false)

    private static let collection = "bonuses"
    /// How long the majority may take, in milliseconds.
    private static let patience: Int64 = 5000
    private static let duplicateKey: UInt32 = 11000

    /// Does not connect yet.
    ///
    /// - Parameter uri: a connection string; its database is used, or else `gosset`.
    package init(uri: String) throws(BonusStoreError) { pool = try MongoPool(uri: uri) }

    package var name: String { "mongodb" }

    package func record(_ bonuses: [Bonus]) throws(BonusStoreError) -> BonusTally {
        try pool.withClient { client throws(BonusStoreError) in
            guard let collection = mongoc_client_get_collection(client, pool.database, Self.collection) else {
                throw BonusStoreError(.refused, "MongoDB: the collection has no name")
            }
            defer { mongoc_collection_destroy(collection) }
            try index(client)
            // Two who insert the same key at once: one of them is told so, and finds the bonus there when it tries again.
            for _ in 0..<3 {
                switch write(bonuses, collection) {
                case .acknowledged(let tally): return tally
                case .failed(let error): throw error
                case .duplicateKey: continue
                }
            }
            throw BonusStoreError(.refused, "MongoDB: another document of the collection has the key of a bonus, and does not fit it")
        }
    }

    private enum WriteResult {
        case acknowledged(BonusTally)
        case duplicateKey
        case failed(BonusStoreError)
    }

    private func write(_ bonuses: [Bonus], _ collection: OpaquePointer) -> WriteResult {
        let concern = mongoc_write_concern_new()
        defer { mongoc_write_concern_destroy(concern) }
        mongoc_write_concern_set_wmajority(concern, Int32(Self.patience))
        let options = BSONDocument(#"{"ordered":false}"#)
        mongoc_write_concern_append(concern, options.handle)
        guard let bulk = mongoc_collection_create_bulk_operation_with_opts(collection, options.handle) else {
            return .failed(BonusStoreError(.refused, "MongoDB: the write could not be prepared"))
        }
        defer { mongoc_bulk_operation_destroy(bulk) }
        let upsert = BSONDocument(#"{"upsert":true}"#)
        var failure = bson_error_t()
        for bonus in bonuses {
            let (filter, update) = (BSONDocument(BonusDocument.filter(bonus)), BSONDocument(BonusDocument.update(bonus)))
            guard mongoc_bulk_operation_update_one_with_opts(bulk, filter.handle, update.handle, upsert.handle, &failure) else {
                return .failed(failure.storeError)
            }
        }
        let reply = BSONDocument()
        guard mongoc_bulk_operation_execute(bulk, reply.handle, &failure) != 0 else {
            if failure.code == Self.duplicateKey { return .duplicateKey }
            return .failed(failure.storeError)
        }
        guard let counts = try? JSONDecoder().decode(WriteCounts.self, from: Data(reply.json.utf8)) else {
            return .failed(BonusStoreError(.refused, "MongoDB did not say what it wrote"))
        }
        return .acknowledged(counts.tally)
    }

    /// Makes the unique index, once.
    private func index(_ client: OpaquePointer) throws(BonusStoreError) {
        guard !isIndexed.load(ordering: .acquiring) else { return }
        let command = BSONDocument(
            """
            {"createIndexes": "\(Self.collection)", "indexes": [
                {"key": {"user_id": 1, "year": 1}, "name": "user_id_1_year_1", "unique": true}
            ], "writeConcern": {"w": "majority", "wtimeout": \(Self.patience)}}
            """)
        var failure = bson_error_t()
        guard mongoc_client_write_command_with_opts(client, pool.database, command.handle, nil, nil, &failure) else {
            throw failure.storeError
        }
        isIndexed.store(true, ordering: .releasing)
    }

    package func bonuses(in year: Int, after: Int64?, limit: Int) throws(BonusStoreError) -> [Bonus] {
        try pool.withClient { client throws(BonusStoreError) in
            guard let collection = mongoc_client_get_collection(client, pool.database, Self.collection) else {
                throw BonusStoreError(.refused, "MongoDB: the collection has no name")
            }
            defer { mongoc_collection_destroy(collection) }
            let later = after.map { ",\"user_id\":{\"$gt\":{\"$numberLong\":\"\($0)\"}}" } ?? ""
            let filter = BSONDocument("{\"year\":{\"$numberInt\":\"\(year)\"}\(later)}")
            let options = BSONDocument("{\"sort\":{\"user_id\":1},\"limit\":{\"$numberLong\":\"\(limit)\"}}")
            let cursor = mongoc_collection_find_with_opts(collection, filter.handle, options.handle, nil)
            defer { mongoc_cursor_destroy(cursor) }
            var bonuses: [Bonus] = []
            var document: OpaquePointer?
            while mongoc_cursor_next(cursor, &document) {
                guard let document, let json = BSONDocument.json(document), let bonus = try? BonusDocument.read(json) else {
                    throw BonusStoreError(.refused, "MongoDB: a document of the collection \(Self.collection) is no bonus")
                }
                bonuses.append(bonus)
            }
            var failure = bson_error_t()
            guard !mongoc_cursor_error(cursor, &failure) else { throw failure.storeError }
            return bonuses
        }
    }
}

/// What MongoDB says it did.
private struct WriteCounts: Decodable {
    let nMatched: BonusDocument.Long
    let nModified: BonusDocument.Long
    let nUpserted: BonusDocument.Long

    var tally: BonusTally {
        BonusTally(
            created: Int(nUpserted.number), updated: Int(nModified.number), unchanged: Int(nMatched.number - nModified.number))
    }
}
