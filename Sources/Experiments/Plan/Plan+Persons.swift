extension Plan {
    /// Whose units are, so that persons are counted, and not their devices.
    package struct Persons: Hashable, Sendable {
        /// How a person counts who has met several variants.
        package enum Crossover: String, Hashable, Sendable, CaseIterable {
            /// In the variant met first, with what was done until another was met.
            case firstTouch = "first touch"
            /// Not at all.
            case exclude
            /// In the variant met first, with all that was done since, whatever was met later.
            case intentionToTreat = "intention to treat"

            /// Which variant counts.
            var policy: Assignment.Policy { self == .exclude ? .exclude : .first }
        }

        /// The source of the links, with a row for each unit that is a person's.
        package let source: Name
        package let unit: Name
        package let person: Name
        package let crossover: Crossover
        /// Whether the units of the assignment are devices only: one that is called by a person's id is not that person.
        package let areDealtToDevices: Bool
    }
}

extension PlanReader {
    static func persons(_ node: YAMLNode?, unit: YAMLNode?, time: YAMLNode?) throws(YAMLError) -> Plan.Persons? {
        guard let node else { return nil }
        guard let source = node["source"], let person = node["person"] else {
            throw YAMLError(node.place, "'persons' needs 'source' and 'person'")
        }
        guard let unit else { throw YAMLError(node.place, "'persons' needs the assignment's 'unit'") }
        guard time != nil else {
            throw YAMLError(node.place, "'persons' needs the assignment's 'time': which variant a person met first is known by it")
        }
        return Plan.Persons(
            source: Plan.Name(source), unit: Plan.Name(node["unit"] ?? unit), person: Plan.Name(person),
            crossover: node["crossed over"]?.text.flatMap(Plan.Persons.Crossover.init) ?? .intentionToTreat,
            areDealtToDevices: node["dealt to"]?.text == "devices")
    }
}

extension Plan {
    /// Checks what a plan by person asks of its sources and facts.
    func checkPersons() throws(YAMLError) {
        guard let persons = assignment.persons else { return }
        guard persons.source.text != assignment.source.text else {
            throw YAMLError(persons.source.place, "the links of persons are a source of their own; add one to 'sources'")
        }
        guard persons.crossover == .firstTouch else { return }
        for fact in facts {
            guard fact.source.text != assignment.source.text else {
                throw YAMLError(fact.source.place, "by first touch, the fact '\(fact.name.text)' needs a source of its own, with times")
            }
            guard fact.time != nil else {
                throw YAMLError(
                    fact.name.place,
                    "by first touch, the fact '\(fact.name.text)' needs its 'time': what came after crossing over does not count")
            }
        }
    }
}
