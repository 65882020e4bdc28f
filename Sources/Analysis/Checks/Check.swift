/// Something about the data that a result rests on.
package struct Check: Hashable, Sendable {
    /// How it came out.
    package enum Status: String, Hashable, Sendable {
        case passed
        /// The reader must know it.
        case warning
        /// No result is to be trusted before it is cleared up.
        case failed
        /// The plan does not say enough for it.
        case skipped
    }

    /// What is checked, such as `sample ratio`.
    package let name: String
    package let status: Status
    /// One sentence.
    package let text: String

    package init(_ name: String, _ status: Status, _ text: String) { (self.name, self.status, self.text) = (name, status, text) }
}
