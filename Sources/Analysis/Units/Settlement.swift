/// Where the sums over events are kept from one analysis to the next, so that the next reads only the events that came since.
///
/// Rows are added to the table of events, and deleted from it, but never changed. So what was summed up to a moment holds as long as the
/// same rows are there of those that were taken in before it, which their number and the exclusive or of their keys tell; and as long as
/// each unit was exposed when it was then, for that decides what counts. Whatever else is the case, all is read anew.
///
/// Units that were exposed since lack their earlier events. Which units had any though they were not exposed is kept too, with when the first
/// of each was taken in: mostly there are none of them, and where there are, older events need not be read.
///
/// For DuckDB inside the program: other databases have processors of their own.
package struct Settlement: Sendable {
    /// The table that says what is kept; the sums are in others, whose names begin with it.
    ///
    /// Nobody else writes to them.
    package let name: String
    /// The plan's source of events, whose column `arrival` says when a row was taken in.
    package let source: String
    package let arrival: String
    /// The table that the source reads, with its columns of the same, of units, and of a number that tells its rows apart.
    package let table: String
    package let received: String
    package let unit: String
    package let key: String
    /// How many events there must be: few are read anew faster than anything is kept.
    package let least: Int
    /// One in so many of the events, or of the units, must be new before the sums are brought up to date.
    package let share: Int

    /// Of a server's own events, as a ``LivePlan`` reads them.
    package init(ofLiveEvents name: String, least: Int = 100_000, share: Int = 16) {
        (self.name, source, arrival) = (name, "events", "g_received")
        (table, received, unit, key) = ("gosset_events", "received", "unit", "key")
        (self.least, self.share) = (least, share)
    }
}
