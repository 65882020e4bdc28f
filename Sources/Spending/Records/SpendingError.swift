package import SQLite

/// Why the shop's records cannot be used.
package enum SpendingError: Error, Sendable, Hashable {
    /// The file cannot be opened or read.
    case unreadable(DatabaseError)
    /// A table or columns of it are missing.
    case missing(path: String, table: String, columns: [String])
    /// The payments are more than can be added up exactly.
    case tooLarge(path: String)
}

extension SpendingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error): "The shop's records cannot be read: \(error)"
        case .missing(let path, let table, let columns) where columns.isEmpty: "\(path): the table \(table) is missing"
        case .missing(let path, let table, let columns):
            "\(path): the table \(table) lacks the column\(columns.count > 1 ? "s" : "") \(columns.joined(separator: ", "))"
        case .tooLarge(let path): "\(path): the payments of one customer are too large to be added up to the cent"
        }
    }
}
