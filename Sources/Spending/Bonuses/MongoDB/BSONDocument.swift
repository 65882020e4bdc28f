import CMongoC

/// A BSON document; freed with the object.
final class BSONDocument {
    let handle: OpaquePointer

    /// An empty document, to be filled by the library.
    init() {
        guard let document = bson_new() else { preconditionFailure("no memory") }
        handle = document
    }

    /// Reads MongoDB Extended JSON, which has a spelling for each type of BSON.
    ///
    /// - Precondition: it is well formed; it is ours, never a client's.
    init(_ json: String) {
        guard let document = bson_new_from_json(json, -1, nil) else { preconditionFailure("not Extended JSON: \(json)") }
        handle = document
    }

    deinit { bson_destroy(handle) }

    /// The document as canonical Extended JSON.
    var json: String { BSONDocument.json(handle) ?? "{}" }

    /// A document as canonical Extended JSON, in which every value tells its type.
    static func json(_ document: OpaquePointer) -> String? {
        guard let text = bson_as_canonical_extended_json(document, nil) else { return nil }
        defer { bson_free(text) }
        return String(cString: text)
    }
}
