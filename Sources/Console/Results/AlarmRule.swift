package import Analysis
package import Experiments
import Foundation
package import Notifications
import Text

/// When an alarm about an experiment's data begins and ends: a value, told each new look.
///
/// What is doubtful changes nothing, so that an alarm does not come and go with every few units.
package struct AlarmRule: Sendable, Hashable {
    /// What a look says.
    package enum Signal: Sendable, Hashable {
        case alarming(String)
        case doubtful(String)
        case sound(String)

        package var text: String {
            switch self {
            case .alarming(let text), .doubtful(let text), .sound(let text): text
            }
        }
    }

    /// What the audit log calls a beginning or an end.
    package static let action = "alarm"

    /// What is watched, such as `sample ratio over time`.
    package let name: String
    package private(set) var isRaised: Bool

    /// An alarm that is not raised.
    package init(_ name: String) { (self.name, isRaised) = (name, false) }

    /// An alarm as it was stored; nil if the text is another's, or none.
    package init?(_ name: String, stored: String) {
        struct Stored: Decodable {
            let alarm: String
            let isRaised: Bool
        }
        guard let stored = try? JSONDecoder().decode(Stored.self, from: Data(stored.utf8)), stored.alarm == name else { return nil }
        (self.name, isRaised) = (name, stored.isRaised)
    }

    /// As the audit log keeps it: a JSON object.
    package var stored: String { stored(by: nil) }

    /// The same with the server that writes it.
    package func stored(by server: String?) -> String {
        let members: [(String, JSONValue)] = [("alarm", .string(name)), ("isRaised", .boolean(isRaised))]
        return JSONValue.object(members + (server.map { [("server", JSONValue.string($0))] } ?? [])).description
    }

    /// Takes in a look; true if the alarm began or ended.
    package mutating func consider(_ signal: Signal) -> Bool {
        let before = isRaised
        switch signal {
        case .alarming: isRaised = true
        case .sound: isRaised = false
        case .doubtful: break
        }
        return isRaised != before
    }

    /// Whether a look would begin or end the alarm.
    func isNews(_ signal: Signal) -> Bool {
        var rule = self
        return rule.consider(signal)
    }

    /// The alarm among the checks of the data.
    package func check(_ signal: Signal) -> Check { Check(name, isRaised ? .failed : .passed, signal.text) }

    /// What people are told when it begins or ends.
    package func notice(_ key: ExperimentKey, _ signal: Signal) -> Notice {
        Notice(
            title: isRaised ? "\(key): alarm, \(name)" : "\(key): \(name) is as it should be again",
            paragraphs: [signal.text] + (isRaised ? ["No result is to be trusted before this is cleared up."] : []))
    }
}
