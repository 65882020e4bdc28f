import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct RequestTests {
    private var router: Router {
        var router = Router()
        router.on(
            .get, "/query",
            inline: { request in
                let device = try request.query("device") ?? "none"
                let limit = try request.query("limit", as: Int.self) ?? 10
                return .response(.text("\(device) \(limit)"))
            })
        router.get("/sole") { request in
            try request.expectQuery(only: ["device", "limit"])
            return .text("known")
        }
        router.get("/headers") { request in
            .text("\(try request.header("Device-Token") ?? "none")|\(request.headers("x-tag").joined(separator: "+"))")
        }
        router.on(
            .get, "/bytes",
            inline: { request in
                try request.withHeader("Device-Token") { token in
                    var sum = 0
                    if let token { for index in 0..<token.count { sum += Int(token[index]) } }
                    return .response(.text("\(token?.count ?? -1) \(sum)"))
                }
            })
        router.on(.get, "/path/{rest}", inline: { .response(.text("\($0.method.rawValue) \($0.path) \($0.remoteAddress)")) })
        return router
    }

    @Test func `Query parameters are decoded and typed`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/query").text == "none 10")
            #expect(try await client.get("/query?device=a%2Fb+c%2B&limit=3").text == "a/b c+ 3")
            #expect(try await client.get("/query?device=").text == " 10")
            #expect(try await client.get("/query?").text == "none 10")
        }
    }

    @Test(arguments: ["limit=x", "limit=1&limit=2", "device=%zz", "device=%ff", "limit=99999999999999999999"])
    func `A query that cannot be read is a 400 with a detail`(query: String) async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.get("/query?" + query)
            #expect(response.status == 400)
            #expect(response.text.contains(#""detail":""#))
        }
    }

    @Test func `A query parameter that there is not is named, with the one that was meant`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/sole?device=a&limit=3").text == "known")
            #expect(try await client.get("/sole").text == "known")
            for (query, detail) in [
                ("limti=3", "There is no query parameter 'limti'. Did you mean 'limit'?"),
                ("device=a&colour=3", "There is no query parameter 'colour'. There are: device, limit."),
                ("=3", "There is no query parameter ''. There are: device, limit."),
            ] {
                let response = try await client.get("/sole?" + query)
                #expect(response.status == 400 && response.text.contains(detail), "\(response.text)")
            }
            #expect(try await client.get("/sole?device=%zz").status == 400)
        }
    }

    @Test func `Headers are found in any case`() async throws {
        try await bothWays(router) { client async throws in
            let headers = [("DEVICE-token", "t1"), ("X-Tag", "a"), ("x-tag", "b")]
            #expect(try await client.get("/headers", headers: headers).text == "t1|a+b")
            #expect(try await client.get("/headers").text == "none|")
        }
    }

    @Test(arguments: ["/headers", "/bytes"])
    func `A header that must be single is refused when it is not`(path: String) async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.get(path, headers: [("Device-Token", "a"), ("device-token", "a")])
            #expect(response.status == 400)
            #expect(response.text.contains("The header 'Device-Token' is given 2 times."))
        }
    }

    @Test func `A header's bytes are lent without a String`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/bytes", headers: [("Device-Token", "AB")]).text == "2 131")
            #expect(try await client.get("/bytes").text == "-1 0")
            #expect(try await client.get("/bytes", headers: [("Device-Token", "AB \t ")]).text == "2 131")
        }
    }

    @Test func `The path is as sent, the address in numbers`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.get("/path/a%20b?c=d").text == "GET /path/a%20b 127.0.0.1")
        }
    }
}
