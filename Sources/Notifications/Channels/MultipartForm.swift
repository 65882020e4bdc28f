import Foundation

/// A form with files, as `multipart/form-data` (RFC 7578).
struct MultipartForm {
    private let boundary: String
    private var bytes = Data()

    /// - Parameter boundary: must not occur in what is added.
    init(boundary: String = "gosset-\(UUID().uuidString)") { self.boundary = boundary }

    /// For the header `Content-Type`.
    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    /// Adds a field; names are ours.
    mutating func add(_ name: String, _ value: String) {
        bytes += Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    /// Adds a file; names are ours.
    mutating func add(_ name: String, file: String, type: String, _ content: Data) {
        let disposition = "Content-Disposition: form-data; name=\"\(name)\"; filename=\"\(file)\""
        bytes += Data("--\(boundary)\r\n\(disposition)\r\nContent-Type: \(type)\r\n\r\n".utf8) + content + Data("\r\n".utf8)
    }

    var body: Data { bytes + Data("--\(boundary)--\r\n".utf8) }
}
