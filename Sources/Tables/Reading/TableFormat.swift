/// How a file is written, as far as that is told and not found out.
package struct TableFormat: Sendable {
    /// What separates the fields; found out if not given.
    package var delimiter: Delimiter?
    /// Whether the first record holds the columns' names; without one they are called c1, c2 and so on.
    package var hasHeader = true
    /// What separates a number's fraction.
    package var decimal = DecimalMark.point

    package init(delimiter: Delimiter? = nil, hasHeader: Bool = true, decimal: DecimalMark = .point) {
        (self.delimiter, self.hasHeader, self.decimal) = (delimiter, hasHeader, decimal)
    }
}

/// What separates the fraction of a number from its whole part.
package enum DecimalMark: String, CaseIterable, Sendable {
    case point, comma

    var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
}

/// Told now and then while a file is read: how many bytes of it, and how many there are, if that is known.
package typealias ReadingProgress = (_ read: Int, _ size: Int?) -> Void
