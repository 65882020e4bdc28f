import Text

/// Why events were not taken in, or the spool could not be used.
package enum SpoolError: Error, Sendable, Hashable {
    /// The spool cannot be written now; nothing was promised to anybody.
    case unavailable(reason: String)
    /// So many bytes wait for the warehouse already.
    case full(bytes: Int, limit: Int)
    /// The batch would not fit even if nothing waited.
    case tooLarge(bytes: Int, limit: Int)
    /// More events wait to be written than memory is given to.
    case overloaded(bytes: Int)
    /// The spool is being closed.
    case closed
    /// What is stored is not what was written.
    case corrupt(String)
    /// Another process has the spool.
    case inUse(path: String)
}

extension SpoolError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unavailable(let reason): "The events cannot be written: \(reason)"
        case .full(let bytes, let limit):
            "The spool is full: \(Figures.count(bytes)) bytes of events wait for the warehouse, of at most \(Figures.count(limit)) "
                + "(--events-spool). Keep the events and send them again later. Whoever runs the server: see at /api/v1/events/status why the "
                + "warehouse does not take them, or give the spool more room."
        case .tooLarge(let bytes, let limit):
            "The events take \(Figures.count(bytes)) bytes, and all that wait may have at most \(Figures.count(limit)) together "
                + "(--events-spool). Send them in smaller batches."
        case .overloaded(let bytes):
            "\(Figures.count(bytes)) bytes of events wait to be written to the disk already. Keep the events and send them again in a moment."
        case .closed: "The server is being stopped."
        case .corrupt(let what): "The stored events are damaged: \(what)"
        case .inUse(let path): "The events in \(path) are in use by another server"
        }
    }
}
