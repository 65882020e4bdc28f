/// A row of a file that could not be read.
struct RejectedRow: Hashable {
    let file: String
    let line: Int
    let reason: String
}
