internal import Glibc

/// A form with files, as `multipart/form-data` carries it (RFC 7578).
///
/// Strict: what is not as browsers and `curl -F` write it is refused, with the byte at which it goes wrong. Contents are slices of the body,
/// so a file is not copied.
package struct Multipart: Sendable {
    /// A field or a file.
    package struct Part: Sendable {
        package let name: String
        /// What the file is called where it comes from; nil for a field.
        ///
        /// A client's word: never a path to open.
        package let fileName: String?
        package let content: ArraySlice<UInt8>
    }

    package let parts: [Part]

    /// Fields and files of a form at most.
    static let maximumParts = 64
    /// Bytes of what stands before a content.
    static let maximumHeadBytes = 4 << 10

    /// Reads a body that is complete.
    ///
    /// - Throws: `Problem` 400 for what is malformed, 413 for too many parts.
    package init(_ body: [UInt8], boundary: String) throws(Problem) {
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var parts: [Part] = []
        // The first delimiter begins the body, without a line feed before it.
        guard body.starts(with: delimiter.dropFirst(2)) else { throw Multipart.flaw(0, "the boundary") }
        var offset = delimiter.count - 2
        while !Multipart.has("--", in: body, at: offset) {
            guard Multipart.has("\r\n", in: body, at: offset) else {
                throw Multipart.flaw(offset, "a line feed or the end after a boundary")
            }
            guard parts.count < Multipart.maximumParts else {
                throw Problem(.contentTooLarge, "A form may have \(Multipart.maximumParts) fields and files.")
            }
            let head = offset + 2
            guard let blank = Multipart.find(Array("\r\n\r\n".utf8), in: body, from: head), blank - head <= Multipart.maximumHeadBytes
            else {
                throw Multipart.flaw(head, "the part's headers, of \(Multipart.maximumHeadBytes) bytes at most, and an empty line")
            }
            let start = blank + 4
            guard let end = Multipart.find(delimiter, in: body, from: start) else {
                throw Multipart.flaw(body.count, "the boundary that ends the form")
            }
            let disposition = try Disposition(body[head..<blank])
            parts.append(Part(name: disposition.name, fileName: disposition.fileName, content: body[start..<end]))
            offset = end + delimiter.count
        }
        let rest = body[(offset + 2)...]
        guard rest.isEmpty || rest.elementsEqual("\r\n".utf8) else { throw Multipart.flaw(offset + 2, "nothing after the form") }
        self.parts = parts
    }

    /// The fields, without the files.
    ///
    /// - Throws: `Problem` 400 for a value that is not UTF-8.
    package func form() throws(Problem) -> Form {
        var fields: [(name: String, value: String)] = []
        for part in parts where part.fileName == nil {
            guard let value = String(validating: part.content, as: UTF8.self), !part.content.contains(0) else {
                throw .badRequest("The field '\(part.name)' is not UTF-8.")
            }
            fields.append((part.name, value))
        }
        return Form(fields: fields)
    }

    /// A file that may be given once; nil when none was chosen, which browsers send as a file without a name and without bytes.
    package func file(_ name: String) throws(Problem) -> Part? {
        let files = parts.filter { $0.name == name && $0.fileName != nil && !($0.fileName?.isEmpty == true && $0.content.isEmpty) }
        guard files.count <= 1 else { throw .badRequest("'\(name)' is given \(files.count) times.") }
        return files.first
    }

    // MARK: Bytes

    fileprivate static func flaw(_ offset: Int, _ expected: String) -> Problem {
        .badRequest("The form is malformed at byte \(offset): expected \(expected).")
    }

    private static func has(_ text: StaticString, in body: [UInt8], at offset: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard offset + count <= body.count else { return false }
        for index in 0..<count where body[offset + index] != text.utf8Start[index] { return false }
        return true
    }

    /// The place of the first occurrence of bytes that begin with a carriage return, found at the speed of the C library.
    private static func find(_ needle: [UInt8], in body: [UInt8], from start: Int) -> Int? {
        body.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var place = start
            while place + needle.count <= bytes.count {
                let room = bytes.count - needle.count + 1 - place
                guard let found = memchr(base + place, Int32(UInt8(ascii: "\r")), room) else { return nil }
                place = UnsafeRawPointer(found) - base
                if memcmp(base + place, needle, needle.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }
}

/// Of a part's headers, the only one that says something: `Content-Disposition`.
private struct Disposition {
    let name: String
    let fileName: String?

    init(_ head: ArraySlice<UInt8>) throws(Problem) {
        guard let text = String(validating: head, as: UTF8.self), !head.contains(0) else {
            throw Multipart.flaw(head.startIndex, "headers in UTF-8")
        }
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let fields = lines.compactMap { line -> Substring? in
            guard let colon = line.firstIndex(of: ":"), line[..<colon].equalsIgnoringCase("Content-Disposition") else { return nil }
            return line[line.index(after: colon)...].drop { $0 == " " }
        }
        guard fields.count == 1, let parameters = Disposition.parameters(fields[0]), let name = parameters["name"] else {
            throw Multipart.flaw(head.startIndex, "one Content-Disposition: form-data; name=\"…\"")
        }
        self.name = name
        fileName = parameters["filename"]
    }

    /// The parameters of `form-data; name="a"; filename="b"`; nil for anything else.
    private static func parameters(_ field: Substring) -> [String: String]? {
        let type = "form-data"
        guard field.prefix(type.count).equalsIgnoringCase(type) else { return nil }
        var rest = field.dropFirst(type.count).drop { $0 == " " }
        var parameters: [String: String] = [:]
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " }
            guard let mark = rest.firstIndex(of: "=") else { return nil }
            let name = rest[..<mark].lowercased()
            rest = rest[rest.index(after: mark)...]
            guard rest.first == "\"", let (value, after) = quoted(rest.dropFirst()), parameters[name] == nil else { return nil }
            parameters[name] = value
            rest = after.drop { $0 == " " }
        }
        return rest.isEmpty ? parameters : nil
    }

    /// The text up to the closing quote, and what follows it.
    ///
    /// Browsers write `"`, CR and LF as `%22`, `%0D` and `%0A` (HTML Living Standard § 4.10.22.8); curl puts a backslash before a quote.
    private static func quoted(_ text: Substring) -> (String, rest: Substring)? {
        var value = ""
        var index = text.startIndex
        while index < text.endIndex, text[index] != "\"" {
            if text[index] == "\\", let next = text[text.index(after: index)...].first, next == "\"" || next == "\\" {
                index = text.index(after: index)
            }
            value.append(text[index])
            index = text.index(after: index)
        }
        guard index < text.endIndex else { return nil }
        for (escape, character) in [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")] { value.replace(escape, with: character) }
        return (value, text[text.index(after: index)...])
    }
}

extension Request {
    /// Reads a form with files.
    ///
    /// - Throws: `Problem` 415 for another content type than `multipart/form-data`, 400 for a malformed body, 413 for too many parts.
    package func multipart() throws(Problem) -> Multipart {
        let type = try header("Content-Type") ?? ""
        let pieces = type.split(separator: ";").map { $0.drop { $0 == " " } }
        guard let first = pieces.first, first.prefix(while: { $0 != " " }).equalsIgnoringCase("multipart/form-data") else {
            throw Problem(
                .unsupportedMediaType, "The body must be multipart/form-data.", headers: ["Accept-Post": "multipart/form-data"])
        }
        let boundaries = pieces.dropFirst().filter { $0.prefix(9).equalsIgnoringCase("boundary=") }.map { piece in
            let value = piece.dropFirst(9)
            return value.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"") ? value.dropFirst().dropLast() : value
        }
        // RFC 2046, section 5.1.1: up to 70 characters of a few kinds.
        let others = Set("'()+_,-./:=? ".utf8)
        guard boundaries.count == 1, (1...70).contains(boundaries[0].utf8.count), !boundaries[0].hasSuffix(" "),
            boundaries[0].utf8.allSatisfy({ $0.isASCIIAlphanumeric || others.contains($0) })
        else { throw .badRequest("The Content-Type has no boundary of 1 to 70 characters.") }
        return try Multipart(body, boundary: String(boundaries[0]))
    }
}

extension UInt8 {
    fileprivate var isASCIIAlphanumeric: Bool {
        self &- UInt8(ascii: "0") < 10 || (self | 0x20) &- UInt8(ascii: "a") < 26
    }
}
