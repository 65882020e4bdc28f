import Enrollment
import HTTPServer

/// The page at `/simulate`: a question, and below it the answer.
struct SimulatePage {
    let limit: UInt64
    var simulation: Simulation?
    /// Who is signed in.
    var session: Session?

    var html: HTML {
        let form: HTML = """
            <section class="card"><form class="ask" method="post" action="/simulate">
            <label for="devices">Invented devices\
            <input type="number" id="devices" name="devices" min="1" max="\(limit)" value="\(simulation?.devices ?? 600)" required></label>
            <button class="main">Simulate</button>
            </form></section>

            """
        var result: HTML = ""
        var refresh: Int?
        if let simulation {
            let progress = simulation.progress
            let view = SimulationView(devices: simulation.devices, progress: progress).html
            if progress.state == .running {
                refresh = 1
                result = "<div data-live=\"/simulate/\(simulation.id)/live\">\(view)</div>"
            } else {
                result = "<div>\(view)</div>"
            }
        }
        let content: HTML = """
            <div class="lead"><div><h1>Simulate</h1>
            <p class="quiet">Put invented devices through the real enrollment and assignment code, in a sandbox of their own: the real \
            statistics never see them. Up to \(Numbers.devices(limit)).</p></div></div>
            \(form)\(result)
            """
        return Page(title: "Simulate", tab: .simulate, session: session, refresh: refresh, content: content).html
    }
}

/// How far a simulation is, and how its devices were spread.
struct SimulationView {
    let devices: UInt64
    let progress: Simulation.Progress

    var html: HTML {
        let cards = progress.experiments.map { SpreadCard(statistics: $0, isSimulated: true).html }
        return """
            <section class="card" id="progress" data-state="\(progress.state.rawValue)"><header><h2>\(title)</h2>\
            <span class="number">\(Numbers.count(progress.done)) of \(Numbers.devices(devices))</span></header>
            <progress max="\(devices)" value="\(progress.done)">\(progress.done) of \(devices)</progress>
            <footer><span>\(Numbers.fixed(progress.seconds, decimals: 2)) s</span>\(rate)</footer></section>
            \(cards)
            """
    }

    private var title: String {
        switch progress.state {
        case .running: "Running"
        case .done: "Done"
        case .cancelled: "Cancelled"
        case .failed: "Failed: \(progress.failure ?? "for an unknown reason")"
        }
    }

    private var rate: HTML? {
        guard progress.seconds > 0, progress.done > 0 else { return nil }
        let rate = UInt64(Double(progress.done) / progress.seconds)
        return "<span>\(Numbers.devices(rate)) a second</span>"
    }
}
