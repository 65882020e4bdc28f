import Charts
import Experiments
import Notifications

/// `gosset notify test`: whether messages arrive.
struct NotifyTestCommand: Command {
    let name = "notify test"
    let summary = "Send a test message to every chat and webhook, at once."
    let discussion = """
        Takes the flags of gosset serve that say whom to tell, sends each of them one message, and says what came of it. The exit status is
        1 if one of them was not reached, or --chart-python cannot draw.
        """

    let options = NotificationSettings.options

    func run(_ options: Options) async throws -> Int32 {
        let settings = try NotificationSettings(options)
        let senders = settings.senders
        guard !senders.isEmpty else { throw UsageError("whom to tell? Give --telegram-chats or --webhook") }
        let event = "test-\(Timestamp.now().milliseconds)"
        var status: Int32 = 0
        for sender in senders {
            switch await sender.send(NotifyTestCommand.notice, event: event) {
            case .delivered: Terminal.say("\(sender.name): delivered")
            case .throttled(let seconds):
                Terminal.complain("\(sender.name): asked to wait \(seconds) s")
                status = 1
            case .failed(let reason), .refused(let reason):
                Terminal.complain("\(sender.name): \(reason)")
                status = 1
            }
        }
        if let fault = await chartFault(settings.renderer) {
            Terminal.complain("\(options.source("chart-python")): \(fault); messages go without charts")
            status = 1
        }
        return status
    }

    /// Why charts cannot be drawn: messages go without them, so that nobody would be told.
    private func chartFault(_ renderer: VegaLiteRenderer?) async -> String? {
        guard let renderer, let chart = NotifyTestCommand.notice.chart else { return nil }
        do {
            try await renderer.draw([.init(chart, as: .png)]) { _, _ in }
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static let notice = Notice(
        title: "Gosset can reach you",
        paragraphs: ["This is a test: somebody ran gosset notify test."],
        table: .init(headings: ["what", "how many"], rows: [["<b>tags</b> & such", "1"], ["lines", "2"]]),
        chart: #"""
            {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "width": 300, "height": 150, "background": "white",
             "data": {"values": [{"what": "tags", "count": 1}, {"what": "lines", "count": 2}]}, "mark": "bar",
             "encoding": {"x": {"field": "what", "type": "nominal", "axis": {"labelAngle": 0}}, "y": {"field": "count", "type": "quantitative"}}}
            """#)
}
