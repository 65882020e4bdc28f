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
    ///
    /// GET comes first because nearly every request is one.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        for method in Method.allCases where bytes.elementsEqual(method.rawValue.utf8) {
            self = method
            return
        }
        return nil
    }
}
