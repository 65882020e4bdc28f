/// A device's place in the order of enrollment, from zero, without gaps: the one durable number that every assignment follows from.
package typealias Ordinal = UInt64
