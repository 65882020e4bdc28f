/// HTML source that is safe by construction: what is interpolated into it is escaped, unless it is `HTML` itself.
///
///     let row: HTML = "<tr><td title=\"\(name)\">\(name)</td><td>\(count)</td></tr>"
///
/// Escaping covers text and quoted attribute values. It does not make a URL harmless: use `HTML.url`.
package struct HTML: Sendable, Equatable {
    /// The source text.
    package private(set) var source: String

    /// Source that is not ours to check, such as a bundled icon.
    ///
    /// Never anything that came from outside.
    package init(unescaped source: String) {
        self.source = source
    }

    /// Plain text.
    package init(text: String) {
        source = ""
        source.appendEscaped(text)
    }

    package static let empty = HTML(unescaped: "")

    package static func + (left: HTML, right: HTML) -> HTML {
        HTML(unescaped: left.source + right.source)
    }

    package static func += (left: inout HTML, right: HTML) {
        left.source += right.source
    }

    /// A URL for an `href` or `src`: a relative one or one with the scheme http, https or mailto; anything else becomes `#`.
    ///
    /// `javascript:` and its like run script from a link, however well the attribute is escaped.
    package static func url(_ url: String) -> HTML {
        let start = url.unicodeScalars.prefix { !"/?#".unicodeScalars.contains($0) }
        let scheme = start.split(separator: ":", omittingEmptySubsequences: false)
        let allowed: Set = ["http", "https", "mailto"]
        let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        guard isPlain, scheme.count < 2 || allowed.contains(String(scheme[0]).lowercased()) else { return "#" }
        return HTML(text: url)
    }
}

extension HTML: ExpressibleByStringInterpolation {
    package init(stringLiteral source: String) {
        self.source = source
    }

    package init(stringInterpolation: Interpolation) {
        source = stringInterpolation.source
    }

    package struct Interpolation: StringInterpolationProtocol {
        var source = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            source.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        package mutating func appendLiteral(_ literal: String) {
            source += literal
        }

        package mutating func appendInterpolation(_ html: HTML) {
            source += html.source
        }

        /// Nothing for nil.
        package mutating func appendInterpolation(_ html: HTML?) {
            source += html?.source ?? ""
        }

        package mutating func appendInterpolation(_ pieces: [HTML]) {
            for piece in pieces { source += piece.source }
        }

        /// Strings, numbers and whatever else describes itself: escaped.
        package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            source.appendEscaped(value.description)
        }
    }
}

extension Sequence<HTML> {
    package func joined(separator: HTML = .empty) -> HTML {
        HTML(unescaped: map(\.source).joined(separator: separator.source))
    }
}

extension String {
    /// Byte by byte, for a page of charts is mostly their data: scalar by scalar, it took two thirds of all that making the page takes.
    fileprivate mutating func appendEscaped(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + text.utf8.count / 4)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case UInt8(ascii: "'"): bytes += "&#39;".utf8
            default: bytes.append(byte)
            }
        }
        self += String(decoding: bytes, as: UTF8.self)
    }
}
