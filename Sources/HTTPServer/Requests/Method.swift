/// The methods a route can answer.
///
/// A request with any other method gets 405.
package enum Method: String, Sendable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"

    /// Methods are case-sensitive (RFC 9110 § 9.1).
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let method = Method.known.first(where: { bytes.elementsEqual($0.rawValue.utf8) }) else { return nil }
        self = method
    }

    /// In the order in which they are tried: nearly every request is a GET.
    private static let known = allCases
}
