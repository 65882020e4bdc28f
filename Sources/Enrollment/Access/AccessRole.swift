/// What the bearer of a token may do; each role may do all that the one before it may.
package enum AccessRole: String, Sendable, Hashable, CaseIterable, Comparable {
    /// See experiments, statistics and explanations.
    case viewer
    /// Make and change experiments.
    case editor
    /// Give out and revoke tokens.
    case admin

    package static func < (a: AccessRole, b: AccessRole) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .editor: 1
        case .admin: 2
        }
    }
}
