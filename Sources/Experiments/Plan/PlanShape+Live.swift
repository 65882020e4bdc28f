package import Text

extension PlanShape {
    /// What the plan of a running experiment may say.
    static let live = YAMLShape(
        name: "a plan",
        keys: [
            .init("control", .scalar, "the variant that others are compared with; the first if not given"),
            .init("by", .choice(["device", "person"]), "who is counted: devices, if not given, or the persons whom they are linked to"),
            .init(
                "crossed over", .choice(Plan.Persons.Crossover.allCases.map(\.rawValue)),
                "how a person counts who met several variants: intention to treat, if not given"),
            .init("size", .number, "how many units are planned, all variants together"),
            .init("active", .text, "a fact of every unit that came at all, whatever its variant: units lost on the way are found by it"),
        ]
            + plan.keys.compactMap { key in
                switch key.name {
                case "experiment", "sources", "assignment": nil
                case "facts":
                    .init("facts", .named(.either([.nothing, .shape(liveFact)])), "what units did: events of a name, each with a name")
                case "segments":
                    .init("segments", .named(.shape(segment)), "by what every metric is also shown: by a unit's first event of a fact")
                case "method": .init("method", .shape(liveMethod), "how it is tested")
                default: key
                }
            })

    private static let liveFact = YAMLShape(
        name: "a fact",
        keys: [.init("event", .event, "the name of the events that it counts; the fact's own if not given")]
            + fact.keys.filter { !["source", "unit", "id"].contains($0.name) })
    private static let liveMethod = YAMLShape(name: "a method", keys: method.keys.filter { $0.name != "horizon" })
}

extension LivePlan {
    /// The JSON Schema of plans of running experiments.
    package static var schema: JSONValue { PlanShape.live.schema(title: "The plan of a running experiment") }
}
