extension PlanReader {
    static func metric(_ name: Plan.Name, _ node: YAMLNode) throws(YAMLError) -> Plan.Metric {
        guard let kind = node["kind"]?.text.flatMap(Plan.Metric.Kind.init) else { throw YAMLError(node.place, "a metric needs 'kind'") }
        if kind != .count, node["of"] == nil {
            throw YAMLError(node.place, "a metric of the kind \(kind.rawValue) needs 'of': the fact it is about")
        }
        if kind == .ratio, node["per"] == nil { throw YAMLError(node.place, "a ratio needs 'per': the fact below the line") }
        for (key, kinds) in [
            ("per", [Plan.Metric.Kind.ratio]), ("probability", [.quantile]), ("cap", [.mean, .ratio]),
            ("covariate", [.mean, .ratio, .conversion]), ("of", [.conversion, .mean, .ratio, .quantile]),
            ("window", [.conversion, .mean, .ratio, .quantile]),
        ] as [(String, [Plan.Metric.Kind])] where !kinds.contains(kind) {
            if let place = node[key]?.place {
                throw YAMLError(
                    place,
                    "a metric of the kind \(kind.rawValue) has no '\(key)'; one of the kind \(kinds.map(\.rawValue).joined(separator: ", ")) has"
                )
            }
        }
        let probability = node["probability"]?.number ?? 0.5
        guard probability > 0, probability < 1 else {
            throw YAMLError(node["probability"]?.place ?? node.place, "a probability lies between 0 and 1")
        }
        let test = node["test"]?.text.flatMap(Plan.Metric.Test.init) ?? .automatic
        if test == .proportions, kind != .conversion {
            throw YAMLError(node["test"]?.place ?? node.place, "proportions are compared for conversions only")
        }
        if test == .ranks, kind != .mean, kind != .quantile {
            throw YAMLError(node["test"]?.place ?? node.place, "ranks are compared for means and quantiles only")
        }
        let cap = try amount(node["cap"], above: 0)
        if let cap, cap.isRelative, cap.value >= 1 {
            throw YAMLError(node["cap"]?.place ?? node.place, "a cap in per cent is a quantile below 100 %")
        }
        return Plan.Metric(
            name: name, kind: kind, fact: node["of"].map(Plan.Name.init), denominator: node["per"].map(Plan.Name.init),
            population: node["among"].map(Plan.Name.init), window: node["window"]?.seconds, cap: cap,
            covariates: covariates(node["covariate"]),
            probability: probability, higherIsBetter: node["better"]?.text != "lower", test: test)
    }

    private static func covariates(_ node: YAMLNode?) -> [Plan.Covariate] {
        guard let node else { return [] }
        if let fact = node["of"] { return [Plan.Covariate(fact: Plan.Name(fact), before: node["before"]?.seconds)] }
        return node.elements.map { Plan.Covariate(fact: Plan.Name($0), before: nil) }
    }

    static func amount(_ node: YAMLNode?, above least: Double) throws(YAMLError) -> Plan.Amount? {
        guard let node, let share = node.share else { return nil }
        guard share.value > least else { throw YAMLError(node.place, "expected more than \(least), found \(node.kind)") }
        return Plan.Amount(value: share.value, isRelative: share.isPercentage)
    }

    static func method(_ node: YAMLNode?) throws(YAMLError) -> Plan.Method {
        let confidence = node?["confidence"]?.number ?? 0.95
        if let node, !(confidence > 0 && confidence < 1) {
            throw YAMLError(node["confidence"]?.place ?? node.place, "a confidence lies between 0 and 1: 0.95")
        }
        let isAlwaysValid = node?["horizon"]?.text == "always-valid"
        let tunedFor = node?["tuned for"]?.number
        if let node, isAlwaysValid {
            guard let tunedFor, tunedFor > 0 else {
                throw YAMLError(
                    node.place, "an always-valid method needs 'tuned for': the number of units at which its intervals are narrowest")
            }
        }
        return Plan.Method(
            isAlwaysValid: isAlwaysValid, confidence: confidence, correction: node?["correction"]?.text ?? "holm", tunedFor: tunedFor)
    }

    static func decision(_ node: YAMLNode?, first: String?) throws(YAMLError) -> Plan.Decision {
        let power = node?["power"]?.number ?? 0.8
        if let node, !(power > 0 && power < 1) { throw YAMLError(node["power"]?.place ?? node.place, "a power lies between 0 and 1: 0.8") }
        return Plan.Decision(
            metric: node?["ship on"]?.text ?? first ?? "", smallestEffect: try amount(node?["smallest effect"], above: 0), power: power)
    }

    /// A moment such as `2021-10-01` or `2021-10-01 12:30`, as seconds since 1970 in UTC.
    static func moment(_ node: YAMLNode?) throws(YAMLError) -> Double? {
        guard let node else { return nil }
        let shape = /([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?Z?)?/
        guard let match = (node.text ?? "").wholeMatch(of: shape), let year = Int(match.1), let month = Int(match.2),
            let day = Int(match.3), (1...12).contains(month), day > 0, year > 0
        else { throw YAMLError(node.place, "expected a moment in UTC such as 2021-10-01 or 2021-10-01 12:30, found \(node.kind)") }
        let clock = [match.4, match.5, match.6].map { $0.flatMap { Int($0) } ?? 0 }
        let next = month == 12 ? days(year + 1, 1, 1) : days(year, month + 1, 1)
        guard days(year, month, day) < next, clock[0] < 24, clock[1] < 60, clock[2] < 60 else {
            throw YAMLError(node.place, "there is no such moment as \(node.kind): see its day and its time")
        }
        return Double(days(year, month, day)) * 86400 + Double(clock[0] * 3600 + clock[1] * 60 + clock[2])
    }

    /// Days since 1970, by the Gregorian calendar.
    ///
    /// After H. Hinnant, "chrono-compatible low-level date algorithms" (2013).
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let ofEra = y - era * 400
        let ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
    }
}
