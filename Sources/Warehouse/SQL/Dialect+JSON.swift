/// Members of JSON objects that are kept as text.
extension Dialect {
    /// A member of an object as text: a string's characters, the digits of a number, `true` or `false`; missing where it is none of these.
    ///
    /// - Parameters:
    ///   - object: a column of JSON objects as text.
    ///   - name: the member's name, at the object's own level.
    package func text(ofMember name: String, in object: SQL) -> SQL {
        switch self {
        case .duckDB, .standard:
            let path = Dialect.pointer(name)
            let text: SQL = "json_extract_string(\(object), \(value: path))"
            // Each function reads the whole text anew, and that is most of what results cost; what begins like neither is neither.
            return """
                CASE WHEN \(text) LIKE '{%' OR \(text) LIKE '[%'
                THEN CASE WHEN json_type(\(object), \(value: path)) NOT IN ('OBJECT', 'ARRAY') THEN \(text) END ELSE \(text) END
                """
        case .postgreSQL:
            let json: SQL = "CAST(\(object) AS json)"
            return """
                CASE WHEN json_typeof(\(json) -> \(value: name)) IN ('string', 'number', 'boolean') THEN \(json) ->> \(value: name) END
                """
        case .clickHouse:
            let raw = raw(name, in: object)
            return """
                CASE WHEN \(raw) IN ('', 'null') THEN \(missingText) WHEN substring(\(raw), 1, 1) = '"'
                THEN toNullable(visitParamExtractString(concat('{"v":', \(raw), '}'), 'v')) ELSE toNullable(\(raw)) END
                """
        }
    }

    /// A member of an object as a double; missing where it is no number, or one that no double holds.
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
            // A cast of what no double holds is an error there, and clients may write what they like.
            let isHeld: SQL = "\(json) ->> \(value: name) ~ '^-?[0-9]{1,200}([.][0-9]{1,200})?([eE][+-]?0*[0-9]{1,2})?$'"
            return """
                CASE WHEN json_typeof(\(json) -> \(value: name)) = 'number' AND \(isHeld)
                THEN CAST(\(json) ->> \(value: name) AS double precision) END
                """
        case .clickHouse:
            let raw = raw(name, in: object)
            return "CASE WHEN match(\(raw), '^-?[0-9]') THEN toFloat64OrNull(\(raw)) ELSE \(missingNumber) END"
        }
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
        let string = #""(?:[^"\\]|\\.)*""#
        var inside = #"(?:[^{}\[\]"]|\#(string))*"#
        for _ in 0..<3 { inside = #"(?:[^{}\[\]"]|\#(string)|[{\[]\#(inside)[}\]])*"# }
        let word = #"[^{}\[\]",\s]+"#
        let value = #"(?:\#(string)|[{\[]\#(inside)[}\]]|\#(word))"#
        let key = name.unicodeScalars.map(Dialect.forms).joined()
        let pattern = #"^\s*\{\s*(?:\#(string)\s*:\s*\#(value)\s*,\s*)*"\#(key)"\s*:\s*(\#(string)|\#(word))"#
        return "extract(ifNull(\(object), ''), \(value: pattern))"
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
