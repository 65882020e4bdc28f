/// The ages that are reported together.
package enum AgeBand: Int, CaseIterable, Hashable, Sendable {
    case from18To24
    case from25To30
    case from31To36
    case from37To47
    case above47

    /// The band of an age; nil below 18.
    package init?(age: Int) {
        switch age {
        case ..<18: return nil
        case ...24: self = .from18To24
        case ...30: self = .from25To30
        case ...36: self = .from31To36
        case ...47: self = .from37To47
        default: self = .above47
        }
    }

    /// As it is called in answers: `18-24`.
    package var name: String {
        switch self {
        case .from18To24: "18-24"
        case .from25To30: "25-30"
        case .from31To36: "31-36"
        case .from37To47: "37-47"
        case .above47: ">47"
        }
    }
}

/// Where a customer is counted: in a band, or apart from all of them.
package enum AgeGroup: Hashable, Sendable {
    case band(AgeBand)
    case under18
    /// No age, or none that a person has.
    case withoutAge

    package init(age: Int?) {
        guard let age, (0...150).contains(age) else {
            self = .withoutAge
            return
        }
        self = AgeBand(age: age).map { .band($0) } ?? .under18
    }

    /// As it is called in answers.
    package var name: String {
        switch self {
        case .band(let band): band.name
        case .under18: "under 18"
        case .withoutAge: "without age"
        }
    }

    static let all: [AgeGroup] = AgeBand.allCases.map { .band($0) } + [.under18, .withoutAge]

    /// Its place in ``all``.
    var index: Int {
        switch self {
        case .band(let band): band.rawValue
        case .under18: AgeBand.allCases.count
        case .withoutAge: AgeBand.allCases.count + 1
        }
    }
}
