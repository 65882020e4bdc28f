/// The parts of a path that a pattern names, as ranges of its bytes.
struct PathParameters: Sendable {
    var names: [String] = []
    var ranges: [Range<Int>] = []

    func range(of name: String) -> Range<Int>? {
        names.firstIndex(of: name).map { ranges[$0] }
    }
}
