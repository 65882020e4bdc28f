import Enrollment
import Experiments
import Testing

@Suite struct AccessTokensTests {
    private let token = AccessToken.random()

    private func record(_ name: String, _ token: AccessToken, revoked: Bool = false) -> AccessTokenRecord {
        AccessTokenRecord(
            name: name, role: .viewer, hash: token.hash, created: Timestamp(milliseconds: 1),
            revoked: revoked ? Timestamp(milliseconds: 2) : nil)
    }

    @Test func theBearerIsFoundAmongOthers() {
        let tokens = AccessTokens([record("a", .random()), record("b", token), record("c", .random())])
        #expect(tokens.bearer(of: token.secret)?.name == "b")
        #expect(tokens.bearer(of: AccessToken.random().secret) == nil)
        #expect(tokens.bearer(of: "") == nil)
        #expect(tokens.bearer(of: token.secret + " ") == nil)
        #expect(tokens.bearer(of: String(repeating: "x", count: 100_000)) == nil)
    }

    @Test func aRevokedTokenIsWorthNothing() {
        let tokens = AccessTokens([record("a", token, revoked: true)])
        #expect(tokens.bearer(of: token.secret) == nil)
    }

    @Test(arguments: StoreKind.allCases) func accessIsGrantedAndRevoked(kind: StoreKind) async throws {
        let place = try kind.makePlace()
        let registry = try Registry(place.makeStore())
        #expect(!registry.accessTokens.hasAdministrator)
        try await registry.grantAccess(to: "root", as: .admin, token: token, actor: "first start")
        #expect(registry.accessTokens.hasAdministrator)
        #expect(registry.accessTokens.bearer(of: token.secret)?.role == .admin)
        await #expect(throws: AccessChangeError.lastAdministrator("root")) { try await registry.revokeAccess(of: "root", actor: "root") }
        #expect(registry.accessTokens.hasAdministrator)
        try await registry.grantAccess(to: "next", as: .admin, token: .random(), actor: "root")
        try await registry.revokeAccess(of: "root", actor: "root")
        #expect(registry.accessTokens.bearer(of: token.secret) == nil)
        #expect(registry.accessTokens.hasAdministrator)
        await #expect(throws: AccessChangeError.unknownName("root")) { try await registry.revokeAccess(of: "root", actor: "root") }
        let log = try await registry.auditLog(AuditQuery(subject: "root"))
        #expect(log.map(\.action) == ["revoke access", "grant access"])
        #expect(log.map(\.before?.count) == [16, nil])
        #expect(log.map(\.after?.count) == [nil, 16])
        registry.close()
    }

    @Test func aNameIsGivenOnceUnlessItIsReplaced() async throws {
        let registry = try Registry(MemoryStore())
        try await registry.grantAccess(to: "environment", as: .admin, token: token, actor: "start")
        // As at every start with the same environment.
        try await registry.grantAccess(to: "environment", as: .admin, token: token, actor: "start")
        #expect(registry.revision == 1)
        let other = AccessToken.random()
        await #expect(throws: AccessChangeError.nameTaken("environment")) {
            try await registry.grantAccess(to: "environment", as: .admin, token: other, actor: "start")
        }
        try await registry.grantAccess(to: "environment", as: .admin, token: other, replacing: true, actor: "start")
        #expect(registry.accessTokens.bearer(of: token.secret) == nil)
        #expect(registry.accessTokens.bearer(of: other.secret)?.name == "environment")
        await #expect(throws: AccessChangeError.invalidName("a b")) {
            try await registry.grantAccess(to: "a b", as: .admin, token: other, actor: "start")
        }
        registry.close()
    }
}
