/// What a client calls its device: 1 to 256 visible ASCII bytes, compared byte for byte.
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

    /// Says which rule the bytes break first, and where.
    package static func validate(_ bytes: Span<UInt8>) throws(DeviceTokenError) {
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
    case tooLong(length: Int)
    case notVisibleASCII(byte: UInt8, offset: Int)
}

extension DeviceTokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty:
            "The device token is empty."
        case .tooLong(let length):
            "The device token is \(length) bytes long; at most \(DeviceToken.maximumLength) are accepted."
        case .notVisibleASCII(let byte, let offset):
            "Byte \(offset) of the device token is 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true)); "
                + "only visible ASCII (0x21 to 0x7E) is accepted."
        }
    }
}
