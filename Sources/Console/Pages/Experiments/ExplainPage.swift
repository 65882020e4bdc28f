import Enrollment
import Experiments
import HTTPServer

/// The page that tells why a device has its value, or none.
struct ExplainPage {
    enum Answer {
        case unknownDevice
        case refused(String)
        case found(Explanation)
    }

    let session: Session
    let experiment: Experiment
    let token: String
    /// Nil as long as nothing was asked.
    let answer: Answer?
    /// The value that it is given whatever it is dealt, as a tester's.
    let forcedValue: String?
    let notice: PageNotice?
    /// The value that was chosen for it, where that could not be done.
    var chosenValue: String?

    var html: HTML {
        let content: HTML = """
            \(notice.map(\.html))<section class="card"><h2>Why did this device get this?</h2>
            <p class="quiet">To ask for a device does not make it known.</p>
            <form class="ask" method="get" action="\(ExperimentPath.of(experiment.key, "explain"))">
            <label for="device">Device token\
            <input type="text" id="device" name="device" value="\(token)" required maxlength="256" autocomplete="off" spellcheck="false"\(invalid)></label>
            <button class="main">Explain</button></form></section>
            \(answer.map(card))\(tester)
            """
        return ExperimentFrame(experiment: experiment, session: session, tab: .explain, content: content).html
    }

    /// What was typed is no token.
    private var invalid: HTML {
        guard case .refused? = answer else { return .empty }
        return " aria-invalid=\"true\" aria-describedby=\"explanation\" autofocus"
    }

    /// The forced value that the device is told; a finished experiment tells none.
    private var toldValue: String? { experiment.state == .finished ? nil : forcedValue }

    /// What an editor may do for a tester's device, known or not.
    private var tester: HTML? {
        switch answer {
        case .found, .unknownDevice: break
        case .refused, nil: return nil
        }
        guard session.role >= .editor, experiment.state != .finished else { return nil }
        let options = experiment.values.map { value -> HTML in
            "<option value=\"\(value)\"\(value == chosenValue ?? forcedValue ? " selected" : HTML.empty)>\(value)</option>"
        }
        return """
            <section class="card" id="tester"><h2>Is it a tester's?</h2>
            <p class="quiet">It can be given a value whatever it is dealt, also before the experiment is started. It then counts for nothing in this
            experiment, for ever, also when it is given what it is dealt again.</p>
            <form class="ask" method="post" action="\(ExperimentPath.of(experiment.key, "explain"))">
            \(session.field)<input type="hidden" name="device" value="\(token)">
            <label for="value">Value<select id="value" name="value"><option value="">what it is dealt</option>\(options)</select></label>
            <button>Give it this value…</button></form></section>
            """
    }

    private func card(_ answer: Answer) -> HTML {
        switch answer {
        case .refused(let reason): return "<section class=\"card\" role=\"alert\" id=\"explanation\"><p>\(reason)</p></section>"
        case .unknownDevice:
            let value: HTML? = toldValue.map { "<header><h2>‘\($0)’</h2></header>\n" }
            return """
                <section class="card" id="explanation">\(value)<p>\(Explanation.unknownDevice(forced: toldValue))</p></section>
                """
        case .found(let explanation):
            let (device, placement) = (explanation.device, explanation.placement)
            let value: HTML = placement.value.map { "‘\($0)’" } ?? "no value"
            let deal: HTML? = placement.deal.map { deal in
                """
                <dt>Epoch</dt><dd>\(deal.epoch)</dd><dt>Place</dt><dd>\(deal.place + 1) of \(deal.blockSize) in block \
                \(Numbers.count(deal.block + 1)), as number \(Numbers.count(deal.position + 1)) of the epoch</dd>
                """
            }
            return """
                <section class="card" id="explanation"><header><h2>\(value)</h2></header>
                \(explanation.sentences.map { "<p>\($0)</p>" as HTML })
                <dl><dt>First seen</dt><dd>\(DateText.minutes(device.firstSeen)), as number \(Numbers.count(device.ordinal + 1)) of all \
                devices</dd>\(deal)</dl></section>
                """
        }
    }
}
