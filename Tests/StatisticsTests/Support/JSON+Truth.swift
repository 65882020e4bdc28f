extension JSON {
    var isTrue: Bool {
        if case .bool(true) = self { true } else { false }
    }
}
