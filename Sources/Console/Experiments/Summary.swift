/// What people should know about an experiment, a layer or a holdout: a text of several lines.
enum Summary {
    /// In bytes.
    static let longest = 4096

    /// What keeps a text from being one, to be said after what it is called; nil if nothing does.
    static func flaw(in text: String) -> String? {
        if text.utf8.count > longest { return "may have at most \(longest) bytes" }
        let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || "\n\r\t".unicodeScalars.contains($0) }
        return isPlain ? nil : "may have no control characters but line feeds and tabulators"
    }
}
