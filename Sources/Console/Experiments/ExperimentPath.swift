import Experiments
import HTTPServer

/// Where an experiment's pages are.
enum ExperimentPath {
    static let list = "/experiments"
    static let new = "/experiments/new"

    /// A page of one experiment.
    ///
    /// `/experiments/new` is the form's; an experiment of that key is reached with an escaped letter, which is another path to the router.
    static func of(_ key: ExperimentKey, _ part: String = "") -> String {
        list + "/" + (key.text == "new" ? "%6Eew" : key.text) + (part.isEmpty ? "" : "/" + part)
    }

    /// The page that asks whether to finish with a winner, which is chosen there to begin with.
    static func finish(_ key: ExperimentKey, winner: String) -> String {
        of(key, ExperimentAction.finish.rawValue) + "?winner=" + PercentEncoding.encode(winner)
    }

    /// The page that explains a device's value.
    static func explain(_ key: ExperimentKey, device: String) -> String { of(key, "explain") + "?device=" + PercentEncoding.encode(device) }
}
