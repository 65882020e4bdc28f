package import SQLite

/// What a store could not do, and why: a code to act on, a sentence to read, and the words of the library underneath.
package struct StoreError: Error, Sendable, Hashable {
    /// What to do about it depends on this.
    package enum Code: String, Sendable, Hashable {
        /// Another process owns the data directory.
        case directoryInUse
        /// The registry was written by a newer version of Gosset.
        case newerSchema
        /// There is no room left.
        case full
        /// The place may be read but not written.
        case readOnly
        /// Reading, writing or syncing failed.
        case inputOutput
        /// The server is away, or the connection was lost.
        case disconnected
        /// The store took too long, or somebody else holds a lock.
        case timeout
        /// What is stored contradicts itself.
        case corrupt
        /// The store understood the request and refused it.
        case rejected
    }

    package let code: Code
    package let message: String
    package let cause: String?

    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension StoreError {
    /// Why, for whoever asks: of a server that is away without the words of its library, which name hosts and ports.
    package var forClients: String {
        switch code {
        case .disconnected, .timeout: message
        default: description
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        cause.map { "\(message): \($0)" } ?? message
    }
}

extension StoreError: DatabaseFailure {
    package init(_ error: DatabaseError) {
        let code: Code =
            switch error.code {
            case .full: .full
            case .readOnly: .readOnly
            case .busy: .timeout
            case .corrupt, .constraint: .corrupt
            case .cannotOpen, .failed: .inputOutput
            }
        self.init(code, "The registry's database failed", cause: error.reason)
    }
}
