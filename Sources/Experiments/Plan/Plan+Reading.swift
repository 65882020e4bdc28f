extension Plan {
    /// Reads a plan from the text of a YAML file.
    package init(yaml text: String) throws(YAMLError) {
        try self.init(YAMLParser.parse(text))
    }

    /// Reads a plan from a document.
    init(_ node: YAMLNode) throws(YAMLError) {
        try PlanShape.plan.check(node)
        experiment = node["experiment"]?.text ?? ""
        question = node["question"]?.text
        sources = try PlanReader.each(node["sources"], PlanReader.source)
        guard let assigned = node["assignment"] else { throw YAMLError(node.place, "a plan needs 'assignment'") }
        assignment = try PlanReader.assignment(assigned)
        facts = try PlanReader.each(node["facts"], PlanReader.fact)
        populations = try PlanReader.each(node["populations"], PlanReader.population)
        metrics = try PlanReader.each(node["metrics"], PlanReader.metric)
        guardrails = try PlanReader.each(node["guardrails"]) { name, node throws(YAMLError) in
            Guardrail(metric: name, margin: try PlanReader.amount(node["margin"], above: 0) ?? Amount(value: 0, isRelative: false))
        }
        segments = PlanReader.segments(node["segments"])
        method = try PlanReader.method(node["method"])
        decision = try PlanReader.decision(node["decision"], first: metrics.first?.name.text)
        try checkNames(node)
    }
}

extension Plan.Name {
    init(_ node: YAMLNode) { self.init(text: node.text ?? "", place: node.place) }
}

/// Turns nodes whose form has been checked into the parts of a plan.
enum PlanReader {
    static func each<Part>(
        _ node: YAMLNode?, _ read: (Plan.Name, YAMLNode) throws(YAMLError) -> Part
    ) throws(YAMLError) -> [Part] {
        var parts: [Part] = []
        for member in node?.members ?? [] {
            parts.append(try read(Plan.Name(text: member.key, place: member.place), member.value))
        }
        return parts
    }

    static func source(_ name: Plan.Name, _ node: YAMLNode) throws(YAMLError) -> Plan.Source {
        if node.text != nil {
            return Plan.Source(
                name: name, files: [Plan.Name(node)], table: nil, query: nil, properties: nil, delimiter: nil, renames: [:],
                timeFormats: [:], goesOnWithoutBadRows: false)
        }
        let files = (node["file"].map { [$0] } ?? []) + (node["files"]?.elements ?? [])
        guard !files.isEmpty || node["table"] != nil || node["query"] != nil else {
            throw YAMLError(node.place, "a source needs 'file', 'files', 'table' or 'query'")
        }
        if node["file"] != nil, let also = node["files"] { throw YAMLError(also.place, "a source has 'file' or 'files', not both") }
        if node["table"] != nil, let also = node["query"] { throw YAMLError(also.place, "a source has 'table' or 'query', not both") }
        if let place = node["properties"]?.place, node["table"] == nil, node["query"] == nil {
            throw YAMLError(place, "'properties' is about a 'table' or a 'query'")
        }
        func texts(_ key: String) -> [String: String] {
            Dictionary((node[key]?.members ?? []).map { ($0.key, $0.value.text ?? "") }) { first, _ in first }
        }
        return Plan.Source(
            name: name, files: files.map(Plan.Name.init), table: node["table"].map(Plan.Name.init),
            query: node["query"].map(Plan.Name.init), properties: node["properties"].map(Plan.Name.init),
            delimiter: node["delimiter"]?.text, renames: texts("rename"), timeFormats: texts("times"),
            goesOnWithoutBadRows: node["bad rows"]?.text == "report")
    }

    static func segments(_ node: YAMLNode?) -> [Plan.Segment] {
        guard let node else { return [] }
        guard node.members.isEmpty else {
            return node.members.map { member in
                let name = Plan.Name(text: member.key, place: member.place)
                return Plan.Segment(
                    name: name, fact: member.value["of"].map(Plan.Name.init), column: member.value["by"].map(Plan.Name.init) ?? name)
            }
        }
        return node.elements.map { Plan.Segment(name: Plan.Name($0), fact: nil, column: Plan.Name($0)) }
    }

    static func assignment(_ node: YAMLNode) throws(YAMLError) -> Plan.Assignment {
        var weights: [Plan.Weight] = []
        for member in node["weights"]?.members ?? [] {
            guard let weight = member.value.number, weight > 0 else { throw YAMLError(member.value.place, "a weight is more than 0") }
            weights.append(Plan.Weight(variant: member.key, weight: weight))
        }
        guard let source = node["source"], let variant = node["variant"], let control = node["control"] else {
            throw YAMLError(node.place, "an assignment needs 'source', 'variant' and 'control'")
        }
        if !weights.isEmpty, let text = control.text, !weights.contains(where: { $0.variant == text }) {
            throw YAMLError(control.place, "the control '\(text)' has no weight")
        }
        let persons = try persons(node["persons"], unit: node["unit"], time: node["time"])
        if let place = node["in two variants"]?.place, persons != nil {
            throw YAMLError(place, "'in two variants' is about units; of persons say 'crossed over'")
        }
        if let place = node["block"]?.place, persons != nil {
            throw YAMLError(place, "'block' is about units; a person may have units of several blocks")
        }
        return Plan.Assignment(
            source: Plan.Name(source), unit: node["unit"].map(Plan.Name.init), variant: Plan.Name(variant), control: Plan.Name(control),
            weights: weights, time: node["time"].map(Plan.Name.init), block: node["block"].map(Plan.Name.init),
            stratum: node["stratum"].map(Plan.Name.init),
            policy: persons?.crossover.policy ?? node["in two variants"]?.text.flatMap(Plan.Assignment.Policy.init) ?? .exclude,
            persons: persons)
    }

    static func fact(_ name: Plan.Name, _ node: YAMLNode) throws(YAMLError) -> Plan.Fact {
        guard let source = node["source"] else { throw YAMLError(node.place, "a fact needs 'source'") }
        let (minimum, maximum) = (node["minimum"]?.number, node["maximum"]?.number)
        if let minimum, let maximum, minimum > maximum { throw YAMLError(node.place, "the minimum is above the maximum") }
        for key in ["minimum", "maximum"] where node["value"] == nil {
            if let place = node[key]?.place { throw YAMLError(place, "'\(key)' is about the fact's value, and it has none") }
        }
        for key in ["from", "until"] where node["time"] == nil {
            if let place = node[key]?.place { throw YAMLError(place, "'\(key)' is about the fact's time, and it has none") }
        }
        let (from, until) = (try moment(node["from"]), try moment(node["until"]))
        if let from, let until, from >= until {
            throw YAMLError(
                node["until"]?.place ?? node.place,
                "no event counts, as 'until' is not after 'from'; say a later moment, the first that counts no more")
        }
        return Plan.Fact(
            name: name, source: Plan.Name(source), unit: node["unit"].map(Plan.Name.init), value: node["value"].map(Plan.Name.init),
            time: node["time"].map(Plan.Name.init), conditions: try each(node["where"], condition), from: from, until: until,
            minimum: minimum, maximum: maximum, id: node["id"].map(Plan.Name.init))
    }

    static func condition(_ column: Plan.Name, _ node: YAMLNode) throws(YAMLError) -> Plan.Condition {
        if node.members.isEmpty { return Plan.Condition(column: column, test: .isIn(try scalars(node))) }
        if let not = node["not"] {
            guard node.members.count == 1 else { throw YAMLError(not.place, "'not' stands alone") }
            return Plan.Condition(column: column, test: .isNotIn(try scalars(not)))
        }
        return Plan.Condition(column: column, test: .compares(try bounds(node, of: "'\(column.text)'", isCount: false)))
    }

    private static func scalars(_ node: YAMLNode) throws(YAMLError) -> [Plan.Scalar] {
        guard !node.elements.isEmpty else { throw YAMLError(node.place, "the list is empty") }
        let scalars = node.elements.map { node in
            node.number.map(Plan.Scalar.number) ?? node.boolean.map(Plan.Scalar.boolean) ?? .text(node.text ?? "")
        }
        let kinds = Set(
            scalars.map { scalar in
                switch scalar {
                case .text: 0
                case .number: 1
                case .boolean: 2
                }
            })
        guard kinds.count == 1 else {
            throw YAMLError(node.place, "the values of a list are all texts or all numbers; put numbers that are texts in quotes")
        }
        return scalars
    }

    static func population(_ name: Plan.Name, _ node: YAMLNode) throws(YAMLError) -> Plan.Population {
        guard let fact = node["of"] else { throw YAMLError(node.place, "a population needs 'of'") }
        let sums = node["sum"]?.boolean ?? false
        let bounds = try bounds(node, of: sums ? "a sum" : "a number of events", isCount: !sums)
        guard !bounds.isEmpty else { throw YAMLError(node.place, "a population needs 'at least', 'more than', 'at most' or 'less than'") }
        return Plan.Population(
            name: name, fact: Plan.Name(fact), bounds: bounds, sums: sums,
            whole: node["among"].map(Plan.Name.init))
    }
}
