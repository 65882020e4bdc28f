/// What a client calls its device: 1 to 256 visible ASCII bytes, compared byte for byte, but not `.` or `..`, which no address can end in.
package struct DeviceToken: Sendable, Hashable {
    /// The longest token accepted, in bytes.
    package static let maximumLength = 256

    /// The token's bytes, each of 0x21 through 0x7E.
    package let bytes: [UInt8]

    /// Accepts the bytes of a header as they came, without a string in between.
    package init(_ bytes: Span<UInt8>) throws(DeviceTokenError) {
        try Self.validate(bytes)
        self.bytes = bytes.withUnsafeBufferPointer { Array($0) }
    }

    /// Accepts a string by the same rules.
    package init(_ string: String) throws(DeviceTokenError) {
        try self.init(string.utf8.span)
    }

    /// Takes a token that may have been accepted before dots alone were refused.
    package init(stored string: String) throws(DeviceTokenError) {
        try Self.validate(stored: string.utf8.span)
        bytes = Array(string.utf8)
    }

    /// Takes the bytes of such a token.
    package init(stored bytes: Span<UInt8>) throws(DeviceTokenError) {
        try Self.validate(stored: bytes)
        self.bytes = bytes.withUnsafeBufferPointer { Array($0) }
    }

    /// Says which rule the bytes break first, and where.
    package static func validate(_ bytes: Span<UInt8>) throws(DeviceTokenError) {
        let dot = UInt8(ascii: ".")
        if bytes.count <= 2, !bytes.isEmpty, bytes[0] == dot, bytes[bytes.count - 1] == dot { throw .dots(count: bytes.count) }
        try validate(stored: bytes)
    }

    /// The same, but for dots alone.
    package static func validate(stored bytes: Span<UInt8>) throws(DeviceTokenError) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= maximumLength else { throw .tooLong(length: bytes.count) }
        for offset in bytes.indices where !(0x21...0x7E).contains(bytes[offset]) {
            throw .notVisibleASCII(byte: bytes[offset], offset: offset)
        }
    }
}

extension DeviceToken: CustomStringConvertible {
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// The rule that a would-be token breaks.
package enum DeviceTokenError: Error, Sendable, Hashable {
    case empty
    /// It is one dot or two: clients take those out of an address before they send it.
    case dots(count: Int)
    case tooLong(length: Int)
    case notVisibleASCII(byte: UInt8, offset: Int)
}

extension DeviceTokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "The device token is empty."
        case .dots(let count):
            "The device token is '\(String(repeating: ".", count: count))'; dots alone would mean another place in the address at which it is deleted."
        case .tooLong(let length):
            "The device token is \(length) bytes long; at most \(DeviceToken.maximumLength) are accepted."
        case .notVisibleASCII(let byte, let offset):
            "Byte \(offset) of the device token is 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true)); "
                + "only visible ASCII (0x21 to 0x7E) is accepted."
        }
    }
}
