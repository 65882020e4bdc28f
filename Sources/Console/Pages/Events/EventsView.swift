import Events
import Experiments
import HTTPServer
import Text

/// How the intake of events stands at a moment: the part of its page that changes as events come.
struct EventsView: Sendable, Hashable {
    /// Batches that were refused since the server was started, for one reason.
    struct Refused: Sendable, Hashable {
        let reason: String
        let batches: Int
    }

    let spool: Spool.Status
    /// Whole seconds for which the oldest event waits.
    let lag: Int64
    /// Why nothing is delivered, if nothing is.
    let obstacle: LiveResults.Obstacle?
    /// The devices whose exposures the warehouse has, once that is known.
    let exposures: Ordinal?
    let devices: Ordinal
    let refused: [Refused]
    /// The facts that plans speak of.
    let planned: Set<String>

    var html: HTML { "\(alarms)\(way)\(place)\(oddities)\(FactsCard(tally: spool.tally, planned: planned).html)" }

    // MARK: What is wrong

    private var alarms: HTML {
        let unwritable = spool.failure.map { alarm("unwritable", "No events are taken now. \(Sentence.ended("\($0)"))") }
        let away = obstacle.map {
            alarm(
                "obstacle",
                "Nothing has been delivered since \(DateText.minutes($0.since)): \(Sentence.ended($0.reason)) "
                    + "What arrives waits in the spool.")
        }
        let full: HTML? =
            share < 0.9
            ? nil
            : alarm(
                "full",
                "The spool is \(Numbers.percent(share * 100)) full. What does not fit is refused (503), and clients keep it: see why the "
                    + "warehouse does not take it, or give the spool more room with --events-spool.")
        return "\(unwritable)\(away)\(full)"
    }

    private func alarm(_ id: String, _ text: String) -> HTML {
        "<section class=\"card problem\" role=\"alert\" id=\"\(id)\"><p>\(text)</p></section>\n"
    }

    /// How much of the spool is taken.
    private var share: Double { spool.limit > 0 ? Double(spool.bytes) / Double(spool.limit) : 0 }

    // MARK: What there is

    private var way: HTML {
        let tally = spool.tally
        let waiting = max(0, tally.received - tally.delivered - tally.duplicates - tally.erased)
        return table(
            "way", "How far they came", ("Events", "How many"),
            [
                row("received", "Received", tally.received, "all that were taken in, repetitions too"),
                row("delivered", "Delivered", tally.delivered, "the warehouse has them"),
                row(
                    "duplicates", "Duplicates", tally.duplicates,
                    "told again under the same unit and id: the first holds, whatever the others say"),
                row("erased", "Erased", tally.erased, "taken out of the spool because somebody asked for that"),
                row("waiting", "Waiting", waiting, "in the spool, for the warehouse"),
            ])
    }

    private var place: HTML {
        let oldest = spool.oldest.map { "came \(DateText.minutes($0)), \(EventsView.duration(lag)) ago" } ?? "none waits"
        let known = exposures.map { "\(Numbers.count($0)) of \(Numbers.devices(devices))" } ?? "not asked yet"
        let erasures: HTML? =
            spool.erasures == 0 ? nil : "<dt>Units to be erased there</dt><dd id=\"erasures\">\(Numbers.count(UInt64(spool.erasures)))</dd>"
        let chip: HTML = obstacle == nil ? "<span class=\"chip running\">delivering</span>" : "<span class=\"chip alarm\">away</span>"
        let (bytes, limit) = (EventsView.bytes(spool.bytes), EventsView.bytes(spool.limit))
        return """
            <section class="card" id="spool"><header><h2>What waits for the warehouse</h2>\(chip)\
            <span class="number">\(bytes) of \(limit)</span></header>
            <progress max="\(max(1, spool.limit))" value="\(min(spool.bytes, spool.limit))" aria-label="How full the spool is">\
            \(bytes) of \(limit)</progress>
            <dl><dt>Oldest event</dt><dd id="oldest">\(oldest)</dd>
            <dt>Lag</dt><dd id="lag">\(EventsView.duration(lag))</dd>
            <dt>Exposures delivered</dt><dd id="exposures">\(known)</dd>\(erasures)</dl></section>

            """
    }

    // MARK: What is odd

    private var oddities: HTML {
        let tally = spool.tally
        let reasons = [
            "invalid": "a rule was broken; the answer named event, line and column",
            "full": "the spool had no room: clients were told to come again",
            "unavailable": "the disk could not be written: clients were told to come again",
        ]
        return table(
            "odd", "What was odd", ("Odd", "How many"),
            [
                row("late", "Late events", tally.late, "came a day or more after they happened; they keep their time"),
                row("skewed", "Skewed clocks", tally.skewed, "events that claimed to be of the future; they got the server’s time"),
            ]
                + refused.map {
                    row(
                        "refused-\($0.reason)", "Refused batches: \($0.reason)", Int64($0.batches),
                        "since the start: \(reasons[$0.reason] ?? "")")
                })
    }

    private func table(_ id: String, _ title: String, _ head: (String, String), _ rows: [HTML]) -> HTML {
        """
        <section class="card"><div class="scroll" tabindex="0" role="region" aria-labelledby="\(id)-title">\
        <table class="wide told" id="\(id)"><caption id="\(id)-title"><h2>\(title)</h2></caption>
        <thead><tr><th scope="col">\(head.0)</th><th scope="col" class="n">\(head.1)</th></tr></thead>
        <tbody>\(rows)</tbody></table></div></section>

        """
    }

    private func row(_ id: String, _ name: String, _ count: Int64, _ meaning: String) -> HTML {
        """
        <tr><th scope="row">\(name)<span class="meaning">\(meaning)</span></th>\
        <td class="n" id="\(id)">\(Numbers.count(UInt64(max(0, count))))</td></tr>

        """
    }

    // MARK: Words

    /// `3 s`, `2 min`, `5 h`, `3 d`.
    static func duration(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// `512 bytes`, `1.5 MiB`, `1.0 GiB`.
    static func bytes(_ count: Int) -> String {
        let units = [(1 << 40, "TiB"), (1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        guard let (size, name) = units.first(where: { count >= $0.0 }) else { return "\(count) bytes" }
        return Numbers.fixed(Double(count) / Double(size), decimals: 1) + " " + name
    }
}
