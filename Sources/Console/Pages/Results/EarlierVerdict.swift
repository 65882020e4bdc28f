import Analysis
import HTTPServer

/// What was decided by an earlier plan, in words: so that nobody takes it for what is thought now, or misses it.
struct EarlierVerdict {
    private let entry: VerdictHistory.Entry

    /// Nil if there was no verdict worth telling.
    init?(_ entry: VerdictHistory.Entry?) {
        guard let entry, entry.rule.decision != .keepRunning else { return nil }
        self.entry = entry
    }

    var html: HTML {
        """
        <p class="quiet" id="earlier-verdict">By an earlier plan the verdict was “\(entry.rule.words)”, since \(DateText.minutes(entry.time)). \
        It counts for that plan only, and stays in the audit trail.</p>

        """
    }

    /// On a card of its own, where there is none of a verdict.
    var card: HTML { "<section class=\"card\">\(html)</section>\n" }
}
