import Enrollment
import Experiments
import Testing

@Suite struct AccessTokenTests {
    @Test func aRandomTokenHasAPrefixAnd256RandomBits() {
        let tokens = (0..<100).map { _ in AccessToken.random().secret }
        #expect(Set(tokens).count == 100)
        for token in tokens {
            #expect(token.hasPrefix("gosset_"))
            #expect(token.utf8.count == 7 + 43)
            let characters = Character("a")...Character("z")
            #expect(token.lowercased().allSatisfy { characters.contains($0) || $0.isNumber || $0 == "-" || $0 == "_" })
        }
    }

    @Test func anOperatorsTokenHasAtLeast24VisibleCharacters() throws {
        #expect(throws: AccessTokenError.tooShort(length: 23)) { try AccessToken(String(repeating: "x", count: 23)) }
        #expect(try AccessToken(String(repeating: "x", count: 24)).secret.count == 24)
        #expect(throws: AccessTokenError.tooLong(length: 513)) { try AccessToken(String(repeating: "x", count: 513)) }
        #expect(throws: AccessTokenError.notVisibleASCII) { try AccessToken("with spaces in between words") }
    }

    @Test func theHashIsBLAKE2b256() throws {
        // BLAKE2b with 32 bytes of output, of 24 times "x", by Python's hashlib.
        let hash = try AccessToken(String(repeating: "x", count: 24)).hash
        #expect(hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() == Self.expectedHash)
    }

    private static let expectedHash = "b9eca3d9b9943b228fb0ac6cc95d1b5796f942260484365ad8d42010c174cb33"

    @Test func neitherTokenNorHashIsShown() throws {
        let token = try AccessToken("a-very-long-and-secret-token")
        let record = AccessTokenRecord(name: "ann", role: .admin, hash: token.hash, created: Timestamp(milliseconds: 1))
        var dumped = ""
        dump([token], to: &dumped)
        dump([record], to: &dumped)
        for text in ["\(token)", String(reflecting: token), "\(record)", String(reflecting: [record]), dumped] {
            #expect(!text.contains("secret-token"))
            #expect(!text.contains("\(token.hash[0]), \(token.hash[1])"))
        }
        #expect("\(record)" == "ann (admin)")
    }

    @Test func rolesAreInOrder() {
        #expect(AccessRole.viewer < .editor)
        #expect(AccessRole.editor < .admin)
    }
}
