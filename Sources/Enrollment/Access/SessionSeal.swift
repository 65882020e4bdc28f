import CSodium
package import Experiments
package import Randomization

/// Seals sessions into the text of a cookie, and opens what comes back.
///
/// Nothing is stored: the cookie names the access token and is authenticated by BLAKE2b under a key that all servers of a registry derive
/// from its own, so sessions outlive restarts and work on every server. The token's hash is authenticated along, so that a session ends
/// at once when its token is revoked or replaced by another of the same name.
///
/// The text is URL-safe base 64 of: a version, whether it is for HTTPS alone, when it ends (milliseconds, 8 bytes), 16 random bytes, the
/// token's name, and 32 bytes that authenticate all of it.
package struct SessionSeal: Sendable {
    private enum Purpose: String {
        case session = "gosset session 1"
        case form = "gosset form 1"
    }

    private static let headLength = 26
    private static let sealLength = 32
    private static let longest = headLength + ExperimentKey.maximumLength + sealLength

    private let key: [UInt8]

    /// - Parameter registryKey: a secret of the registry; the seal's own key is derived from it.
    package init(registryKey: SecretKey) {
        var bytes: [UInt8] = []
        for word in [registryKey.low, registryKey.high] { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
        key = SessionSeal.mac(Array("gosset session seal".utf8), key: bytes)
    }

    /// Begins a session for the bearer of a token; the text is what the cookie holds.
    package func begin(_ record: AccessTokenRecord, until expires: Timestamp, isSecure: Bool) -> String {
        Sodium.start()
        var bytes: [UInt8] = [1, isSecure ? 1 : 0]
        withUnsafeBytes(of: expires.milliseconds.bigEndian) { bytes += $0 }
        var random = [UInt8](repeating: 0, count: 16)
        randombytes_buf(&random, random.count)
        bytes += random
        bytes += Array(record.name.utf8)
        return Sodium.base64URL(bytes + seal(bytes, for: record, .session))
    }

    /// The session that a cookie's text holds; nil for one that is not ours, is over, or whose token is valid no more.
    package func open(_ text: String, tokens: AccessTokens, now: Timestamp) -> Session? {
        guard let all = Sodium.bytes(base64URL: text, atMost: SessionSeal.longest),
            all.count > SessionSeal.headLength + SessionSeal.sealLength,
            all[0] == 1
        else { return nil }
        let bytes = Array(all.dropLast(SessionSeal.sealLength))
        let name = String(decoding: bytes.dropFirst(SessionSeal.headLength), as: UTF8.self)
        guard let record = tokens.valid(named: name),
            Sodium.equal(Array(all.suffix(SessionSeal.sealLength)), seal(bytes, for: record, .session))
        else { return nil }
        let expires = Timestamp(milliseconds: bytes[2..<10].reduce(0) { $0 << 8 | Int64($1) })
        guard Session.lasts(until: expires, at: now) else { return nil }
        return Session(
            name: name, role: record.role, expires: expires, isSecure: bytes[1] == 1,
            formToken: Sodium.base64URL(seal(bytes, for: record, .form)), tokenHash: record.hash)
    }

    /// The hash and the purpose's name have fixed lengths, so no two different inputs run together.
    private func seal(_ bytes: [UInt8], for record: AccessTokenRecord, _ purpose: Purpose) -> [UInt8] {
        SessionSeal.mac(Array(purpose.rawValue.utf8) + record.hash + bytes, key: key)
    }

    private static func mac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        Sodium.start()
        var mac = [UInt8](repeating: 0, count: sealLength)
        // Fails only for lengths that are out of its range; a key of 16 or 32 and an output of 32 are in it.
        _ = crypto_generichash(&mac, mac.count, bytes, UInt64(bytes.count), key, key.count)
        return mac
    }
}

extension Registry {
    /// Seals the sessions of those who sign in.
    package var sessionSeal: SessionSeal { SessionSeal(registryKey: memory.identity.fingerprintKey) }
}
