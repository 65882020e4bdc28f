package import Text

/// What a plan may say.
enum PlanShape {
    static let plan = YAMLShape(
        name: "a plan",
        keys: [
            .init("experiment", .text, required: true, "the experiment's name"),
            .init("question", .text, "what is asked, in words"),
            .init(
                "sources", .named(.either([.text, .shape(source)])), required: true,
                "where the data are: files, tables or queries, each with a name"),
            .init("assignment", .shape(assignment), required: true, "who was in which variant"),
            .init("facts", .named(.shape(fact)), "what units did: tables of events, each with a name"),
            .init("populations", .named(.shape(population)), "units that a metric may be about, each with a name"),
            .init("metrics", .named(.shape(metric)), required: true, "what is measured, each with a name"),
            .init("guardrails", .named(.shape(guardrail)), "metrics that must not get worse, by their names"),
            .init(
                "segments", .either([.list(.text), .named(.shape(segment))]),
                "by what every metric is also shown: columns of the assignment's source, or what a unit's first event of a fact says"),
            .init("method", .shape(method), "how it is tested"),
            .init("decision", .shape(decision), "when to ship"),
        ])

    static let source = YAMLShape(
        name: "a source",
        keys: [
            .init("file", .text, "a file of CSV, Parquet or JSON, or a pattern such as logs/*.parquet; beside the plan"),
            .init("files", .list(.text), "several files or patterns, whose headers may differ"),
            .init("table", .text, "a table of the warehouse, such as schema.table"),
            .init("query", .text, "a query in the warehouse's own SQL"),
            .init("properties", .text, "a table's column of JSON objects, whose members are columns as well: where: {plan: yearly}"),
            .init(
                "delimiter", .choice(["comma", "semicolon", "tab", "pipe"]),
                "what stands between a CSV file's columns; found out if not given"),
            .init("rename", .named(.text), "columns of a file that have another name elsewhere: grpp: group"),
            .init(
                "bad rows", .choice(["refuse", "report"]), "whether a file with rows that cannot be read is refused, or they are counted"),
            .init("times", .named(.text), "how a file writes its times: sale_time: \"%d/%m/%y %H:%M\""),
        ])

    static let assignment = YAMLShape(
        name: "an assignment",
        keys: [
            .init("source", .text, required: true, "the source that says who was in which variant"),
            .init("unit", .text, "the column that names the unit; without it every row is a unit"),
            .init("variant", .text, required: true, "the column that names the variant"),
            .init("control", .scalar, required: true, "the variant that others are compared with"),
            .init("weights", .named(.number), "the shares that units were meant to be dealt in, by variant; equal if not given"),
            .init("time", .text, "the column of the time when the unit was first exposed"),
            .init("block", .text, "the column of the block, site or pair within which the unit was dealt its variant"),
            .init(
                "stratum", .text, "the column of what variants are compared within, as where shares differ: an epoch of weights, a country"),
            .init(
                "in two variants", .choice(["exclude", "first", "last"]),
                "which variant counts for a unit that is in several; by time, or by the order of files"),
            .init("persons", .shape(persons), "whose units are, so that a person counts once"),
        ])

    static let persons = YAMLShape(
        name: "what says whose units are",
        keys: [
            .init("source", .text, required: true, "the source of the links: a row for each unit that is a person's"),
            .init("unit", .text, "its column that names the unit; called as in the assignment if not given"),
            .init("person", .text, required: true, "its column that names the person"),
            .init(
                "crossed over", .choice(Plan.Persons.Crossover.allCases.map(\.rawValue)),
                "how a person counts who met several variants: in the first, until they met another (first touch); not at all (exclude); "
                    + "in the first, whatever they met later (intention to treat, if not given)"),
            .init(
                "dealt to", .choice(["anyone", "devices"]),
                "to whom variants were dealt: anyone (if not given), a person under their own id too; or devices only, of which one that is "
                    + "called by a person's id, and linked to nobody, counts for nobody"),
        ])

    static let comparisons: [YAMLShape.Key] = [
        .init("at least", .number, "the value or more"), .init("more than", .number, "more than the value"),
        .init("at most", .number, "the value or less"), .init("less than", .number, "less than the value"),
    ]

    static let condition = YAMLShape(
        name: "a condition",
        keys: comparisons + [.init("not", .either([.scalar, .list(.scalar)]), "anything but the value or the values, and not missing")])

    static let fact = YAMLShape(
        name: "a fact",
        keys: [
            .init("source", .text, required: true, "the source of the events"),
            .init("unit", .text, "the column that names the unit; called as in the assignment if not given"),
            .init("value", .text, "the column that is summed; without it events are counted"),
            .init("time", .text, "the column of the event's time"),
            .init("where", .named(.either([.scalar, .list(.scalar), .shape(condition)])), "which events count, by column: subject: Math"),
            .init("from", .text, "the first moment that counts: 2021-10-01"),
            .init("until", .text, "the first moment that counts no more, after 'from'"),
            .init("minimum", .number, "the least value that is possible"),
            .init("maximum", .number, "the greatest value that is possible"),
            .init("id", .text, "the column that names the event, by which duplicates are found"),
        ])

    static let segment = YAMLShape(
        name: "a segment",
        keys: [
            .init("of", .text, required: true, "the fact whose first event of a unit says it; the variant must not change what it says"),
            .init("by", .text, "the column that holds it; called as the segment if not given"),
        ])

    static let population = YAMLShape(
        name: "a population",
        keys: [
            .init(
                "of", .text, required: true,
                "the fact whose events are counted, with a value or without, or whose value is summed if `sum` is true")
        ]
            + comparisons + [
                .init("sum", .boolean, "whether the fact's value is summed instead of events counted"),
                .init("among", .text, "a population, stated before, of which this is a part"),
            ])

    static let covariate = YAMLShape(
        name: "a covariate",
        keys: [
            .init("of", .text, required: true, "the fact from before the experiment"),
            .init("before", .duration, "how long before exposure: 28 days; without it, all that was before"),
        ])

    static let metric = YAMLShape(
        name: "a metric",
        keys: [
            .init("kind", .choice(Plan.Metric.Kind.allCases.map(\.rawValue)), required: true, "what is computed"),
            .init("of", .text, "the fact it is about"),
            .init("per", .text, "for a ratio: the fact below the line"),
            .init("among", .text, "the population it is about; all units if not given"),
            .init("window", .duration, "how long after exposure events count: 7 days"),
            .init(
                "cap", .share,
                "the greatest value that counts in full: 1000, or 99 % for that quantile of the metric's units, also of those with 0"),
            .init("covariate", .either([.text, .list(.text), .shape(covariate)]), "facts from before the experiment, for CUPED"),
            .init("probability", .number, "for a quantile: 0.5 is the median"),
            .init("better", .choice(["higher", "lower"]), "which direction is wanted; higher if not given"),
            .init("test", .choice(Plan.Metric.Test.allCases.map(\.rawValue)), "the test; chosen by the kind if not given"),
        ])

    static let guardrail = YAMLShape(
        name: "a guardrail",
        keys: [.init("margin", .share, required: true, "how much worse is still acceptable: 2 % of the control's value, or an amount")])

    static let method = YAMLShape(
        name: "a method",
        keys: [
            .init("horizon", .choice(["fixed", "always-valid"]), "whether one looks once at the end, or at any time"),
            .init("confidence", .number, "the level of intervals; 0.95 if not given"),
            .init("correction", .choice(Plan.Method.corrections), "how p-values are adjusted for many comparisons; holm if not given"),
            .init("tuned for", .number, "always-valid: the number of units at which intervals are narrowest"),
        ])

    static let decision = YAMLShape(
        name: "a decision",
        keys: [
            .init("ship on", .text, "the metric that decides; the first if not given"),
            .init("smallest effect", .share, "the least change worth shipping: 5 % of the control's value, or an amount"),
            .init("power", .number, "the chance with which it should be found; 0.8 if not given"),
        ])
}

extension Plan {
    /// The JSON Schema of plans, for editors.
    package static var schema: JSONValue { PlanShape.plan.schema(title: "A plan of Gosset") }
}
