extension Request {
    /// The values of the cookies of a name, in the order given: a browser may have several, of different paths.
    ///
    /// What is no cookie is left out (RFC 6265, section 4.2).
    package func cookies(_ name: String) -> [String] {
        headers("Cookie").flatMap { $0.split(separator: ";") }.compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name[...] else { return nil }
            return String(parts[1])
        }
    }
}
