internal import Foundation

/// What went wrong between the program and a database, and what to do about it.
package enum WarehouseError: Error, Hashable, Sendable {
    /// The address is none that is understood.
    case address(String, expected: String)
    /// A driver is not there, or cannot be loaded.
    case driver(String, reason: String, advice: String)
    /// The database cannot be reached, or lets nobody in.
    case connection(String, reason: String)
    /// The connection broke while a statement ran.
    case lost(String, reason: String)
    /// The engine has no memory left, or no room on its disk.
    case exhausted(String, reason: String)
    /// The database refused a statement.
    case refused(reason: String)
    /// The statement was cancelled.
    case cancelled
    /// An answer is too large to be taken.
    case tooLarge(bytes: Int)
    /// An answer is not of the form that was expected.
    case answer(String)
    /// What was to be asked cannot be asked.
    case invalid(String)
}

extension WarehouseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .address(let text, let expected): "'\(text)' is no address of a warehouse; it may be \(expected)"
        case .driver(let name, let reason, let advice): "the driver for \(name) cannot be loaded (\(reason)): \(advice)"
        case .connection(let name, let reason): "cannot connect to \(name): \(reason)"
        case .lost(let name, let reason):
            "the connection to \(name) broke (\(reason)); nothing was computed: look after the server, and run it again"
        case .exhausted(let name, let reason):
            name.hasPrefix("duckdb:")
                ? "memory or disk ran out (\(reason)); give the engine more memory, or a folder with room: --memory-limit, --temp-directory"
                : "\(name) ran out of memory or disk (\(reason)); nothing was computed: give it more memory, or its disk more room"
        case .refused(let reason): "the database refused: \(reason)"
        case .cancelled: "cancelled"
        case .tooLarge(let bytes): "an answer of more than \(bytes) bytes is not taken"
        case .answer(let what): "the database's answer is not understood: \(what)"
        case .invalid(let what): what
        }
    }
}

extension WarehouseError {
    /// Why, for whoever asks a server: of a warehouse that is elsewhere without the words that name its host, its port and who logs in.
    package var forClients: String {
        switch self {
        case .connection(let name, _) where !name.hasPrefix("duckdb:"): "the warehouse cannot be reached, or lets nobody in"
        case .lost(let name, _) where !name.hasPrefix("duckdb:"): "the connection to the warehouse broke"
        case .exhausted(let name, _) where !name.hasPrefix("duckdb:"): "the warehouse ran out of memory or disk"
        case .address: "the warehouse's address is not understood"
        default: description
        }
    }

    /// An error by what a driver says, which has no codes for these.
    static func said(_ reason: String, by name: String) -> WarehouseError {
        func says(_ phrases: [String]) -> Bool { phrases.contains { reason.localizedStandardContains($0) } }
        if says(["server closed the connection", "terminating connection", "connection to server was lost", "no connection to the server"])
        {
            return .lost(name, reason: reason)
        }
        if says(["Out of Memory Error", "No space left on device", "out of memory", "could not allocate"]) {
            return .exhausted(name, reason: reason)
        }
        return .refused(reason: reason)
    }
}
