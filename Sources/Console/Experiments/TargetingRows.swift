import Experiments
import HTTPServer

/// The rows of a form in which conditions on devices are typed: an attribute, how it is compared, and with what.
///
/// Rows are added and taken away by buttons that send the form, so it works without script.
struct TargetingRows: Sendable, Hashable {
    /// How an attribute is compared; the raw value is what the form sends.
    enum Test: String, CaseIterable, Sendable {
        case isIn = "is"
        case isNotIn = "not"
        case atLeast = "at least"
        case moreThan = "more than"
        case atMost = "at most"
        case lessThan = "less than"
        case isKnown = "known"
        case isUnknown = "unknown"

        var label: String {
            switch self {
            case .isIn: "is, or is one of"
            case .isNotIn: "is known, and is not"
            case .isKnown: "is known"
            case .isUnknown: "is not known"
            case .atLeast, .moreThan, .atMost, .lessThan: "is \(rawValue)"
            }
        }

        fileprivate var sign: Plan.Bound.Sign? { Plan.Bound.Sign(rawValue: rawValue) }
    }

    struct Row: Sendable, Hashable {
        var attribute = ""
        var test = Test.isIn
        var value = ""

        fileprivate var isEmpty: Bool { attribute.isEmpty && value.isEmpty }
    }

    /// Why there is no targeting, and in which row.
    struct Mistake: Error, Hashable {
        let row: Int
        let reason: String
    }

    private(set) var rows: [Row] = []
    /// The row that was just added.
    private(set) var fresh: Int?

    init() {}

    /// What a form carries: as many attributes as tests and values.
    init(_ form: Form) throws(Problem) {
        let (attributes, tests, values) = (form.values("attribute"), form.values("test"), form.values("target"))
        guard attributes.count == tests.count, tests.count == values.count, attributes.count <= Targeting.mostTests else {
            throw .badRequest("A condition has an attribute, a test and a value, and there are at most \(Targeting.mostTests).")
        }
        for (index, attribute) in attributes.enumerated() {
            guard let test = Test(rawValue: tests[index]) else { throw .badRequest("There is no test '\(tests[index].prefix(40))'.") }
            // Nobody sees the spaces that phones put after words.
            rows.append(Row(attribute: attribute.trimmed, test: test, value: values[index].trimmed))
        }
    }

    /// Conditions as they are typed.
    init(_ targeting: Targeting?) {
        for (name, test) in (targeting?.tests ?? [:]).sorted(by: { $0.key < $1.key }) {
            switch test {
            case .isIn(let values): rows.append(Row(attribute: name, test: .isIn, value: TypedValue.text(values)))
            case .isNotIn(let values): rows.append(Row(attribute: name, test: .isNotIn, value: TypedValue.text(values)))
            case .exists(let isKnown): rows.append(Row(attribute: name, test: isKnown ? .isKnown : .isUnknown))
            case .compares(let bounds):
                for bound in bounds {
                    rows.append(
                        Row(attribute: name, test: Test(rawValue: bound.sign.rawValue) ?? .atLeast, value: TypedValue.text(bound.value)))
                }
            }
        }
    }

    /// Does what one of the rows' own buttons says; false if it was none of them.
    mutating func press(_ button: String) -> Bool {
        if button == "add-condition" {
            guard rows.count < Targeting.mostTests else { return true }
            rows.append(Row())
            fresh = rows.count - 1
            return true
        }
        guard button.hasPrefix("drop-condition-"), let index = Int(button.dropFirst(15)), rows.indices.contains(index) else { return false }
        rows.remove(at: index)
        return true
    }

    /// Whom it is for; nil for everybody.
    ///
    /// Rows without anything in them do not count.
    func targeting() throws(Mistake) -> Targeting? {
        var tests: [String: AttributeTest] = [:]
        for (index, row) in rows.enumerated() where !row.isEmpty {
            func refuse(_ reason: String) -> Mistake { Mistake(row: index, reason: "Condition \(index + 1): \(reason)") }
            guard !row.attribute.isEmpty else { throw refuse("name the attribute, as clients send it.") }
            do { _ = try Attributes([row.attribute: .boolean(true)]) } catch { throw refuse("\(error)") }
            let test: AttributeTest
            do throws(TypedValue.Mistake) { test = try row.condition() } catch { throw refuse(error.reason) }
            switch (tests[row.attribute], test) {
            case (nil, _): tests[row.attribute] = test
            case (.compares(let earlier)?, .compares(let bounds)) where !earlier.contains(where: { $0.sign == bounds[0].sign }):
                let both = AttributeTest.compares((earlier + bounds).sorted { $0.sign.rawValue < $1.sign.rawValue })
                if let contradiction = both.contradiction { throw refuse("\(contradiction).") }
                tests[row.attribute] = both
            default: throw refuse("‘\(row.attribute)’ has a condition already that this one does not go with.")
            }
        }
        return tests.isEmpty ? nil : Targeting(tests)
    }
}

extension TargetingRows.Row {
    fileprivate func condition() throws(TypedValue.Mistake) -> AttributeTest {
        switch test {
        case .isIn: return .isIn(try TypedValue.values(value))
        case .isNotIn: return .isNotIn(try TypedValue.values(value))
        case .isKnown, .isUnknown:
            guard value.isEmpty else { throw .init("‘\(test.label)’ takes no value; leave it empty.") }
            return .exists(test == .isKnown)
        case .atLeast, .moreThan, .atMost, .lessThan:
            guard let sign = test.sign else { throw .init("the test is not known.") }
            return .compares([.init(sign: sign, value: try TypedValue.limit(value))])
        }
    }
}

extension String {
    /// Without spaces at its ends.
    fileprivate var trimmed: String {
        let rest = drop { $0 == " " }
        return String(rest.prefix(rest.count - rest.reversed().prefix { $0 == " " }.count))
    }
}
