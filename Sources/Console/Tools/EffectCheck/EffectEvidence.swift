import Charts
import EffectCheck
import HTTPServer
import Text

/// What was found about a pilot: the answer, what it rests on in sentences, a chart and the figures.
struct EffectEvidence {
    let finding: EffectFinding

    var html: HTML {
        """
        <section class="card" id="finding" data-effect="\(finding.hasEffect ? 1 : 0)">\
        <header><h2>\(finding.hasEffect ? "The pilot probably had a positive effect" : "A positive effect is not shown")</h2></header>
        <p>\(finding.reason)</p>
        <ul class="findings">\(sentences.map { "<li>\($0)</li>\n" as HTML })</ul></section>
        <section class="card" id="charts">\([differences, probabilities].compactMap { $0.map { ChartFigure(chart: $0).html } })</section>
        \(groups)\(kinds)
        """
    }

    // MARK: Sentences

    private var sentences: [String] { lone + [expected, asTheyAre, untreated, before, learnt].compactMap(\.self) + oddities }

    /// The groups that are a single customer.
    private var lone: [String] {
        zip(EffectCheckPage.Group.allCases, finding.groups).filter { $1.customers == 1 }.map { group, _ in
            "\(group.name): this is a single customer, who tells nothing of how customers vary. That is taken from the whole shop."
        }
    }

    private var expected: String {
        let difference = finding.adjusted
        let sign = difference.value < 0 ? "less" : "more"
        let share =
            finding.adjustedLift.map { "which is \(Figures.percent($0.value)) of what the others spent" } ?? "and the others spent nothing"
        return
            "Customers with the pilot spent \(Figures.significant(abs(difference.value))) \(sign) per person than was to be expected of them "
            + "(\(range(difference))), \(share)."
    }

    private var asTheyAre: String {
        let difference = Figures.significant(finding.naive.value)
        let start = "As they are, without a look at who the customers were, the groups differ by \(difference)"
        guard finding.naive.hasEnds else {
            return "\(start); whether that is chance they do not tell: it takes two customers in each, whose sums are not all the same."
        }
        return "\(start) (\(range(finding.naive)), one-sided \(Figures.pValue(finding.naivePValue, 3)))."
    }

    private var untreated: String {
        guard finding.betweenA.hasEnds else {
            return "The two groups without the pilot cannot be held against each other: all customers of one are in the other."
        }
        let verdict =
            finding.betweenAPValue < 0.01
            ? "more than chance explains, so look at how they were chosen" : "no more than chance explains"
        return "The two groups without the pilot differ by \(Figures.significant(finding.betweenA.value)) "
            + "(\(range(finding.betweenA)), \(Figures.pValue(finding.betweenAPValue, 3))): \(verdict)."
    }

    private var before: String? {
        finding.imbalance.map { imbalance in
            let (gap, sign) = (Figures.significant(abs(imbalance), 2), imbalance < 0 ? "less" : "more")
            return "Before the pilot its customers spent \(gap) standard deviations \(sign) than the others."
        }
    }

    private var learnt: String? {
        let belief = finding.belief
        guard belief.tests > 0 else { return nil }
        let shares = [(belief.positive, "do good"), (belief.zero, "nothing"), (belief.negative, "harm")]
        let words = shares.map { "\($0.1) (\(Figures.percent($0.0)))" }.joined(separator: ", ")
        let tests = belief.tests == 1 ? "one test so far tells" : "\(Figures.count(belief.tests)) tests so far tell"
        return "What the shop’s \(tests) of its pilots was counted in: they \(words)."
    }

    private var oddities: [String] {
        let odd = finding.oddities
        return [
            (
                odd.unknown, "id is no customer of this shop, and counts as one who bought nothing.",
                "ids are no customers of this shop, and count as customers who bought nothing."
            ),
            (
                odd.repeated, "id is given more than once in a group, and counts once.",
                "ids are given more than once in a group, and count once."
            ),
            (
                odd.inBothA, "id is in both groups without the pilot, and counts in the first.",
                "ids are in both groups without the pilot, and count in the first."
            ),
        ].filter { $0.0 > 0 }.map { Figures.counted($0.0, $0.1, $0.2) }
    }

    private func range(_ estimate: EffectFinding.Estimate) -> String {
        "95 % interval \(Figures.significant(estimate.low)) to \(Figures.significant(estimate.high))"
    }

    // MARK: Charts

    private var differences: Chart? {
        func interval(_ name: String, _ estimate: EffectFinding.Estimate) -> Chart.Interval? {
            Chart.Interval(name, estimate.value, low: estimate.low, high: estimate.high)
        }
        return .intervals(
            "Differences of revenue per person",
            [
                interval("pilot, less what was expected", finding.adjusted), interval("pilot less others, as they are", finding.naive),
                interval("between the groups without it", finding.betweenA),
            ].compactMap(\.self), axis: "difference")
    }

    private var probabilities: Chart? {
        let rows: [[JSONValue]] = [
            ["positive", .number(finding.posterior.positive)], ["none", .number(finding.posterior.zero)],
            ["negative", .number(finding.posterior.negative)],
        ]
        return Chart(
            "How likely each effect is", height: 90,
            columns: [Chart.Column("effect", "effect", .text), Chart.Column("probability", "probability", .share)], rows: rows,
            [
                ("mark", ["type": "bar", "tooltip": true]),
                (
                    "encoding",
                    [
                        "y": Chart.encoding("effect", "nominal", [("sort", .null)]),
                        "x": Chart.encoding(
                            "probability", "quantitative", title: "probability",
                            [("axis", ["format": "%"]), ("scale", ["domain": [0, 1]])]),
                    ]
                ),
            ])
    }

    // MARK: Figures

    private var groups: HTML {
        let rows = zip(EffectCheckPage.Group.allCases, finding.groups).map { group, figures -> HTML in
            DataTable.row(
                header: group.name,
                [
                    (Figures.count(figures.customers), true), (Figures.significant(figures.pilot), true),
                    (Figures.significant(figures.before), true), (Figures.percent(figures.shareOfGenderOne), true),
                    (Figures.significant(figures.age), true), (Figures.count(figures.cut), true),
                ])
        }
        let head = ["Group", "Customers", "Revenue a person, pilot", "before", "Of gender 1", "Age", "Sums cut"]
        return """
            <section class="card" id="who"><header><h2>Who is in the groups</h2></header>
            \(DataTable.html("Who is in the groups", head: head.enumerated().map { ($1, $0 > 0) }, rows))</section>

            """
    }

    private var kinds: HTML {
        let rows = zip(EffectDirections.Kind.allCases, zip(finding.posterior.kinds, finding.kinds)).map { kind, figures -> HTML in
            DataTable.row(
                header: EffectEvidence.words(kind), [(EffectEvidence.share(figures.0), true), (Figures.significant(figures.1, 3), true)])
        }
        return """
            <section class="card" id="kinds"><header><h2>What kind of effect it would be</h2></header>
            \(DataTable.html("What kind of effect it would be", head: [("If there is one", false), ("Probability", true), ("Standard errors", true)], rows))</section>

            """
    }

    private static func share(_ share: Double) -> String { share < 0.0001 ? "below 0.01 %" : Figures.percent(share) }

    private static func words(_ kind: EffectDirections.Kind) -> String {
        switch kind {
        case .price: "each purchase costs more"
        case .frequency: "there are more purchases"
        case .conversion: "some buy who would not have"
        case .retention: "fewer buyers are lost"
        case .basket: "each buyer spends the same more"
        case .extra: "anybody may buy once more"
        }
    }
}
