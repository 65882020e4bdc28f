/// How a kind of database wants its SQL.
package enum Dialect: Hashable, Sendable {
    case duckDB
    case postgreSQL
    /// ClickHouse, of any version from 18.16 on.
    case clickHouse
    /// What the standard says, for other databases behind ADBC.
    case standard

    /// The text of a piece of SQL.
    package func text(_ sql: SQL) throws(WarehouseError) -> String {
        var text = ""
        for fragment in sql.fragments {
            switch fragment {
            case .text(let literal): text += literal
            case .identifier(let name): text += try quoted(name)
            case .path(let parts):
                var names: [String] = []
                for part in parts { names.append(try quoted(part)) }
                text += names.joined(separator: ".")
            case .value(let value): text += try literal(value)
            }
        }
        return text
    }

    /// A name in quotes.
    func quoted(_ name: String) throws(WarehouseError) -> String {
        guard !name.isEmpty, !name.unicodeScalars.contains("\0") else {
            throw .invalid("a name in SQL must not be empty nor hold a zero byte, as '\(name)' does")
        }
        switch self {
        case .clickHouse: return "`" + escaped(name, "`") + "`"
        // A name of our own is not quoted everywhere, and some databases make capitals of what is not.
        case .standard where name.wholeMatch(of: #/(gosset|[agu])_[a-z0-9_]+/#) != nil: return name
        default: return "\"" + name.replacing("\"", with: "\"\"") + "\""
        }
    }

    /// A value as a literal.
    func literal(_ value: SQLValue) throws(WarehouseError) -> String {
        switch value {
        case .text(let text):
            guard !text.unicodeScalars.contains("\0") else { throw .invalid("a text in SQL must not hold a zero byte") }
            if self == .clickHouse { return "'" + escaped(text, "'") + "'" }
            if self == .postgreSQL, text.contains("\\") {
                // Means the same whatever `standard_conforming_strings` is.
                return "E'" + escaped(text, "'") + "'"
            }
            return "'" + text.replacing("'", with: "''") + "'"
        case .integer(let number): return number < 0 ? "(\(number))" : "\(number)"
        case .number(let number): return try self.number(number)
        case .boolean(let flag):
            // A ClickHouse of 2018 has no words for them.
            return self == .clickHouse ? (flag ? "1" : "0") : flag ? "true" : "false"
        case .null: return "NULL"
        }
    }

    private func escaped(_ text: String, _ quote: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(quote, with: "\\" + quote)
    }

    private func number(_ number: Double) throws(WarehouseError) -> String {
        guard number.isFinite else { throw .invalid("a number in SQL must be finite, and \(number) is not") }
        // With an exponent it is a double everywhere, and not a decimal of few digits.
        let text = "\(number)".replacing(".0e", with: "e")
        let digits = text.contains("e") ? text : (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "e0"
        switch self {
        case .clickHouse: return "toFloat64(\(digits))"
        case .postgreSQL: return "(\(digits))::double precision"
        case .duckDB: return number.sign == .minus ? "(\(digits))" : digits
        case .standard: return "CAST(\(digits) AS DOUBLE PRECISION)"
        }
    }
}
