/// Names and values as a query string or an `application/x-www-form-urlencoded` body carries them.
package struct Form: Sendable {
    package let fields: [(name: String, value: String)]

    /// Reads `a=1&b=2`, with `+` for a space.
    /// - Throws: `Problem` 400 for a malformed escape, a zero byte or text that is not UTF-8.
    package init(_ bytes: some Collection<UInt8>) throws(Problem) {
        var fields: [(name: String, value: String)] = []
        for field in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            do throws(PercentEncoding.Flaw) {
                let name = try PercentEncoding.decode(parts[0], plusIsSpace: true)
                fields.append((name, try PercentEncoding.decode(parts.count > 1 ? parts[1] : parts[0].suffix(0), plusIsSpace: true)))
            } catch {
                throw .badRequest("A name or value \(error).")
            }
        }
        self.fields = fields
    }

    init(fields: [(name: String, value: String)]) { self.fields = fields }

    /// The value of a field that may be given once; nil when it is not given.
    /// - Throws: `Problem` 400 when it is given more than once: which one is meant is not for us to guess.
    package func value(_ name: String) throws(Problem) -> String? {
        let values = fields.filter { $0.name == name }
        guard values.count <= 1 else { throw .badRequest("'\(name)' is given \(values.count) times.") }
        return values.first?.value
    }

    /// The value of a field, read as a `Value`; nil when it is not given.
    /// - Throws: `Problem` 400 when it is given more than once or does not read as a `Value`.
    package func value<Value: LosslessStringConvertible>(_ name: String, as type: Value.Type) throws(Problem) -> Value? {
        guard let text = try value(name) else { return nil }
        guard let value = Value(text) else { throw .badRequest("'\(name)' is not \(expectation(of: type)).") }
        return value
    }

    /// All values of a field, in the order given.
    package func values(_ name: String) -> [String] {
        fields.filter { $0.name == name }.map(\.value)
    }
}

/// What a person would call a type that text was to be read as.
func expectation(of type: Any.Type) -> String {
    switch type {
    case is any BinaryInteger.Type: "a whole number in range"
    case is any BinaryFloatingPoint.Type: "a number"
    case is Bool.Type: "true or false"
    default: "valid"
    }
}
