import Events
import HTTPServer
import Text

/// The facts that clients told of, and which of them nobody asks about, so that a misspelt one is seen.
struct FactsCard {
    let tally: SpoolTally
    /// The events that plans count.
    let planned: Set<String>

    var html: HTML {
        guard !tally.facts.isEmpty else {
            return "<section class=\"card empty\" id=\"no-facts\"><p>No event has come yet. Clients tell them to "
                + "<code>POST /api/v1/events</code>: see <a href=\"/docs\">the API</a>.</p></section>\n"
        }
        let facts = tally.facts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        let unknown = facts.filter { !planned.contains($0.key) }
        let known = facts.filter { planned.contains($0.key) }
        // Facts that are planned and never came: what a misspelt one may have been meant to be.
        let silent = tally.otherFacts > 0 ? [] : planned.subtracting(tally.facts.keys)
        let others: HTML? =
            tally.otherFacts == 0
            ? nil
            : "<p id=\"other-facts\">\(Numbers.count(UInt64(tally.otherFacts))) \(tally.otherFacts == 1 ? "event is" : "events are") of other names: only the first "
                + "\(Numbers.count(UInt64(SpoolTally.mostFacts))) are told apart.</p>\n"
        return """
            <section class="card">\(notice(unknown.count))\(missing(silent))\(strangers)
            <div class="scroll" tabindex="0" role="region" aria-labelledby="facts-title">\
            <table class="wide told" id="facts"><caption id="facts-title"><h2>Facts</h2></caption>
            <thead><tr><th scope="col">Fact</th><th scope="col" class="n">Events received</th><th scope="col" class="n">Of no device</th><th scope="col">Plans</th></tr></thead>
            <tbody>\(unknown.map { row($0.key, $0.value, hint: hint($0.key, silent)) })\(known.map { row($0.key, $0.value, hint: nil) })</tbody>\
            </table></div>
            \(others)</section>

            """
    }

    private func notice(_ unknown: Int) -> HTML? {
        guard unknown > 0 else { return nil }
        let (count, verb) = (Numbers.count(UInt64(unknown)), unknown == 1 ? "fact is" : "facts are")
        let text = "\(count) \(verb) in no experiment’s plan: misspelt, or not asked about yet."
        return "<p class=\"notice warn\" id=\"unknown-facts\">\(text)</p>\n"
    }

    private func missing(_ silent: Set<String>) -> HTML? {
        guard !silent.isEmpty else { return nil }
        let names = silent.sorted().prefix(20).map { "‘\($0)’" }.joined(separator: ", ") + (silent.count > 20 ? ", …" : "")
        return "<p class=\"notice warn\" id=\"silent-facts\">Plans speak of what never came: \(names).</p>\n"
    }

    /// Events that count for nobody: most often a user's id was told in place of the device's token.
    private var strangers: HTML? {
        let found = tally.strangers.filter { $0.value > 0 && planned.contains($0.key) }
        guard !found.isEmpty else { return nil }
        let names = found.keys.sorted().prefix(20).map { "‘\($0)’" }.joined(separator: ", ") + (found.count > 20 ? ", …" : "")
        return """
            <p class="notice warn" id="strangers">Some events of \(names) were of units that were no device here when they came. They count in \
            no experiment, unless the device came after them, or a plan counts by person and the unit is a person’s id: send the token that \
            the device asks with.</p>

            """
    }

    private func hint(_ fact: String, _ silent: Set<String>) -> String {
        Spelling.nearest(to: fact, among: silent.sorted().prefix(100)).map { "in no plan; is it ‘\($0)’?" } ?? "in no plan"
    }

    private func row(_ fact: String, _ count: Int64, hint: String?) -> HTML {
        let chip: HTML =
            hint.map { "<span class=\"chip paused\">\($0)</span>" } ?? "<span class=\"chip running\">in a plan</span>"
        return """
            <tr><th scope="row">\(fact)</th><td class="n count">\(Numbers.count(UInt64(max(0, count))))</td>\
            <td class="n">\(Numbers.count(UInt64(max(0, tally.strangers[fact] ?? 0))))</td><td>\(chip)</td></tr>

            """
    }
}
