package import Experiments
import Synchronization

/// What the newcomers of the last time told of themselves, so that whoever writes conditions sees what devices tell.
///
/// In memory only, without tokens or ordinals, and no more than ``most``; it is gone when the server stops.
struct RecentAttributes {
    static let most = 1000

    private var ring: [Attributes] = []
    private var next = 0

    /// Takes in what somebody told, in the place of the oldest.
    mutating func note(_ attributes: Attributes) {
        if ring.count < RecentAttributes.most {
            ring.append(attributes)
        } else {
            ring[next] = attributes
            next = (next + 1) % RecentAttributes.most
        }
    }

    /// All that are remembered, in no order.
    var all: [Attributes] { ring }
}

extension Registry {
    /// What the devices told that this server enrolled last; the oldest are forgotten.
    package var recentAttributes: [Attributes] { memory.recentAttributes.withLock { $0.all } }
}
