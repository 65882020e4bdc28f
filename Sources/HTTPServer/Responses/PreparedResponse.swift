internal import CMicroHTTPD

/// A response that is built once and sent any number of times, by any thread: nothing is copied or allocated for it.
///
/// `@unchecked Sendable`: all it holds is constant. The native response is never changed after `init`; libmicrohttpd guards its
/// reference count with a mutex of its own, and keeps it alive for the connections that still send it when `deinit` drops our reference.
package final class PreparedResponse: @unchecked Sendable {
    /// What it was prepared from.
    package let response: Response
    let native: OpaquePointer
    let byteCount: Int

    /// - Returns: nil when memory is out, or for a stream, which can only be sent once.
    package init?(_ response: Response) {
        guard case .bytes(let bytes) = response.body, let native = NativeResponse.make(response) else { return nil }
        self.response = response
        self.native = native
        byteCount = bytes.count
    }

    deinit {
        MHD_destroy_response(native)
    }
}
