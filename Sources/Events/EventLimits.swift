/// How much an event, and a batch of them, may hold; lengths are in bytes of UTF-8.
package struct EventLimits: Sendable, Hashable {
    /// The events of one batch.
    package var events = 5000
    /// The length of an event's id.
    package var id = 128
    /// The length of a unit's name: that of a device token.
    package var unit = 256
    /// The length of a fact's name.
    package var fact = 64
    /// The length of the properties' JSON.
    package var properties = 8192
    /// The members of all objects in the properties together.
    package var members = 64
    /// The levels of objects and arrays in the properties, their own included.
    package var depth = 4
    /// The faults of a batch that are told.
    package var faults = 20

    package init() {}
}
