extension String {
    // Whether it is one line of text and its end.
    var isOneLine: Bool { hasSuffix("\n") && count > 1 && dropLast().allSatisfy { !$0.isNewline } }

    var lines: [Substring] { split(whereSeparator: \.isNewline) }
}
