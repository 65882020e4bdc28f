/// What a file may hold at most; more is an error or a bad row, never a crash.
package struct TableLimits: Sendable {
    /// The bytes of one record, with its quotes and line breaks.
    package var recordBytes = 1 << 20
    /// The columns.
    package var columns = 10_000
    /// How many problems are listed; all are counted.
    package var listed = 10

    package init() {}
}
