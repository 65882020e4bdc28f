/// What was counted of events since the spool was made; kept with them, so that no restart loses it.
package struct SpoolTally: Sendable, Hashable {
    /// Events that were taken in, repetitions too.
    package var received: Int64 = 0
    /// Of these, how many came long after they happened.
    package var late: Int64 = 0
    /// Of these, how many claimed to be of the future and got the server's time.
    package var skewed: Int64 = 0
    /// Events that the warehouse has taken.
    package var delivered: Int64 = 0
    /// Events that it had already, or that came twice.
    package var duplicates: Int64 = 0
    /// Events that were taken out because somebody asked for that.
    package var erased: Int64 = 0
    /// How many there are of each fact; the first ``mostFacts`` that came.
    package var facts: [String: Int64] = [:]
    /// How many of each of these facts are of units that were no device here when they came.
    package var strangers: [String: Int64] = [:]
    /// Events of facts beyond these.
    package var otherFacts: Int64 = 0

    /// The facts that are counted by name: names come from clients, who could invent them without end.
    package static let mostFacts = 1000

    package init() {}

    mutating func count(_ batch: EncodedBatch) {
        received += Int64(batch.count)
        late += Int64(batch.late)
        skewed += Int64(batch.skewed)
        for (fact, count) in batch.facts {
            if facts[fact] != nil || facts.count < Self.mostFacts {
                facts[fact, default: 0] += Int64(count)
                if let strange = batch.strangers[fact] { strangers[fact, default: 0] += Int64(strange) }
            } else {
                otherFacts += Int64(count)
            }
        }
    }
}
