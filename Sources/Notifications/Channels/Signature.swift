import CSodium

/// HMAC-SHA256 (RFC 2104, FIPS 180-4), as receivers of webhooks check it.
package enum Signature {
    /// The signature in hexadecimal.
    package static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> String {
        var state = crypto_auth_hmacsha256_state()
        var signature = [UInt8](repeating: 0, count: 32)
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        crypto_auth_hmacsha256_final(&state, &signature)
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: signature.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Whether the signature, in hexadecimal, is the message's; takes as long for every wrong one.
    package static func isHMACSHA256(_ signature: Substring, of message: [UInt8], key: [UInt8]) -> Bool {
        let expected = Array(hmacSHA256(message, key: key).utf8)
        let given = Array(signature.utf8)
        return given.count == expected.count && sodium_memcmp(given, expected, expected.count) == 0
    }
}
