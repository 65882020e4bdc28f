import Text

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
    /// Whether it can be given several times.
    let isRepeatable: Bool
    /// Another environment variable that gives it, known from elsewhere.
    let alias: String?

    init(
        _ name: String, _ placeholder: String? = nil, help: String, default fallback: String? = nil, isSecret: Bool = false,
        isRepeatable: Bool = false, alias: String? = nil
    ) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
        self.fallback = fallback
        self.isSecret = isSecret
        self.isRepeatable = isRepeatable
        self.alias = alias
    }

    /// The environment variable that gives the flag.
    var variable: String {
        "GOSSET_" + String(name.map { $0 == "-" ? "_" : Character($0.uppercased()) })
    }
}

/// What a command takes besides its flags.
struct Operands: Hashable, Sendable {
    /// What stands for them in the help, such as `FILE`.
    let placeholder: String
    /// How many there may be.
    let count: ClosedRange<Int>

    static let none = Operands(placeholder: "", count: 0...0)
}

/// A mistake in how the program was called: one line for standard error, and exit status 2.
struct UsageError: Error, Hashable {
    let message: String

    init(_ message: String) { self.message = message }
}

/// The flags of one call, read from the command line first and the environment second, and what stands beside them.
struct Options: Sendable {
    /// The arguments that are no flags.
    let operands: [String]
    private let known: [Option]
    private var given: [String: (values: [String], source: String)] = [:]

    /// Reads `--name value`, `--name=value` and, for flags without a value, `--name`; what follows `--` is no flag.
    ///
    /// An environment variable for a flag without a value is `1`, `true`, `yes` or `on`, or `0`, `false`, `no` or `off`.
    init(
        _ arguments: [String], environment: [String: String], known: [Option], operands expected: Operands = .none
    ) throws(UsageError) {
        self.known = known
        for option in known {
            for variable in [option.alias, option.variable].compactMap(\.self) {
                guard let value = environment[variable], !value.isEmpty else { continue }
                if option.placeholder == nil, Options.truth(of: value) == nil {
                    throw UsageError("\(variable) must be true or false, not '\(value)'")
                }
                given[option.name] = ([value], variable)
            }
        }
        var operands: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                break
            }
            guard argument.hasPrefix("--") else {
                guard expected.count.upperBound > 0 else { throw UsageError("'\(argument)' was not expected; flags begin with --") }
                operands.append(argument)
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let option = known.first(where: { $0.name == name }) else {
                let hint = Spelling.nearest(to: name, among: known.map(\.name)).map { "; did you mean --\($0)?" }
                throw UsageError("there is no flag --\(name)\(hint ?? "")")
            }
            guard !option.isSecret else {
                throw UsageError("--\(name) would show a secret to everyone on this machine; set \(option.variable) instead")
            }
            let value: String
            if option.placeholder == nil {
                guard parts.count == 1 else { throw UsageError("--\(name) takes no value") }
                value = "true"
            } else if parts.count == 2 {
                value = String(parts[1])
            } else if let next = rest.popFirst() {
                value = next
            } else {
                throw UsageError("--\(name) needs a value: --\(name) \(option.placeholder ?? "")")
            }
            let earlier = option.isRepeatable && given[name]?.source == "--\(name)" ? given[name]?.values ?? [] : []
            given[name] = (earlier + [value], "--\(name)")
        }
        guard operands.count <= expected.count.upperBound else {
            throw UsageError("'\(operands[expected.count.upperBound])' was not expected; the arguments are \(expected.placeholder)")
        }
        guard operands.count >= expected.count.lowerBound else { throw UsageError("\(expected.placeholder) is needed") }
        self.operands = operands
    }

    /// Whether the command has a flag of this name.
    func knows(_ name: String) -> Bool { known.contains { $0.name == name } }

    /// The text of a flag, or its default.
    func text(_ name: String) -> String? { given[name]?.values.last ?? option(name).fallback }

    /// Every text of a flag that can be given several times.
    func texts(_ name: String) -> [String] { given[name]?.values ?? option(name).fallback.map { [$0] } ?? [] }

    /// The text of a flag that has a default.
    func required(_ name: String) throws(UsageError) -> String {
        guard let text = text(name) else { throw UsageError("--\(name) is needed") }
        return text
    }

    /// A path that must have been given, or have a default.
    func path(_ name: String) throws(UsageError) -> String {
        let path = try required(name)
        guard !path.isEmpty else { throw UsageError("\(source(name)) is empty; it must be a path") }
        return path
    }

    /// What gave a flag its value, for messages: the flag itself or the environment variable.
    func source(_ name: String) -> String { given[name]?.source ?? "--\(name)" }

    /// Whether a flag was given, and is not its default.
    func isGiven(_ name: String) -> Bool { given[name] != nil }

    /// What a text says of a flag without a value; nil if it is neither yes nor no.
    private static func truth(of text: String) -> Bool? {
        switch text.lowercased() {
        case "1", "true", "yes", "on": true
        case "0", "false", "no", "off": false
        default: nil
        }
    }

    /// Whether a flag without a value was given.
    func isSet(_ name: String) -> Bool {
        given[name]?.values.last.flatMap(Options.truth) ?? false
    }

    /// A whole number within limits.
    func integer(_ name: String, in limits: ClosedRange<Int>) throws(UsageError) -> Int {
        let text = try required(name)
        guard let number = Int(text), limits.contains(number) else {
            throw UsageError("\(source(name)) must be a whole number from \(limits.lowerBound) to \(limits.upperBound), not '\(text)'")
        }
        return number
    }

    /// A number that is finite; `nil` if it is not given and has no default.
    func number(_ name: String) throws(UsageError) -> Double? {
        guard let text = text(name) else { return nil }
        guard let number = Double(text), number.isFinite else { throw UsageError("\(source(name)) must be a number, not '\(text)'") }
        return number
    }

    /// A number strictly between 0 and 1.
    func share(_ name: String) throws(UsageError) -> Double? {
        guard let number = try number(name) else { return nil }
        guard number > 0, number < 1 else { throw UsageError("\(source(name)) must be between 0 and 1, not \(number)") }
        return number
    }

    /// One of a few words.
    func choice(_ name: String, of words: [String]) throws(UsageError) -> String {
        let text = try required(name)
        guard words.contains(text) else {
            throw UsageError("\(source(name)) must be one of \(words.joined(separator: ", ")), not '\(text)'")
        }
        return text
    }

    private func option(_ name: String) -> Option {
        guard let option = known.first(where: { $0.name == name }) else { preconditionFailure("--\(name) is not declared") }
        return option
    }
}
