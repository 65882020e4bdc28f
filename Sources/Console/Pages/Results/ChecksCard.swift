import Analysis
import HTTPServer

/// What the results rest on: every check, how it came out, and what to do where it is not as it should be.
struct ChecksCard {
    let checks: [Check]
    let statistics: ExperimentStatistics?

    var html: HTML {
        let open = checks.filter { $0.status == .failed } + checks.filter { $0.status == .warning }
        let passed = checks.filter { $0.status == .passed }
        let imbalance = statistics?.imbalance.map {
            item(
                "balance", chip: ("alarm", "failed"), $0,
                advice: "Devices are missing from the registry: see the server’s log and its backups.")
        }
        let doubts = [imbalance].compactMap(\.self) + open.map { item($0, advice: ChecksCard.advice($0.name)) }
        let sound = [balance].compactMap(\.self) + passed.map { item($0, advice: nil) }
        let list: HTML? = doubts.isEmpty ? nil : "<ul class=\"findings\">\(doubts)</ul>\n"
        return """
            <section class="card" id="checks"><header><h2>Can the data be trusted?</h2></header>
            \(list)<details><summary>\(Numbers.count(UInt64(sound.count))) checks passed</summary><ul class="findings">\(sound)</ul></details></section>

            """
    }

    /// Assignment is exact, so anything but balance is a fault of the registry and not of chance.
    private var balance: HTML? {
        guard let statistics, statistics.imbalance == nil else { return nil }
        let text = "\(Numbers.devices(statistics.devices)), dealt exactly as intended"
        return item("balance", chip: ("running", "passed"), text, advice: nil)
    }

    private func item(_ check: Check, advice: String?) -> HTML {
        item(check.name, chip: ChecksCard.chip(check.status), check.text, advice: advice)
    }

    private func item(_ name: String, chip: (style: String, word: String), _ text: String, advice: String?) -> HTML {
        let action: HTML? = advice.map { "<br><span class=\"quiet\">\($0)</span>" }
        return "<li><span class=\"chip \(chip.style)\">\(chip.word)</span> <b>\(name)</b>: \(text)\(action)</li>\n"
    }

    private static func chip(_ status: Check.Status) -> (style: String, word: String) {
        switch status {
        case .passed: ("running", "passed")
        case .warning: ("paused", "mind")
        case .failed: ("alarm", "failed")
        case .skipped: ("", "not checked")
        }
    }

    private static func advice(_ name: String) -> String? {
        switch name {
        case "sample ratio", "sample ratio over time":
            "Units are lost between assignment and analysis, more of one variant than of another: compare exposures with what devices sent, by version and by day, before believing anything."
        case "units in two variants":
            "See whether devices share tokens or people have several devices; the plan's policy says how they count."
        case "units without assignment":
            "Events came of units that the experiment does not know: see whether the unit's id is the device's token everywhere."
        case "duplicates": "Give events ids where they arise, so that what is sent twice counts once."
        case "missing values", "impossible values", "values below zero":
            "Find out at the source of these events whether it is a fault; leave values out only for a reason that does not look at the result."
        case "facts before exposure": "Clocks of devices may be wrong, or the plan counts what happened before the experiment."
        case "outliers that carry a result": "Find out whether this unit is a customer or a fault, and consider a cap in the plan."
        case "outside the population": "See whether the population's event is sent before the event that is counted."
        default: nil
        }
    }
}
