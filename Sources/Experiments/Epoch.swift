/// The ordinals that were, or are being, dealt under one allocation.
///
/// A pause ends a span of ordinals and a resumption begins the next; the positions in the blocks go on where they stopped, so that a pause
/// does not cost exactness. A change of weights begins a new epoch. What a closed span dealt never changes.
package struct Epoch: Hashable, Sendable, Codable {
    /// The allocation in force.
    package let allocation: Allocation
    /// When it was decided.
    package let decided: Timestamp
    /// The ordinals admitted under it, in ascending order; only the last span can be open.
    package private(set) var spans: [Span] = []

    /// A run of consecutive ordinals that were admitted.
    package struct Span: Hashable, Sendable, Codable {
        /// The first ordinal of the span.
        package let first: Ordinal
        /// The first ordinal after the span; `nil` while it admits devices.
        package internal(set) var end: Ordinal?

        /// Whether the ordinal is in the span.
        package func contains(_ ordinal: Ordinal) -> Bool { ordinal >= first && ordinal < end ?? .max }
    }

    init(allocation: Allocation, decided: Timestamp) {
        self.allocation = allocation
        self.decided = decided
    }

    /// Whether devices are being admitted.
    package var isOpen: Bool { spans.last.map { $0.end == nil } ?? false }

    mutating func open(at ordinal: Ordinal) {
        precondition(!isOpen && ordinal >= spans.last?.end ?? 0, "spans follow each other")
        // Nobody came since the last span was closed: it goes on as if there had been no pause.
        if let last = spans.indices.last, spans[last].end == ordinal {
            spans[last].end = nil
        } else {
            spans.append(Span(first: ordinal))
        }
    }

    mutating func close(at ordinal: Ordinal) {
        guard isOpen, let last = spans.indices.last else { return }
        precondition(ordinal >= spans[last].first, "a span ends after it begins")
        if spans[last].first == ordinal { spans.removeLast() } else { spans[last].end = ordinal }
    }

    /// What to take from the rank of a device that a span admitted to have the device's position in this epoch's blocks.
    ///
    /// Modulo 2⁶⁴: the positions of earlier spans go before.
    func offset(ofSpan index: Int, in sequence: UnitSequence) -> UInt64 {
        var offset = sequence.rank(of: spans[index].first)
        for earlier in 0..<index {
            let span = spans[earlier]
            if let end = span.end { offset &-= sequence.rank(of: end) - sequence.rank(of: span.first) }
        }
        return offset
    }

    /// How many of the ordinals below `next` that are in a sequence it admitted.
    func admitted(below next: Ordinal, in sequence: UnitSequence) -> UInt64 {
        spans.reduce(0) { sum, span in
            let end = max(span.first, min(span.end ?? next, next))
            return sum + (sequence.rank(of: end) - sequence.rank(of: span.first))
        }
    }
}
