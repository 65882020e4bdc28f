import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct AssetTests {
    @Test func `A browser that has the bytes gets 304`() async throws {
        var router = Router()
        router.asset("/app.js", try #require(Asset(name: "app.js", bytes: Array("let x = 1".utf8))))
        router.asset("/logo.svg", try #require(Asset(name: "logo.svg", bytes: Array("<svg/>".utf8), isVersioned: true)))
        try await bothWays(router) { client async throws in
            let first = try await client.get("/app.js")
            #expect(first.status == 200)
            #expect(first.text == "let x = 1")
            #expect(first.headers["Content-Type"] == "text/javascript; charset=utf-8")
            #expect(first.headers["Cache-Control"] == "no-cache")
            #expect(first.headers["X-Content-Type-Options"] == "nosniff")
            let tag = try #require(first.headers["ETag"])
            for known in [tag, "W/" + tag, "\"other\", " + tag, "*"] {
                let again = try await client.get("/app.js", headers: [("If-None-Match", known)])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
                #expect(again.headers["ETag"] == tag)
            }
            #expect(try await client.get("/app.js", headers: [("If-None-Match", "\"other\"")]).status == 200)
            let logo = try await client.get("/logo.svg")
            #expect(logo.headers["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(logo.headers["Content-Type"] == "image/svg+xml")
            #expect(logo.headers["ETag"] != tag)
        }
    }
}
