/// What the bearer of a token may do; each role may do all that the one before it may.
package enum AccessRole: String, Sendable, Hashable, CaseIterable, Comparable {
    /// See experiments, statistics and explanations.
    case viewer
    /// Say whose a device is: for the team's own servers.
    case backend
    /// Make and change experiments.
    case editor
    /// Give out and revoke tokens.
    case admin

    package static func < (a: AccessRole, b: AccessRole) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .backend: 1
        case .editor: 2
        case .admin: 3
        }
    }
}
