import Experiments
import HTTPServer

/// One experiment as a card: its devices, and a table of how they are spread over the variants.
struct SpreadCard {
    let statistics: ExperimentStatistics
    /// Whether the devices are invented, so that when the experiment began means nothing.
    var isSimulated = false
    /// Whether it stands on the experiment's own page, which has told what it is about.
    var isOnOwnPage = false

    var html: HTML {
        let rows = statistics.variants.enumerated().map { index, variant in row(variant, index: index) }
        let alarm: HTML? = statistics.imbalance.map { "<span class=\"chip alarm\" role=\"alert\">out of balance: \($0)</span>" }
        return """
            <section class="card" id="experiment-\(statistics.key)">
            <header><h2>\(isOnOwnPage ? "Who got what" : statistics.key.description)</h2>\(isOnOwnPage ? HTML.empty : chip)\(alarm)\
            <span class="number">\(Numbers.devices(statistics.devices))</span></header>
            \(isOnOwnPage ? HTML.empty : "<p class=\"quiet\">\(statistics.summary)</p>\n")\
            <table><caption class="hidden">\(statistics.key): devices by variant</caption>
            <thead><tr><th scope="col">Variant</th><th scope="col">Spread</th><th scope="col" class="n">Devices</th>\
            <th scope="col" class="n">Share</th><th scope="col" class="n">Intended</th></tr></thead>
            <tbody>\(rows)</tbody>
            </table>
            <footer>\(footer)</footer>
            </section>

            """
    }

    private var chip: HTML {
        isSimulated
            ? "<span class=\"chip\">simulated</span>"
            : "<span class=\"chip \(statistics.state.rawValue)\">\(statistics.state.rawValue)</span>"
    }

    private func row(_ variant: ExperimentStatistics.Variant, index: Int) -> HTML {
        """
        <tr><td class="value" title="\(variant.value)">\(swatch(variant.value))\(variant.value)</td>\
        <td class="spread">\(bar(variant, index: index))</td>\
        <td class="n devices">\(Numbers.count(variant.devices))</td>\
        <td class="n percent">\(Numbers.percent(variant.percent))</td>\
        <td class="n intended">\(intended(variant))</td></tr>

        """
    }

    /// What was intended of the devices that came, and what is intended now where that is another.
    private func intended(_ variant: ExperimentStatistics.Variant) -> HTML {
        let now = variant.intendedPercent.map { Numbers.percent($0) } ?? "closed"
        guard let expected = variant.expectedPercent else { return "\(now)" }
        let past = Numbers.percent(expected)
        return now == past ? "\(past)" : "\(past) <span class=\"now\">now \(now)</span>"
    }

    /// A value that is a colour is shown as one.
    private func swatch(_ value: String) -> HTML? {
        guard Color.isHexadecimal(value) else { return nil }
        return
            "<svg class=\"swatch\" viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect width=\"14\" height=\"14\" rx=\"3\" fill=\"\(value)\"/></svg>"
    }

    /// The share as a bar, and a mark where it is meant to be.
    private func bar(_ variant: ExperimentStatistics.Variant, index: Int) -> HTML {
        let width = Numbers.fixed(variant.percent ?? 0, decimals: 2)
        let fill: HTML = Color.isHexadecimal(variant.value) ? "fill=\"\(variant.value)\"" : ""
        let palette = Color.isHexadecimal(variant.value) ? "" : " f\(index % 8)"
        let intended = variant.expectedPercent ?? variant.intendedPercent
        let mark: HTML? = intended.map { intended in
            "<svg x=\"\(Numbers.fixed(intended, decimals: 2))%\" overflow=\"visible\">"
                + "<rect class=\"mark\" x=\"-1\" y=\"-2\" width=\"2\" height=\"22\" rx=\"1\"/></svg>"
        }
        let label = "\(Numbers.percent(variant.percent)) of the devices, \(Numbers.percent(intended)) intended"
        return """
            <svg class="bar" role="img" aria-label="\(label)"><rect class="track" width="100%" height="18" rx="4"/>\
            <rect class="fill\(palette)" \(fill) width="\(width)%" height="18" rx="4"/>\(mark)</svg>
            """
    }

    private var footer: HTML {
        var facts: [HTML] = []
        if let started = statistics.started, !isSimulated { facts.append("<span>started \(DateText.minutes(started))</span>") }
        if let finished = statistics.finished { facts.append("<span>finished \(DateText.minutes(finished))</span>") }
        if let winner = statistics.winner { facts.append("<span>winner, given to everyone: <b>\(winner)</b></span>") }
        if statistics.excluded > 0 {
            facts.append("<span>\(Numbers.devices(UInt64(statistics.excluded))) left out, with forced values</span>")
        }
        facts.append("<span>exact after every \(Numbers.devices(statistics.blockSize))</span>")
        return facts.joined()
    }
}

enum Color {
    /// Whether a value is `#RGB` or `#RRGGBB`, and so can stand in a `fill` attribute as it is.
    static func isHexadecimal(_ value: String) -> Bool {
        let bytes = Array(value.utf8)
        guard bytes.first == UInt8(ascii: "#"), bytes.count == 4 || bytes.count == 7 else { return false }
        return bytes.dropFirst().allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
            default: false
            }
        }
    }
}

enum DateText {
    /// `2026-01-31 09:30 UTC`.
    static func minutes(_ time: Timestamp) -> String {
        let text = time.description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(5) + " UTC"
    }
}
