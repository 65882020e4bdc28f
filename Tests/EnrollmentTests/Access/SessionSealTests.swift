import Enrollment
import Experiments
import Randomization
import Testing

@Suite struct SessionSealTests {
    private let seal = SessionSeal(registryKey: .random())
    private let now = Timestamp(milliseconds: 1_700_000_000_000)
    private let end = Timestamp(milliseconds: 1_700_000_001_000)

    private func record(_ name: String, _ role: AccessRole = .editor, _ token: AccessToken = .random()) -> AccessTokenRecord {
        AccessTokenRecord(name: name, role: role, hash: token.hash, created: now)
    }

    @Test(arguments: [true, false], ["a", String(repeating: "n", count: 64)])
    func `A session is opened as it was begun`(isSecure: Bool, name: String) throws {
        let record = record(name)
        let text = seal.begin(record, until: end, isSecure: isSecure)
        let session = try #require(seal.open(text, tokens: AccessTokens([self.record("other"), record]), now: now))
        #expect(session.name == name && session.role == .editor && session.expires == end && session.isSecure == isSecure)
        #expect(session.accepts(formToken: session.formToken) && !session.accepts(formToken: "") && !session.accepts(formToken: text))
    }

    @Test func `It ends on time, to the millisecond`() {
        let record = record("a")
        let text = seal.begin(record, until: end, isSecure: false)
        let tokens = AccessTokens([record])
        #expect(seal.open(text, tokens: tokens, now: Timestamp(milliseconds: end.milliseconds - 1)) != nil)
        #expect(seal.open(text, tokens: tokens, now: end) == nil)
    }

    @Test func `What could only have begun later, by a clock that was ahead, is no session`() throws {
        let record = record("a")
        let tokens = AccessTokens([record])
        func session(endsIn seconds: Int64) -> Session? {
            let end = Timestamp(milliseconds: now.milliseconds + seconds * 1000)
            return seal.open(seal.begin(record, until: end, isSecure: false), tokens: tokens, now: now)
        }
        // Servers of one registry differ by minutes at most.
        let session = try #require(session(endsIn: Int64(Session.seconds) + 300))
        #expect(session.isValid(by: tokens, at: now))
        #expect(!session.isValid(by: tokens, at: Timestamp(milliseconds: now.milliseconds - 1)))
        #expect(self.seal.open("", tokens: tokens, now: now) == nil)
        let end = Timestamp(milliseconds: now.milliseconds + (Int64(Session.seconds) + 301) * 1000)
        #expect(seal.open(seal.begin(record, until: end, isSecure: false), tokens: tokens, now: now) == nil)
    }

    @Test func `It ends when its token is revoked, or replaced under the same name, and follows the token's role`() throws {
        let token = AccessToken.random()
        let present = record("a", .admin, token)
        let text = seal.begin(present, until: end, isSecure: false)
        var revoked = present
        revoked.revoked = now
        #expect(seal.open(text, tokens: AccessTokens([revoked]), now: now) == nil)
        #expect(seal.open(text, tokens: AccessTokens([record("a", .admin)]), now: now) == nil)
        #expect(seal.open(text, tokens: AccessTokens([]), now: now) == nil)
        let demoted = try #require(seal.open(text, tokens: AccessTokens([record("a", .viewer, token)]), now: now))
        #expect(demoted.role == .viewer)
    }

    @Test func `No changed byte goes unnoticed`() {
        let record = record("ab")
        let tokens = AccessTokens([record, self.record("aa"), self.record("a")])
        let text = Array(seal.begin(record, until: end, isSecure: false).utf8)
        for index in text.indices {
            // The last character holds bits that stand for nothing, and must be zero.
            for other in Array("AB_".utf8) where other != text[index] {
                var changed = text
                changed[index] = other
                #expect(seal.open(String(decoding: changed, as: UTF8.self), tokens: tokens, now: now) == nil, "at \(index)")
            }
        }
        for length in 0..<text.count {
            #expect(seal.open(String(decoding: text.prefix(length), as: UTF8.self), tokens: tokens, now: now) == nil)
        }
        for nonsense in ["", "=", "é", String(repeating: "A", count: 100_000)] {
            #expect(seal.open(nonsense, tokens: tokens, now: now) == nil)
        }
    }

    @Test func `Another registry's sessions are worth nothing here`() {
        let record = record("a")
        let text = SessionSeal(registryKey: .random()).begin(record, until: end, isSecure: false)
        #expect(seal.open(text, tokens: AccessTokens([record]), now: now) == nil)
    }

    @Test func `Two sessions of one token have different texts and different form tokens`() throws {
        let record = record("a")
        let tokens = AccessTokens([record])
        let texts = (0..<2).map { _ in seal.begin(record, until: end, isSecure: false) }
        let sessions = try texts.map { try #require(seal.open($0, tokens: tokens, now: now)) }
        #expect(texts[0] != texts[1] && !sessions[0].accepts(formToken: sessions[1].formToken))
    }

    @Test(arguments: StoreKind.durable) func `Sessions outlive the server`(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let record = record("a")
        let registry = try Registry(place.makeStore())
        let text = registry.sessionSeal.begin(record, until: end, isSecure: true)
        registry.close()
        let again = try Registry(place.makeStore())
        #expect(again.sessionSeal.open(text, tokens: AccessTokens([record]), now: now)?.name == "a")
        again.close()
    }

    @Test func `Nothing that is printed shows the form's token`() throws {
        let record = record("a")
        let session = try #require(
            seal.open(seal.begin(record, until: end, isSecure: true), tokens: AccessTokens([record]), now: now))
        var dumped = "\(session) \(String(reflecting: session))"
        dump(session, to: &dumped)
        #expect(!dumped.contains(session.formToken))
    }
}
