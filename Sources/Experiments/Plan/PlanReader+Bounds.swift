extension PlanReader {
    /// The bounds that a node states.
    ///
    /// - Parameters:
    ///   - what: what they bound, in words.
    ///   - isCount: whether that is a whole number, and never below zero.
    /// - Throws: where nothing is within them.
    static func bounds(_ node: YAMLNode, of what: String, isCount: Bool) throws(YAMLError) -> [Plan.Bound] {
        let bounds = Plan.Bound.Sign.allCases.compactMap { sign in
            node[sign.rawValue]?.number.map { Plan.Bound(sign: sign, value: $0) }
        }
        func said(_ bound: Plan.Bound) -> String { "\(bound.sign.rawValue) \(node[bound.sign.rawValue]?.text ?? "")" }
        for upper in bounds where !upper.isLower {
            let place = node[upper.sign.rawValue]?.place ?? node.place
            if isCount, !upper.allows(0) {
                throw YAMLError(place, "\(what) is never \(said(upper)): say what can be, such as 'at most: 0' for none")
            }
            for lower in bounds where lower.isLower && !lower.meets(upper, isCount: isCount) {
                throw YAMLError(place, "\(what) is never both \(said(lower)) and \(said(upper)): mend one, or leave it out")
            }
        }
        return bounds
    }
}

extension Plan.Bound {
    fileprivate var isLower: Bool { [.atLeast, .moreThan].contains(sign) }

    fileprivate func allows(_ number: Double) -> Bool {
        switch sign {
        case .atLeast: number >= value
        case .moreThan: number > value
        case .atMost: number <= value
        case .lessThan: number < value
        }
    }

    /// Whether anything is within this, which is a lower bound, and an upper one.
    fileprivate func meets(_ upper: Plan.Bound, isCount: Bool) -> Bool {
        guard isCount else { return value < upper.value || (value == upper.value && allows(value) && upper.allows(value)) }
        return upper.allows(max(0, sign == .atLeast ? value.rounded(.up) : value.rounded(.down) + 1))
    }
}
