internal import CMicroHTTPD

/// Builds libmicrohttpd's responses.
///
/// The caller owns the result and gives it back with `MHD_destroy_response`.
enum NativeResponse {
    /// A response with the bytes copied into it; nil when memory is out, or for a stream.
    static func make(_ response: Response) -> OpaquePointer? {
        guard case .bytes(let body) = response.body else { return nil }
        let native = body.withUnsafeBytes { bytes in
            // MHD only reads the buffer: it copies it.
            MHD_create_response_from_buffer(bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
        guard let native else { return nil }
        addHeaders(response.headers, to: native)
        return native
    }

    /// A response that asks `reader` for its bytes, in chunks.
    static func make(_ response: Response, reader: StreamReader) -> OpaquePointer? {
        let context = Unmanaged.passRetained(reader)
        let native = MHD_create_response_from_callback(
            UInt64.max, 16 << 10,
            { context, _, buffer, capacity in
                guard let context, let buffer else { return -2 }
                let room = UnsafeMutableRawBufferPointer(start: buffer, count: capacity)
                return Unmanaged<StreamReader>.fromOpaque(context).takeUnretainedValue().read(into: room)
            },
            context.toOpaque(),
            { context in
                guard let context else { return }
                Unmanaged<StreamReader>.fromOpaque(context).takeRetainedValue().abandon()
            })
        guard let native else {
            context.release()
            return nil
        }
        addHeaders(response.headers, to: native)
        return native
    }

    private static func addHeaders(_ headers: Headers, to native: OpaquePointer) {
        for field in headers.fields {
            _ = MHD_add_response_header(native, field.name, field.value)
        }
    }
}
