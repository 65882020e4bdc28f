import Analysis
import HTTPServer

/// What the results rest on: every check, how it came out, and what to do where it is not as it should be.
struct ChecksCard {
    let checks: [Check]
    let statistics: ExperimentStatistics?

    var html: HTML {
        let items = checks.filter { $0.status != .skipped }.map { check in
            item(
                check.name, chip: ChecksCard.chip(check.status), check.text,
                advice: check.status == .passed ? nil : ChecksCard.advice(check.name))
        }
        return """
            <section class="card" id="checks"><header><h2>Can the data be trusted?</h2></header>
            <ul class="findings">\(balance)\(items)</ul></section>

            """
    }

    /// Assignment is exact, so anything but balance is a fault of the registry and not of chance.
    private var balance: HTML? {
        statistics.map { statistics in
            statistics.imbalance.map {
                item(
                    "balance", chip: ("alarm", "failed"), $0,
                    advice: "Devices are missing from the registry: see the server's log and its backups.")
            }
                ?? item(
                    "balance", chip: ("running", "passed"), "\(Numbers.devices(statistics.devices)), dealt exactly as intended", advice: nil
                )
        }
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
        case "sample ratio":
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
