/// What an analyst wants to know of an experiment, and where the data are.
package struct Plan: Hashable, Sendable {
    /// A name of the warehouse's or of the plan's, and where the plan says it.
    package struct Name: Hashable, Sendable {
        package let text: String
        package let place: TextPlace
    }

    package let experiment: String
    package let question: String?
    package internal(set) var sources: [Source]
    package let assignment: Assignment
    package let facts: [Fact]
    package let populations: [Population]
    package let metrics: [Metric]
    package let guardrails: [Guardrail]
    package let segments: [Segment]
    package internal(set) var method: Method
    package let decision: Decision

    /// Where rows come from.
    package struct Source: Hashable, Sendable {
        package let name: Name
        package internal(set) var files: [Name]
        package let table: Name?
        package let query: Name?
        /// The column of JSON objects whose members are taken for columns where there is no column of the name.
        package let properties: Name?
        package let delimiter: String?
        /// What a column of a file is called elsewhere, by its name in the file.
        package let renames: [String: String]
        /// How a file writes the times of a column.
        package let timeFormats: [String: String]
        /// Whether rows that cannot be read are left out and reported; else the source is refused.
        package let goesOnWithoutBadRows: Bool
    }

    /// Who was in which variant.
    package struct Assignment: Hashable, Sendable {
        /// Which variant counts for a unit that is in several.
        package enum Policy: String, Hashable, Sendable, CaseIterable { case exclude, first, last }

        package let source: Name
        package let unit: Name?
        package let variant: Name
        package let control: Name
        /// In the plan's order; empty where units were to be dealt equally.
        package let weights: [Weight]
        package let time: Name?
        /// The column of the block within which a unit was dealt its variant.
        package let block: Name?
        /// The column of what units are compared within: an epoch of weights, a country that was dealt by itself.
        package let stratum: Name?
        package let policy: Policy
        /// Whose units are; nil where units themselves are counted.
        package let persons: Persons?
    }

    /// A variant's share.
    package struct Weight: Hashable, Sendable {
        package let variant: String
        package let weight: Double

        package init(variant: String, weight: Double) { (self.variant, self.weight) = (variant, weight) }
    }

    /// What divides units into parts that are looked at by themselves.
    package struct Segment: Hashable, Sendable {
        package let name: Name
        /// The fact whose first event of a unit tells it; nil where it is a column of the assignment's source.
        package let fact: Name?
        /// The column that holds it.
        package let column: Name
    }

    /// A guardrail: a metric that must not get worse by more than a margin.
    package struct Guardrail: Hashable, Sendable {
        package let metric: Name
        package let margin: Amount
    }

    /// A number, or a share of the control's value.
    package struct Amount: Hashable, Sendable {
        package let value: Double
        package let isRelative: Bool

        package init(value: Double, isRelative: Bool) { (self.value, self.isRelative) = (value, isRelative) }
    }

    /// How it is tested.
    package struct Method: Hashable, Sendable {
        package let isAlwaysValid: Bool
        package let confidence: Double
        package let correction: String
        package let tunedFor: Double?

        /// The names of the corrections, as the statistics know them.
        package static let corrections = [
            "none", "bonferroni", "sidak", "holm", "holm-sidak", "hochberg", "hommel", "benjamini-hochberg", "benjamini-yekutieli",
        ]
    }

    /// When to ship.
    package struct Decision: Hashable, Sendable {
        package let metric: String
        package let smallestEffect: Amount?
        package let power: Double
    }

    /// The plan with one more file of a source.
    package func adding(file: String, to source: String) -> Plan {
        var plan = self
        for index in plan.sources.indices where plan.sources[index].name.text == source {
            plan.sources[index].files.append(Name(text: file, place: plan.sources[index].name.place))
        }
        return plan
    }

    /// The same plan with another method.
    package func tested(by method: Method) -> Plan {
        var plan = self
        plan.method = method
        return plan
    }

    /// The source of a name.
    package func source(_ name: String) -> Source? { sources.first { $0.name.text == name } }
    /// The fact of a name.
    package func fact(_ name: String) -> Fact? { facts.first { $0.name.text == name } }
    /// The population of a name.
    package func population(_ name: String) -> Population? { populations.first { $0.name.text == name } }
    /// The metric of a name.
    package func metric(_ name: String) -> Metric? { metrics.first { $0.name.text == name } }
}
