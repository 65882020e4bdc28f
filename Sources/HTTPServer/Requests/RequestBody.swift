internal import Foundation
import Text

/// How a JSON body is read.
package struct JSONReading: Sendable {
    /// Levels of arrays and objects.
    ///
    /// Deeper bodies are refused before they are decoded.
    package var maximumDepth = 64
    /// Whether a key that the type does not have is an error instead of being ignored.
    ///
    /// It tells a client about a typing mistake.
    package var rejectsUnknownKeys = false

    package init() {}

    package static let lenient = JSONReading()

    package static var strict: JSONReading {
        var reading = JSONReading()
        reading.rejectsUnknownKeys = true
        return reading
    }
}

extension Request {
    /// Decodes a JSON body.
    ///
    /// Dates are ISO 8601.
    /// - Throws: `Problem` 415 for another content type, 400 with line and column for malformed JSON or too deep nesting, 422 with line and
    ///   column for a member that its object has twice, 422 with the path of the value for JSON that does not have the shape of a `Value`.
    package func json<Value: Decodable>(_ type: Value.Type, _ reading: JSONReading = .lenient) throws(Problem) -> Value {
        try requireContentType("application/json")
        // Asked here: a type may read past a member that it cannot make sense of.
        guard (try? body.withUnsafeBufferPointer { try UTF8Span(validating: $0.span).count }) != nil else {
            throw .badRequest("The body is not UTF-8.")
        }
        do throws(JSONScanner.Flaw) {
            try JSONScanner.check(body, maximumDepth: reading.maximumDepth, hasUniqueKeys: true)
        } catch {
            if let member = error.duplicate {
                throw Problem(
                    .unprocessableContent,
                    "The member '\(member)' is there twice in one object, the second time at \(position(of: error.offset)). Leave one out.",
                    extensions: ["member": .string(member)])
            }
            throw .badRequest("The body is not JSON we can read: \(position(of: error.offset)), expected \(error.expected).")
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            let data = Data(body)
            if reading.rejectsUnknownKeys { return try decoder.decode(Strict<Value>.self, from: data).value }
            return try decoder.decode(type, from: data)
        } catch let error as DecodingError {
            throw Problem(error)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .badRequest("The body could not be read as JSON.")
        }
    }

    /// Reads the body of an HTML form.
    /// - Throws: `Problem` 415 for another content type than `application/x-www-form-urlencoded`, 400 for a malformed one.
    package func form() throws(Problem) -> Form {
        try requireContentType("application/x-www-form-urlencoded")
        return try Form(body)
    }

    private func requireContentType(_ wanted: String) throws(Problem) {
        let given = try header("Content-Type")?.prefix { $0 != ";" }
        let name = given?.split(separator: " ").first ?? ""
        guard name.equalsIgnoringCase(wanted) else {
            throw Problem(.unsupportedMediaType, "The body must be \(wanted).", headers: ["Accept-Post": wanted])
        }
    }

    /// Where an offset lies for a person: lines and columns count from one, columns in bytes.
    private func position(of offset: Int) -> String {
        let before = body[..<min(offset, body.count)]
        let lineFeed = UInt8(ascii: "\n")
        let column = before.count - (before.lastIndex(of: lineFeed).map { $0 + 1 } ?? 0) + 1
        return "line \(before.count { $0 == lineFeed } + 1), column \(column)"
    }
}

extension Problem {
    /// What is wrong with well-formed JSON, and where.
    fileprivate init(_ error: DecodingError) {
        let (path, detail): ([any CodingKey], String) =
            switch error {
            case .typeMismatch(let type, let context): (context.codingPath, "expected \(jsonName(of: type))")
            case .valueNotFound(let type, let context): (context.codingPath, "expected \(jsonName(of: type)), found null")
            case .keyNotFound(let key, let context): (context.codingPath, "'\(key.stringValue)' is missing")
            // The syntax was checked before, so what Foundation itself cannot read is a value; it does not say which.
            case .dataCorrupted(let context) where context.debugDescription.contains("not valid JSON"):
                (context.codingPath, "a number is too large, too small or not whole, or a text has a lone surrogate")
            case .dataCorrupted(let context): (context.codingPath, String(context.debugDescription.trimmingSuffix { $0 == "." }))
            @unknown default: ([], "it cannot be read")
            }
        let pointer = path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        self.init(.unprocessableContent, "The body does not fit at $\(pointer): \(detail).", extensions: ["path": .string("$" + pointer)])
    }
}

private func jsonName(of type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is Bool.Type: "true or false"
    case is any Collection.Type where "\(type)".hasPrefix("Dictionary"): "an object"
    case is any Collection.Type: "an array"
    default: "\(type)"
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
