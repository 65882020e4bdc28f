import Experiments

/// Conditions on devices as people read them, with how each value is understood.
enum TargetingWords {
    /// A sentence's end for each attribute, in the order of their names.
    static func conditions(_ targeting: Targeting) -> [String] {
        targeting.tests.sorted { $0.key < $1.key }.map { name, test in "‘\(name)’ \(words(test))" }
    }

    private static func words(_ test: AttributeTest) -> String {
        switch test {
        case .isIn(let values): "is \(list(values))"
        case .isNotIn(let values): "is known, and is not \(list(values))"
        case .exists(true): "is known"
        case .exists(false): "is not known"
        case .compares(let bounds):
            "is "
                + bounds.map { bound in
                    switch bound.value {
                    case .number(let number): "\(bound.sign.rawValue) \(TypedValue.text(number))"
                    case .version(let version): "\(bound.sign.rawValue) the version \(version)"
                    }
                }.joined(separator: " and ")
        }
    }

    private static func list(_ values: [AttributeValue]) -> String {
        let words = values.prefix(20).map { value in
            switch value {
            case .text(let text): "the text ‘\(text)’"
            case .number(let number): "the number \(TypedValue.text(number))"
            case .boolean(let boolean): "\(boolean)"
            }
        }
        let rest = values.count > 20 ? " or one of \(values.count - 20) others" : ""
        return words.joined(separator: " or ") + rest
    }
}
