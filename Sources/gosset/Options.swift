/// One flag of a command, which the environment can give as well: `--max-connections` is also `GOSSET_MAX_CONNECTIONS`.
struct Option: Hashable, Sendable {
    /// The flag without its dashes.
    let name: String
    /// What stands for the value in the help; `nil` for a flag that takes none.
    let placeholder: String?
    /// What it does, for the help.
    let help: String
    /// The value when it is not given, as text.
    let fallback: String?
    /// Whether only the environment can give it: a secret, which a command line would show to everyone on the machine.
    let isSecret: Bool

    init(_ name: String, _ placeholder: String? = nil, help: String, default fallback: String? = nil, isSecret: Bool = false) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.fallback = fallback
        self.isSecret = isSecret
    }

    /// The environment variable that gives the flag.
    var variable: String {
        "GOSSET_" + String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) })
    }
}

/// A mistake in how the program was called: one line for standard error, and exit status 2.
struct UsageError: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
}

/// The flags of one call, read from the command line first and the environment second.
struct Options: Sendable {
    private let known: [Option]
    private var given: [String: (value: String, source: String)] = [:]

    /// Reads `--name value`, `--name=value` and, for flags without a value, `--name`.
    ///
    /// An environment variable for a flag without a value counts when it is `1`, `true` or `yes`.
    init(_ arguments: [String], environment: [String: String], known: [Option]) throws(UsageError) {
        self.known = known
        for option in known {
            if let value = environment[option.variable], !value.isEmpty { given[option.name] = (value, option.variable) }
        }
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else { throw UsageError("'\(argument)' was not expected; flags begin with --") }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let option = known.first(where: { $0.name == name }) else {
                let near = known.map(\.name).min { $0.distance(to: name) < $1.distance(to: name) }
                let hint = near.flatMap { $0.distance(to: name) <= 3 ? "; did you mean --\($0)?" : nil }
                throw UsageError("there is no flag --\(name)\(hint ?? "")")
            }
            guard !option.isSecret else {
                throw UsageError("--\(name) would show a secret to everyone on this machine; set \(option.variable) instead")
            }
            if option.placeholder == nil {
                guard parts.count == 1 else { throw UsageError("--\(name) takes no value") }
                given[name] = ("true", "--\(name)")
            } else if parts.count == 2 {
                given[name] = (String(parts[1]), "--\(name)")
            } else if let value = rest.popFirst() {
                given[name] = (value, "--\(name)")
            } else {
                throw UsageError("--\(name) needs a value: --\(name) \(option.placeholder ?? "")")
            }
        }
    }

    /// The text of a flag, or its default.
    func text(_ name: String) -> String? { given[name]?.value ?? option(name).fallback }

    /// The text of a flag that has a default.
    func required(_ name: String) throws(UsageError) -> String {
        guard let text = text(name) else { throw UsageError("--\(name) is needed") }
        return text
    }

    /// Whether a flag without a value was given.
    func isSet(_ name: String) -> Bool { given[name].map { ["1", "true", "yes"].contains($0.value.lowercased()) } ?? false }

    /// A whole number within limits.
    func integer(_ name: String, in limits: ClosedRange<Int>) throws(UsageError) -> Int {
        let text = try required(name)
        guard let number = Int(text), limits.contains(number) else {
            let source = given[name]?.source ?? "--\(name)"
            throw UsageError("\(source) must be a whole number from \(limits.lowerBound) to \(limits.upperBound), not '\(text)'")
        }
        return number
    }

    /// One of a few words.
    func choice(_ name: String, of words: [String]) throws(UsageError) -> String {
        let text = try required(name)
        guard words.contains(text) else {
            throw UsageError("\(given[name]?.source ?? "--\(name)") must be one of \(words.joined(separator: ", ")), not '\(text)'")
        }
        return text
    }

    private func option(_ name: String) -> Option {
        guard let option = known.first(where: { $0.name == name }) else { preconditionFailure("--\(name) is not declared") }
        return option
    }
}

extension String {
    /// How many letters must be added, removed or replaced to make one word of the other (Levenshtein).
    func distance(to other: String) -> Int {
        let (from, to) = (Array(utf8), Array(other.utf8))
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
