/// Finds the word that was meant.
package enum Spelling {
    /// The word nearest to a misspelt one, if it is near enough to have been meant: two letters differ, three in long words, never all.
    package static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let near = words.map { ($0, distance(from: $0.lowercased(), to: word.lowercased())) }.min { $0.1 < $1.1 }
        let letters = word.utf8.count
        guard let (candidate, distance) = near, distance <= min(3, max(2, letters / 3)), distance < letters else { return nil }
        return candidate
    }

    /// How many letters must be added, removed or replaced to make one word of the other (Levenshtein).
    package static func distance(from: String, to: String) -> Int {
        let (from, to) = (Array(from.utf8), Array(to.utf8))
        var row = Array(0...to.count)
        for i in from.indices {
            var diagonal = row[0]
            row[0] = i + 1
            for j in to.indices {
                let replaced = diagonal + (from[i] == to[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[to.count]
    }
}
