import Enrollment
import Experiments
import HTTPServer

/// What a person sees when the server is up.
struct Welcome {
    let server: Server
    let registry: Registry
    let place: String
    let token: AccessToken?
    let hasSpending: Bool

    var text: String {
        let host = server.host.contains(":") ? "[\(server.host)]" : server.host
        let address = "http://\(host):\(server.port)"
        var lines = [
            "Gosset \(Gosset.version) serves \(address)",
            "  statistics  \(address)/",
            "  simulate    \(address)/simulate",
            "  API         \(address)/docs",
            "  registry    \(place), \(count(registry.nextOrdinal, "device")), \(count(UInt64(registry.catalogue.experiments.count), "experiment"))",
        ]
        if hasSpending { lines.append("  spending    \(address)/spending") }
        if let token {
            lines.append("  admin token \(token.secret)")
            lines.append("              (made just now and shown only this once; keep it safe)")
        }
        lines.append("Try: curl -H 'Device-Token: my-phone' \(address)/api/v1/experiments")
        return lines.joined(separator: "\n")
    }

    private func count(_ number: UInt64, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
