import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct RequestCookiesTests {
    private var router: Router {
        var router = Router()
        router.get("/") { .text($0.cookies("id").joined(separator: "|")) }
        return router
    }

    @Test(
        arguments: [
            ([], ""), (["id=1"], "1"), (["a=b; id=1; c=d"], "1"), (["id=1; id=2"], "1|2"), (["id=1", "id=2"], "1|2"), (["id=a=b"], "a=b"),
            (["xid=1; ID=2; id"], ""), (["id="], ""), ([";;=;id=3"], "3"),
        ] as [([String], String)])
    func `Cookies are found by their names`(headers: [String], expected: String) async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/", headers: headers.map { ("Cookie", $0) }).text == expected)
        }
    }
}
