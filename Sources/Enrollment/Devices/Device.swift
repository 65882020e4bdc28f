package import Experiments

/// All that is known of a device besides its token.
package struct Device: Sendable, Hashable {
    /// Its place in the order of enrollment, from 0 without gaps.
    package let ordinal: Ordinal

    /// When it was first seen.
    package let firstSeen: Timestamp

    package init(ordinal: Ordinal, firstSeen: Timestamp) {
        self.ordinal = ordinal
        self.firstSeen = firstSeen
    }
}
