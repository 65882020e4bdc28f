/// Why a shop's files cannot be used.
package enum ShopDataError: Error, Sendable, Hashable {
    case unreadable(path: String, reason: String)
    case empty(path: String)
    case missingColumn(path: String, name: String, found: [String])
    /// Too many rows cannot be read; the first of them is shown.
    case malformed(path: String, line: Int, reason: String, count: Int)
    case duplicateUser(path: String, user: Int)
    case tooFewUsers(path: String, count: Int)
    case nothingSold(path: String)
    case format(String)
    case cancelled
}

extension ShopDataError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .empty(let path): "\(path), line 1: the file is empty; a header with the columns' names was expected"
        case .missingColumn(let path, let name, let found):
            "\(path), line 1: there is no column '\(name)'; there are \(found.prefix(12).map { "'\($0)'" }.joined(separator: ", "))"
        case .malformed(let path, let line, let reason, let count):
            "\(path), line \(line): \(reason)" + (count > 1 ? "; \(count) rows of the file cannot be read" : "")
        case .duplicateUser(let path, let user): "\(path): user \(user) is there more than once"
        case .tooFewUsers(let path, let count):
            "\(path): \(count) users are too few to forecast from; \(ShopDataError.leastUsers) are needed"
        case .nothingSold(let path): "\(path): nobody bought anything in the days that count"
        case .format(let reason): reason
        case .cancelled: "reading was cancelled"
        }
    }

    static let leastUsers = 40
}
