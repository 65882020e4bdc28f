import Experiments
import Foundation

/// What an entry of the audit log keeps of a thing as it was, as people and programs are shown it.
///
/// What is stored has moments in milliseconds, as the registry itself has; shown, they are ISO 8601 like all others.
struct AuditDocument {
    /// The members of the object; none of what is no object.
    let members: [String: Any]
    /// The same as JSON; what is no object stays as it is.
    let text: String

    init(_ stored: String) {
        guard let object = (try? JSONSerialization.jsonObject(with: Data(stored.utf8))) as? [String: Any] else {
            (members, text) = ([:], stored)
            return
        }
        let shown = AuditDocument.shown(object)
        members = shown
        let data = try? JSONSerialization.data(withJSONObject: shown, options: [.sortedKeys, .withoutEscapingSlashes])
        text = data.map { String(decoding: $0, as: UTF8.self) } ?? stored
    }

    /// Only where the registry has moments: what people themselves call `created`, such as an attribute, is theirs.
    private static func shown(_ stored: [String: Any]) -> [String: Any] {
        var object = stored
        for name in ["created", "started", "finished"] { tell(name, of: &object) }
        if let epochs = object["epochs"] as? [[String: Any]] {
            object["epochs"] = epochs.map { epoch in
                var epoch = epoch
                tell("decided", of: &epoch)
                return epoch
            }
        }
        if var release = object["released"] as? [String: Any] {
            tell("time", of: &release)
            object["released"] = release
        }
        return object
    }

    private static func tell(_ name: String, of object: inout [String: Any]) {
        guard let number = object[name] as? NSNumber else { return }
        object[name] = "\(Timestamp(milliseconds: number.int64Value))"
    }
}
