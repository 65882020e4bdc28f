import Statistics

extension Alternative {
    // The same question asked of distribution functions.
    var mirrored: Alternative { self == .less ? .greater : self == .greater ? .less : .twoSided }
}
