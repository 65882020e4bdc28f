import Enrollment
import HTTPServer

/// Entries of the audit log: when, who, what, and on request everything as it was before and after.
struct AuditCard {
    let trail: AuditTrail
    /// Where the next page is.
    let path: String
    /// Whether each entry says what it is about.
    let namesSubject: Bool

    var html: HTML {
        guard !trail.entries.isEmpty else { return "<section class=\"card empty\"><p>There is nothing here.</p></section>" }
        let older: HTML? = trail.next.map { "<footer><a href=\"\(path)?before=\($0)\">Older entries</a></footer>" }
        return """
            <section class="card" id="audit"><ol class="trail">\(trail.entries.map(item))</ol>\(older)</section>
            """
    }

    private func item(_ entry: AuditEntry) -> HTML {
        let subject: HTML? = namesSubject ? "<b>\(entry.subject)</b>: " : nil
        let words = AuditWords(entry)
        let name: HTML? = words.planName.map { " <span class=\"quiet\">\($0)</span>" }
        return """
            <li><p class="quiet">\(DateText.minutes(entry.time)) · <b class="actor">\(entry.actor)</b></p>\
            <p class="what">\(subject)\(words.text)\(name)</p>\
            <details><summary>Before and after</summary><div class="beside">\
            <div><h3>Before</h3><pre class="code">\(AuditWords.pretty(entry.before))</pre></div>\
            <div><h3>After</h3><pre class="code">\(AuditWords.pretty(entry.after))</pre></div></div></details></li>

            """
    }
}
