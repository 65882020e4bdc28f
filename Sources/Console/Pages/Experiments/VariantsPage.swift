import Enrollment
import Experiments
import HTTPServer

/// The page on which an experiment is given other weights or variants: they are typed, then it says what would happen.
struct VariantsPage {
    let session: Session
    let experiment: Experiment
    let sight: HTML
    let rows: VariantRows
    var mistake: VariantRows.Mistake?
    /// Why what was typed was not looked at: somebody else changed the experiment.
    var conflict: String?

    var html: HTML {
        let content: HTML = """
            <section class="card"><h2>\(ExperimentAction.variants.question(experiment.key))</h2>
            <p class="quiet">Weights are relative: 1 and 3 are a quarter and three quarters. A variant that is left out is closed to new \
            devices; those who have it keep it.</p>
            \(conflict == nil ? HTML.empty : "<p id=\"theirs\">In force now: \(ExperimentWords.shares(experiment.allocation)). Below is what you typed.</p>\n")\
            <form class="stack" method="post" action="\(ExperimentPath.of(experiment.key, "variants"))">
            \(session.field)\(sight)\
            <button class="default" name="do" value="review" tabindex="-1" aria-hidden="true">Go on</button>
            \(rows.html(wrong: mistake?.row))\
            <div class="actions"><button class="main" name="do" value="review">Go on</button>\
            <a class="button" href="\(ExperimentPath.of(experiment.key))">Leave it as it is</a></div>
            </form></section>
            """
        return ExperimentFrame(
            experiment: experiment, session: session, tab: nil, notice: (mistake?.reason ?? conflict).map { PageNotice.refused($0) },
            content: content
        ).html
    }

    /// What a new allocation means for each value, in words.
    static func consequences(_ allocation: Allocation, _ experiment: Experiment, _ statistics: ExperimentStatistics) -> [String] {
        let closed = experiment.allocation.variants.map(\.value).filter { value in !allocation.variants.contains { $0.value == value } }
        let changes = allocation.variants.enumerated().map { index, variant -> String in
            let after = Numbers.percent(allocation.percent(of: index))
            let before = experiment.allocation.variants.firstIndex { $0.value == variant.value }
            return before.map { "‘\(variant.value)’: \(Numbers.percent(experiment.allocation.percent(of: $0))) → \(after)." }
                ?? "‘\(variant.value)’ is new: \(after)."
        }
        return changes
            + closed.map { value in
                let devices = statistics.variants.first { $0.value == value }?.devices ?? 0
                return
                    "‘\(value)’ is closed to new devices; the \(Numbers.devices(devices)) that \(devices == 1 ? "has" : "have") it keep it."
            } + ["The proportions are exact after every \(Numbers.devices(allocation.blockSize))."]
    }
}
