/// Members of JSON objects that are kept as text.
extension Dialect {
    /// A member of an object as text: a string's characters, the digits of a number, `true` or `false`; missing where it is none of these.
    ///
    /// - Parameters:
    ///   - object: a column of JSON objects as text.
    ///   - name: the member's name, at the object's own level.
    ///   - isAsWritten: whether numbers are to be as they stand in the object, such as `1.50`, which takes longer in DuckDB than `1.5`.
    package func text(ofMember name: String, in object: SQL, isAsWritten: Bool = true) -> SQL {
        switch self {
        case .duckDB, .standard:
            let path = Dialect.pointer(name)
            let text: SQL = "json_extract_string(\(object), \(value: path))"
            let raw: SQL = "regexp_extract(\(object), \(value: Dialect.pattern(of: name)), 1)"
            // What may have been written in another way: all numbers but whole ones begin below ':', and so do few texts.
            let written: SQL = """
                 WHEN \(text) < ':' AND regexp_full_match(\(text), '0|-?[0-9]+[.][0-9]+(e-?[0-9]+)?|-?[0-9]+e-?[0-9]+')
                THEN CASE WHEN \(raw) LIKE '"%' THEN \(text) ELSE \(raw) END
                """
            // Each function reads the whole text anew, and that is most of what results cost; what begins like neither is neither.
            return """
                CASE WHEN \(text) LIKE '{%' OR \(text) LIKE '[%'
                THEN CASE WHEN json_type(\(object), \(value: path)) NOT IN ('OBJECT', 'ARRAY') THEN \(text) END\(isAsWritten ? written : "")
                ELSE \(text) END
                """
        case .postgreSQL:
            let json: SQL = "CAST(\(object) AS json)"
            return """
                CASE WHEN json_typeof(\(json) -> \(value: name)) IN ('string', 'number', 'boolean') \
                THEN (\(json) ->> \(value: name)) COLLATE "C" END
                """
        case .clickHouse:
            let raw = raw(name, in: object)
            return """
                CASE WHEN \(raw) IN ('', 'null') THEN \(missingText) WHEN substring(\(raw), 1, 1) = '"'
                THEN toNullable(visitParamExtractString(concat('{"v":', \(raw), '}'), 'v')) ELSE toNullable(\(raw)) END
                """
        }
    }

    /// A member of an object as a double; missing where it is no number.
    ///
    /// One that is too large for a double is infinite, and one that is too small is zero.
    package func number(ofMember name: String, in object: SQL) -> SQL {
        switch self {
        case .duckDB, .standard:
            let path = Dialect.pointer(name)
            return """
                CASE WHEN json_type(\(object), \(value: path)) IN ('BIGINT', 'UBIGINT', 'DOUBLE')
                THEN TRY_CAST(json_extract_string(\(object), \(value: path)) AS DOUBLE) END
                """
        case .postgreSQL:
            let json: SQL = "CAST(\(object) AS json)"
            let text: SQL = "\(json) ->> \(value: name)"
            // A cast of what no double holds is an error there, and clients may write what they like. Hardly anything is read twice.
            return """
                CASE WHEN json_typeof(\(json) -> \(value: name)) <> 'number' THEN NULL
                WHEN \(text) ~ '^-?[0-9]{1,200}([.][0-9]{1,200})?([eE][+-]?0*[0-9]{1,2})?$' THEN CAST(\(text) AS double precision)
                ELSE \(Dialect.anyDouble("(\(text))")) END
                """
        case .clickHouse:
            let raw = raw(name, in: object)
            // A server of 2018 stumbles over zeros before an exponent and over zero times infinity, and is sure of the last digit only where
            // whole numbers are divided by one another.
            return """
                CASE WHEN NOT match(\(raw), '^-?[0-9]') THEN \(missingNumber)
                WHEN match(\(raw), '^-?[0.]+([eE].*)?$') THEN toNullable(\(value: 0.0))
                WHEN match(\(raw), '^-?[0-9.]{1,16}$')
                THEN toNullable(toFloat64(toInt64OrZero(replaceOne(\(raw), '.', '')))
                / \(Dialect.powersOfTen)[length(extract(\(raw), '[.](.*)')) + 1])
                ELSE toFloat64OrNull(replaceRegexpOne(\(raw), '([eE][+-]?)0+([0-9])', '\\\\1\\\\2')) END
                """
        }
    }

    /// Powers of ten that are exact, from the zeroth on.
    private static let powersOfTen: SQL = "[\((0...15).map { "\(value: pow10($0))" as SQL }.joined(", "))]"

    private static func pow10(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { power, _ in power * 10 } }

    /// A number of JSON as a double of PostgreSQL, however large, small or long it is, by way of its decimals.
    ///
    /// Those have no more than 16,383 digits behind the point: exponents of five digits decide by themselves.
    private static func anyDouble(_ text: SQL) -> SQL {
        let sign: SQL = "CAST(CASE WHEN \(text) LIKE '-%' THEN '-Infinity' ELSE 'Infinity' END AS double precision)"
        let decimal: SQL = "CAST(\(text) AS numeric)"
        return """
            CASE WHEN \(text) ~ '^-?[0.]+([eE]|$)' OR \(text) ~ '[eE]-0*[1-9][0-9]{4}' THEN \(value: 0.0)
            WHEN \(text) ~ '[eE][+]?0*[1-9][0-9]{4}' THEN \(sign) WHEN length(\(text)) > 6000 THEN NULL
            WHEN abs(\(decimal)) > 1.7976931348623157e308 THEN \(sign) WHEN abs(\(decimal)) < 2.3e-308 THEN \(value: 0.0)
            ELSE CAST(\(decimal) AS double precision) END
            """
    }

    /// RFC 6901, which quotes any name.
    private static func pointer(_ name: String) -> String {
        "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// A string or a word of a member as it stands in the text; empty where there is none.
    ///
    /// A ClickHouse of 2018 finds a member by its name at any level. This pattern walks over whole members from the beginning, so that neither
    /// the inside of an object nor the inside of a string is taken for one; objects are nested at most four deep in events. Each character
    /// of the name may be written as an escape, as clients do that write ASCII alone.
    private func raw(_ name: String, in object: SQL) -> SQL {
        "extract(ifNull(\(object), ''), \(value: Dialect.pattern(of: name)))"
    }

    private static func pattern(of name: String) -> String {
        let string = #""(?:[^"\\]|\\.)*""#
        var inside = #"(?:[^{}\[\]"]|\#(string))*"#
        for _ in 0..<3 { inside = #"(?:[^{}\[\]"]|\#(string)|[{\[]\#(inside)[}\]])*"# }
        let word = #"[^{}\[\]",\s]+"#
        let value = #"(?:\#(string)|[{\[]\#(inside)[}\]]|\#(word))"#
        let key = name.unicodeScalars.map(Dialect.forms).joined()
        return #"^\s*\{\s*(?:\#(string)\s*:\s*\#(value)\s*,\s*)*"\#(key)"\s*:\s*(\#(string)|\#(word))"#
    }

    /// The ways in which JSON may write a character, as a regular expression.
    private static func forms(of scalar: Unicode.Scalar) -> String {
        let units = String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            let hexadecimal = (String(repeating: "0", count: 4 - digits.count) + digits).map { digit in
                digit.isLetter ? "[\(digit)\(digit.uppercased())]" : String(digit)
            }
            return #"\\u"# + hexadecimal.joined()
        }
        var forms = [units.joined()]
        // What has a short escape, by the letter of it.
        let short: [Unicode.Scalar: String] = [
            "\"": #"\""#, "\\": #"\\"#, "/": #"\/"#, "\u{8}": "b", "\u{C}": "f", "\n": "n", "\r": "r", "\t": "t",
        ]
        if let letter = short[scalar] { forms.append(#"\\"# + letter) }
        if scalar.value >= 0x20, scalar != "\"", scalar != "\\" {
            let isWord = !scalar.isASCII || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            forms.append(isWord ? String(scalar) : "\\" + String(scalar))
        }
        return "(?:" + forms.joined(separator: "|") + ")"
    }
}
