/// The parts of a path that a pattern names, as ranges of its bytes.
struct PathParameters: Sendable {
    let names: [String]
    let ranges: [Range<Int>]

    static let none = PathParameters(names: [], ranges: [])

    func range(of name: String) -> Range<Int>? {
        names.firstIndex(of: name).map { ranges[$0] }
    }
}
