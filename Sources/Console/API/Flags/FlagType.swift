import Experiments
import HTTPServer
import Text

/// In which type other people's clients are given an experiment's values, which are text to Gosset: `10` as a number, `true` as a boolean.
///
/// The type is that of the values with which the experiment began, so that no variant that is added later changes what a client gets for a
/// value that its device already has. A later value of another type is given as text.
enum FlagType: Hashable, Sendable {
    case boolean
    /// Some have a fraction: then all are written with one, as clients that ask for such a number refuse `2`.
    case number(isFractional: Bool)
    /// A JSON object or array.
    case structure
    case text

    /// The type of an experiment's values.
    init(_ experiment: Experiment) {
        let values = experiment.epochs.first?.allocation.variants.map(\.value) ?? []
        let isFractional = values.contains { !FlagType.isWhole($0) }
        self = [.boolean, .number(isFractional: isFractional), .structure].first { type in values.allSatisfy(type.holds) } ?? .text
    }

    /// A value as JSON of this type.
    func json(_ value: String) -> JSONValue {
        guard self != .text, holds(value) else { return .string(value) }
        return .encoded(self == .number(isFractional: true) && FlagType.isWhole(value) ? value + ".0" : value)
    }

    /// Whether a value is JSON of this type.
    private func holds(_ value: String) -> Bool {
        let begins: Bool =
            switch self {
            case .boolean: value == "true" || value == "false"
            // What is too large to be a number is one to no client.
            case .number: FlagType.beginsNumber(value) && Double(value)?.isFinite == true
            case .structure: value.hasPrefix("{") || value.hasPrefix("[")
            case .text: true
            }
        guard begins else { return false }
        return self == .text || (try? JSONScanner.check(Array(value.utf8), maximumDepth: 64)) != nil
    }

    private static func beginsNumber(_ value: String) -> Bool {
        value.utf8.first.map { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
    }

    /// Whether a number is written without a fraction or an exponent.
    private static func isWhole(_ number: String) -> Bool {
        !number.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
    }
}
