import Experiments
import Foundation
import HTTPServer

extension Request {
    /// What a new device tells of itself in the header `Device-Attributes`: a JSON object of texts, numbers and booleans.
    ///
    /// - Throws: `Problem` 400 for anything else, and for more than is accepted.
    func attributes() throws -> Attributes {
        try withHeader("Device-Attributes") { header in
            guard let header else { return .none }
            let bytes = header.withUnsafeBufferPointer { Array($0) }
            do throws(JSONScanner.Flaw) {
                try JSONScanner.check(bytes, maximumDepth: 2, hasUniqueKeys: true)
            } catch {
                throw Problem.badRequest(
                    "The header Device-Attributes is not JSON we can read: at byte \(error.offset + 1), expected \(error.expected).")
            }
            let values: [String: AttributeValue]
            do {
                values = try JSONDecoder().decode([String: AttributeValue].self, from: Data(bytes))
            } catch {
                throw Problem.badRequest(
                    "The header Device-Attributes must be a JSON object of texts, numbers, true and false: {\"country\":\"DE\",\"age\":30}."
                )
            }
            do { return try Attributes(values) } catch { throw Problem.badRequest("The header Device-Attributes: \(error)") }
        }
    }
}
