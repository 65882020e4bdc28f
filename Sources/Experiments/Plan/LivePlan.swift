/// What is to be known of a running experiment: a plan whose data the server has.
///
/// It says facts, populations, metrics, guardrails, a method and a decision as any plan does. Where the data are, who was in which variant
/// and by which weights is known already, so `experiment`, `sources` and `assignment` are not said; instead there may be `control`, the
/// variant that others are compared with, the first if not given; `by: person`, which counts a person once, whatever devices were
/// linked to them, and `crossed over`; `size`, the number of units that are planned; and `active`, a fact that
/// says that a unit came at all. A fact is the events of its name, or of the name that its `event` says, so that several facts may be about
/// one event; what its columns do not hold is looked for among its properties.
/// Results are for those who look at any time, and for those who look once: there is no `horizon`.
package struct LivePlan: Hashable, Sendable {
    /// The units at which always-valid intervals are narrowest, unless the plan says `tuned for`.
    package static let tunedFor = 10_000

    /// How many units are planned, all variants together; nil if that is not said.
    package let size: Int?
    /// The fact that says that a unit came at all, whatever its variant.
    package let active: String?

    private let root: YAMLNode
    private let control: YAMLNode?

    /// Reads a plan from YAML or JSON; places in errors are those of the text.
    ///
    /// - Parameter values: the variants' values, the first the control where the plan names none.
    package init(_ text: String, values: [String]) throws(YAMLError) {
        root = try YAMLParser.parse(text)
        guard case .mapping = root.content else {
            throw YAMLError(root.place, "a plan is a mapping of keys to values: metrics, facts, …")
        }
        for key in ["experiment", "sources", "assignment"] {
            if let place = root.members.first(where: { $0.key == key })?.place {
                throw YAMLError(place, "'\(key)' is known of a running experiment; leave it out")
            }
        }
        if let place = root["method"]?.members.first(where: { $0.key == "horizon" })?.place {
            throw YAMLError(place, "'horizon' is not chosen: results are given both for one look and for any time; leave it out")
        }
        for fact in root["facts"]?.members ?? [] {
            for key in ["source", "unit"] {
                if let place = fact.value.members.first(where: { $0.key == key })?.place {
                    throw YAMLError(place, "'\(key)' is known: a fact is the events of its name, or of its 'event'; leave it out")
                }
            }
            if let place = fact.value.members.first(where: { $0.key == "id" })?.place {
                throw YAMLError(place, "'id' is known: an event that is told twice is there once; leave it out")
            }
            if let time = fact.value["time"], time.text != "time" {
                throw YAMLError(time.place, "an event's time is that of its own 'time'; leave it out")
            }
            if let value = fact.value["value"], ["unit", "fact", "properties"].contains(value.text) {
                throw YAMLError(value.place, "'\(value.text ?? "")' is no number; a fact's value is 'value', or a property of its events")
            }
        }
        if let by = root["by"], !["device", "person"].contains(by.text) {
            throw YAMLError(by.place, "expected device or person: who is counted")
        }
        if let crossover = root["crossed over"], root["by"]?.text != "person" {
            throw YAMLError(crossover.place, "'crossed over' is about persons; say 'by: person'")
        }
        control = root["control"]
        if let control {
            guard let name = control.text, values.contains(name) else {
                throw YAMLError(control.place, "the control is none of the variants: \(values.joined(separator: ", "))")
            }
        }
        try PlanShape.live.check(root)
        active = root["active"]?.text
        if let node = root["active"], let active, root["facts"]?[active] == nil {
            throw YAMLError(node.place, "there is no fact '\(active)' in the plan")
        }
        size = try root["size"].map { node throws(YAMLError) in try LivePlan.size(node, variants: values.count) }
        try checkEvents()
        let weights = values.map { Plan.Weight(variant: $0, weight: 1) }
        guard let key = try? ExperimentKey("any") else { return }
        for isAlwaysValid in [false, true] { _ = try plan(of: key, weights: weights, isAlwaysValid: isAlwaysValid) }
    }

    private static func size(_ node: YAMLNode, variants: Int) throws(YAMLError) -> Int {
        let least = 2 * variants
        guard let number = node.number, let size = Int(exactly: number), size >= least, size <= 1 << 53 else {
            throw YAMLError(node.place, "the size is a whole number of units, all variants together: at least \(least), two a variant")
        }
        return size
    }

    /// Checks that what is said of a fact's events goes with their name.
    private func checkEvents() throws(YAMLError) {
        for fact in root["facts"]?.members ?? [] {
            let event = LivePlan.event(of: fact)
            if let other = fact.value["where"]?.members.first(where: { $0.key == "fact" }),
                !other.value.elements.contains(where: { $0.text == event })
            {
                let name = other.value.elements.first?.text ?? "…"
                throw YAMLError(
                    other.place, "'\(fact.key)' is the events of one name, '\(event)'; to count others say 'event: \(name)' instead")
            }
            // Whether a unit came is asked of all events of a name.
            if fact.key == active, event != active, let key = ["where", "from", "until"].first(where: { fact.value[$0] != nil }) {
                throw YAMLError(
                    root["active"]?.place ?? root.place,
                    "a unit came if it told of any '\(event)', and '\(fact.key)' is some of them; name a fact of all, without '\(key)'")
            }
        }
    }

    /// The facts that it speaks of.
    package var facts: [String] { root["facts"]?.members.map(\.key) ?? [] }

    /// The names of the events that its facts count, each once.
    package var events: [String] {
        var seen: Set<String> = []
        return (root["facts"]?.members ?? []).map(LivePlan.event).filter { seen.insert($0).inserted }
    }

    /// The name of the events that a fact counts: its own, unless it says another.
    package func event(of fact: String) -> String { root["facts"]?[fact]?["event"]?.text ?? fact }

    private static func event(of fact: YAMLNode.Member) -> String { fact.value["event"]?.text ?? fact.key }

    /// The whole plan.
    ///
    /// - Parameters:
    ///   - weights: how many devices were intended for each variant, by the weights in force when each came; the first is the control
    ///     where the plan names none.
    ///   - excluded: devices whose exposures may have been delivered and that count for nothing, because they were forced since.
    ///   - hasEpochs: whether the weights changed, so that variants are to be compared within the epochs of weights.
    package func plan(
        of key: ExperimentKey, weights: [Plan.Weight], excluding excluded: [Ordinal] = [], hasEpochs: Bool = false, isAlwaysValid: Bool
    ) throws(YAMLError) -> Plan {
        // A key holds no quotes.
        let counted = excluded.isEmpty ? "" : " AND ordinal NOT IN (\(excluded.map(String.init).joined(separator: ", ")))"
        let exposedUnits = "SELECT unit FROM gosset_exposures WHERE experiment = '\(key)'\(counted)"
        let exposed =
            "SELECT unit, variant, time, epoch, epoch * 10000000000 + block AS block FROM gosset_exposures WHERE experiment = '\(key)'\(counted)"
        // A person's events may come from devices that were never exposed themselves, or under the person's own id.
        let ofPersons = isByPerson ? " OR unit IN (SELECT unit FROM gosset_links) OR unit IN (SELECT person FROM gosset_links)" : ""
        let events =
            "SELECT unit, fact, value, time, properties, received AS g_received FROM gosset_events WHERE (unit IN (\(exposedUnits))\(ofPersons))\(ofEvents)"
        var members = root.members.filter {
            !["control", "by", "crossed over", "size", "active", "facts", "method"].contains($0.key)
        }
        func add(_ key: String, _ node: YAMLNode) { members.append(.init(key: key, place: root.place, value: node)) }
        add("experiment", scalar(key.text))
        add(
            "sources",
            mapping(
                [
                    ("exposures", mapping([("query", scalar(exposed))])),
                    ("events", mapping([("query", scalar(events)), ("properties", scalar("properties"))])),
                ] + (isByPerson ? [("links", mapping([("table", scalar("gosset_links"))]))] : [])))
        // Blocks are of devices: what a person has of several is not dealt in any one.
        add(
            "assignment",
            mapping(
                [
                    ("source", scalar("exposures")), ("unit", scalar("unit")), ("variant", scalar("variant")), ("time", scalar("time")),
                    ("control", scalar(control?.text ?? weights.first?.variant ?? "")),
                    ("weights", mapping(weights.map { ($0.variant, scalar("\($0.weight)", isQuoted: false)) })),
                ] + (hasEpochs ? [("stratum", scalar("epoch"))] : []) + (isByPerson ? persons : [("block", scalar("block"))])))
        if let facts = root.members.first(where: { $0.key == "facts" }) {
            let named = facts.value.members.map { fact in
                YAMLNode.Member(key: fact.key, place: fact.place, value: self.fact(fact.key, fact.value))
            }
            members.append(.init(key: "facts", place: facts.place, value: YAMLNode(content: .mapping(named), place: facts.value.place)))
        }
        var method = root["method"]?.members ?? []
        let place = root["method"]?.place ?? root.place
        func say(_ key: String, _ node: YAMLNode) { method.append(.init(key: key, place: place, value: node)) }
        if isAlwaysValid {
            say("horizon", scalar("always-valid"))
            if !method.contains(where: { $0.key == "tuned for" }) { say("tuned for", scalar("\(LivePlan.tunedFor)", isQuoted: false)) }
        }
        members.append(.init(key: "method", place: place, value: YAMLNode(content: .mapping(method), place: place)))
        return try Plan(YAMLNode(content: .mapping(members), place: root.place))
    }

    /// Leaves out the events of other names; nothing where a name is no name of an event, and would have to be quoted.
    private var ofEvents: String {
        let names = events
        let isPlain = names.allSatisfy { $0.unicodeScalars.allSatisfy { $0 >= " " && $0 != "'" && $0 != "\\" } }
        guard isPlain, !names.isEmpty else { return "" }
        return " AND fact IN (\(names.map { "'\($0)'" }.joined(separator: ", ")))"
    }

    /// Whether a person counts once, whatever devices were linked to them.
    package var isByPerson: Bool { root["by"]?.text == "person" }

    /// Whose units are, where persons are counted.
    private var persons: [(String, YAMLNode)] {
        guard isByPerson else { return [] }
        let crossover = root["crossed over"].map { [("crossed over", $0)] } ?? []
        // What a device calls itself is its own to choose: by a person's name it does not become that person.
        let links = [
            ("source", scalar("links")), ("unit", scalar("unit")), ("person", scalar("person")), ("dealt to", scalar("devices")),
        ]
        return [("persons", mapping(links + crossover))]
    }

    /// A fact with what is known of it; nothing at all is a fact without more.
    private func fact(_ name: String, _ node: YAMLNode) -> YAMLNode {
        var members = node.members.filter { $0.key != "event" }
        func add(_ key: String, _ value: YAMLNode) { members.append(.init(key: key, place: node.place, value: value)) }
        add("source", scalar("events"))
        if node["time"] == nil { add("time", scalar("time")) }
        let isOfName = YAMLNode.Member(key: "fact", place: node.place, value: scalar(node["event"]?.text ?? name))
        if let index = members.firstIndex(where: { $0.key == "where" }) {
            let given = members[index]
            // First whose event it is: the rest may have to read its properties.
            let conditions = YAMLNode(content: .mapping([isOfName] + given.value.members), place: given.value.place)
            members[index] = .init(key: "where", place: given.place, value: conditions)
        } else {
            add("where", YAMLNode(content: .mapping([isOfName]), place: node.place))
        }
        return YAMLNode(content: .mapping(members), place: node.place)
    }

    private func scalar(_ text: String, isQuoted: Bool = true) -> YAMLNode {
        YAMLNode(content: .scalar(text, isQuoted: isQuoted), place: root.place)
    }

    private func mapping(_ members: [(String, YAMLNode)]) -> YAMLNode {
        YAMLNode(content: .mapping(members.map { .init(key: $0.0, place: root.place, value: $0.1) }), place: root.place)
    }
}
