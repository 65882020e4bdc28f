internal import Logging

/// One answered request, for the access log.
///
/// It names the route, not the path: paths and queries may hold what a log must not.
package struct Access: Sendable {
    /// Nil for a method that no route has.
    package let method: Method?
    /// The route's pattern, nil when none fits.
    package let pattern: String?
    package let status: Status
    package let seconds: Double
    /// Bytes of the body sent.
    package let bytes: Int
}

extension Logger {
    /// Logs an answered request: as an error from 500 on, unless the client asked in a version of HTTP that is not spoken here; otherwise
    /// for information.
    func log(_ access: Access) {
        log(
            access.status.code >= 500 && access.status != .versionNotSupported ? .error : .info, "answered",
            [
                "method": .string(access.method?.rawValue ?? "?"), "route": .string(access.pattern ?? "(none)"),
                "status": .integer(access.status.code), "seconds": .double(access.seconds), "bytes": .integer(access.bytes),
            ])
    }
}

/// Where answered requests are reported: those with a status from 400 on, and slow ones.
package struct AccessLog: Sendable {
    let slowNanoseconds: UInt64
    let write: @Sendable (Access) -> Void

    /// - Parameters:
    ///   - slowSeconds: a request that takes at least so long is reported whatever its status; 0 reports all.
    ///   - write: called on the event loop: it must not block.
    package init(slowSeconds: Double = 1, write: @escaping @Sendable (Access) -> Void) {
        slowNanoseconds = UInt64(max(slowSeconds, 0) * 1e9)
        self.write = write
    }
}
