import CSodium

/// The little that is needed of libsodium.
enum Sodium {
    /// Chooses the processor's best implementations, once.
    static func start() { _ = started }

    // sodium_init fails only where the system has no source of randomness, and then nothing may run.
    private static let started: Void = precondition(sodium_init() >= 0, "libsodium found no source of randomness")

    static func base64URL(_ bytes: [UInt8]) -> String {
        let variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING
        var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
        sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
        return String(decoding: text.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// What a text of URL-safe base 64 stands for; nil for anything else, and for more bytes than that.
    static func bytes(base64URL text: String, atMost limit: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        let characters = text.utf8.map { CChar(bitPattern: $0) }
        let variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING
        guard sodium_base642bin(&bytes, limit, characters, characters.count, nil, &count, nil, variant) == 0 else { return nil }
        return Array(bytes.prefix(count))
    }

    /// Compares without telling by its time where the first difference is.
    static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && sodium_memcmp(a, b, a.count) == 0
    }
}
