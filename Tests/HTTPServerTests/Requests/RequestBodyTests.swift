import Foundation
import HTTPServer
import HTTPServerTesting
import Testing
import Text

@Suite struct RequestBodyTests {
    private struct Variant: Codable {
        var value: String
        var weight: Double
    }

    private struct Experiment: Codable {
        var key: String
        var variants: [Variant]
        var labels: [String: String]?
    }

    private var router: Router {
        var router = Router()
        router.post("/lenient") { .text(try $0.json(Experiment.self).key) }
        router.post("/strict") { .text(try $0.json(Experiment.self, .strict).key) }
        router.post("/form") { .text(try $0.form().value("count", as: Int.self).map { "\($0)" } ?? "none") }
        router.on(.post, "/inline", inline: { .response(.text("\($0.body.count)")) })
        return router
    }

    private let valid = #"{"key":"k","variants":[{"value":"a","weight":1}],"labels":{"any":"thing"}}"#

    @Test func `JSON is decoded`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.post("/lenient", json: valid).text == "k")
            #expect(try await client.post("/strict", json: valid).text == "k")
            let headers = [("Content-Type", "Application/JSON; charset=utf-8")]
            #expect(try await client.send(TestRequest("POST", "/strict", headers: headers, body: Array(valid.utf8))).text == "k")
        }
    }

    @Test(arguments: [
        ("{\"key\":\"k\",\n  \"variants\" [", "line 2, column 14, expected ':'"), ("", "line 1, column 1, expected a value"),
        ("{\"key\":\"k\"", "line 1, column 11, expected ',' or '}'"), ("\u{FEFF}{}", "line 1, column 1"),
    ])
    func `Malformed JSON is a 400 that says where`(json: String, detail: String) async throws {
        try await bothWays(router) { client async throws in
            let response = try await client.post("/lenient", json: json)
            #expect(response.status == 400)
            #expect(response.text.contains(detail), "\(response.text)")
        }
    }

    @Test(arguments: [
        (#"{"key":"k","variants":[],"key":"l"}"#, "key", "line 1, column 26"),
        ("{\"key\":\"k\",\n\"variants\":[{\"value\":\"a\",\"weight\":1,\"v\\u0061lue\":\"b\"}]}", "value", "line 2, column 37"),
        (#"{"key":"k","variants":[],"labels":{"a\n😀":"1","a\n\ud83d\ude00":"2"}}"#, "a\n😀", "line 1, column 50"),
    ])
    func `A member that is there twice is a 422 that names it`(json: String, member: String, place: String) async throws {
        try await bothWays(router) { client async throws in
            for path in ["/lenient", "/strict"] {
                let response = try await client.post(path, json: json)
                #expect(response.status == 422 && response.text.contains(place), "\(response.text)")
                #expect(response.text.contains(JSONValue.object([("member", .string(member))]).description.dropFirst().dropLast()))
            }
        }
    }

    @Test func `The same member of different objects is no repetition`() async throws {
        let json = #"{"key":"k","variants":[{"value":"a","weight":1},{"value":"b","weight":1}],"labels":{"key":"a","value":"b"}}"#
        try await bothWays(router) { client async throws in #expect(try await client.post("/strict", json: json).text == "k") }
    }

    @Test func `JSON that is not UTF-8 is a 400`() async throws {
        let body = Array(#"{"key":""#.utf8) + [0xFF] + Array(#"","variants":[]}"#.utf8)
        try await bothWays(router) { client async throws in
            for path in ["/lenient", "/strict"] {
                let request = TestRequest("POST", path, headers: [("Content-Type", "application/json")], body: body)
                let response = try await client.send(request)
                #expect(response.status == 400 && response.text.contains("not UTF-8"), "\(response.text)")
            }
        }
    }

    @Test(arguments: [
        (#"{"key":"k","variants":[{"value":"a","weight":1e999}]}"#, "too large"),
        (#"{"key":"\ud800","variants":[]}"#, "lone surrogate"),
        (#"{"key":"k","variants":[{"value":"a","weight":"x"}]}"#, "$.variants[0].weight: expected a number"),
        (#"{"key":"k"}"#, "$: 'variants' is missing"), (#"{"key":1,"variants":[]}"#, "$.key: expected a string"),
        (#"{"key":null,"variants":[]}"#, "$.key: expected a string, found null"),
        (#"{"key":"k","variants":{}}"#, "$.variants: expected an array"),
    ])
    func `JSON of another shape is a 422 that names the path`(json: String, detail: String) async throws {
        try await bothWays(router) { client async throws in
            for path in ["/lenient", "/strict"] {
                let response = try await client.post(path, json: json)
                #expect(response.status == 422)
                #expect(response.text.contains(detail), "\(response.text)")
            }
        }
    }

    @Test func `Unknown keys are an error only where asked for, at any depth`() async throws {
        let top = #"{"key":"k","variants":[],"keey":1}"#
        let deep = #"{"key":"k","variants":[{"value":"a","weight":1,"wieght":2}]}"#
        try await bothWays(router) { client async throws in
            #expect(try await client.post("/lenient", json: top).status == 200)
            #expect(try await client.post("/strict", json: top).text.contains("$: 'keey' is not a known key"))
            #expect(try await client.post("/strict", json: deep).text.contains("$.variants[0]: 'wieght' is not a known key"))
        }
    }

    @Test func `Nesting beyond the limit is a 400`() async throws {
        let deep = String(repeating: "[", count: 100_000)
        try await bothWays(router) { client async throws in
            let response = try await client.post("/lenient", json: deep)
            #expect(response.status == 400)
            #expect(response.text.contains("column 65, expected at most 64 levels of nesting"))
        }
    }

    @Test(arguments: ["gzip", "x-gzip", "deflate", "br", "identity, gzip", "GZIP "])
    func `A body that is encoded is a 415 on every route, and says what to do`(_ coding: String) async throws {
        try await bothWays(router) { client async throws in
            for path in ["/lenient", "/form", "/inline"] {
                let headers = [("Content-Type", "application/json"), ("Content-Encoding", coding)]
                let response = try await client.send(TestRequest("POST", path, headers: headers, body: [0x1F, 0x8B, 8, 0]))
                #expect(response.status == 415 && response.headers["Accept-Encoding"] == "identity")
                #expect(response.text.contains("is identity, not '\(coding.trimmingCharacters(in: .whitespaces))'"), "\(response.text)")
                #expect(response.text.contains("uncompressed"))
            }
            let unknown = TestRequest("POST", "/nothing", headers: [("Content-Encoding", coding)], body: [1])
            #expect(try await client.send(unknown).status == 404)
        }
    }

    @Test func `What is encoded by name only, or has no body, is taken`() async throws {
        try await bothWays(router) { client async throws in
            for coding in ["identity", "Identity", "identity ", ""] {
                let request = TestRequest("POST", "/inline", headers: [("Content-Encoding", coding)], body: [1, 2, 3])
                #expect(try await client.send(request).text == "3", "\(coding)")
            }
            #expect(try await client.send(TestRequest("POST", "/inline", headers: [("Content-Encoding", "gzip")])).text == "0")
            // One request's coding is not the next one's.
            let coded = TestRequest("POST", "/inline", headers: [("Content-Encoding", "gzip")], body: [1])
            #expect(try await client.send(coded).status == 415)
            #expect(try await client.send(TestRequest("POST", "/inline", body: [1])).text == "1")
        }
    }

    @Test func `Another content type is a 415`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.post("/lenient", form: "a=1").status == 415)
            #expect(try await client.post("/form", json: "{}").status == 415)
            let response = try await client.send(TestRequest("POST", "/lenient", body: Array("{}".utf8)))
            #expect(response.status == 415)
            #expect(response.headers["Accept-Post"] == "application/json")
        }
    }

    @Test func `Forms are read`() async throws {
        try await bothWays(router) { client async throws in
            #expect(try await client.post("/form", form: "count=600").text == "600")
            #expect(try await client.post("/form", form: "").text == "none")
            #expect(try await client.post("/form", form: "count=%").status == 400)
            #expect(try await client.post("/form", form: "count=many").status == 400)
        }
    }

    @Test func `A body up to the limit arrives whole, a larger one is a 413`() async throws {
        var limits = Limits()
        limits.bodyBytes = 100_000
        try await bothWays(router, limits: limits) { client async throws in
            let fits = TestRequest("POST", "/inline", body: [UInt8](repeating: 7, count: 100_000))
            #expect(try await client.send(fits).text == "100000")
            let large = TestRequest("POST", "/inline", body: [UInt8](repeating: 7, count: 100_001))
            #expect(try await client.send(large).status == 413)
            #expect(try await client.send(fits).text == "100000")
        }
    }

    @Test func `A client that sends all of a body much too large before it reads is told 413, and not cut off`() async throws {
        try await withServer(router) { server async throws in
            let head = "POST /inline HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n"
            for _ in 0..<3 {
                let connection = try LiveConnection(port: server.port)
                #expect(try connection.roundTrip(Array(head.utf8) + [UInt8](repeating: 7, count: 30_000_000)).status == 413)
            }
        }
    }

    @Test func `Chunked bodies count against the same limit`() async throws {
        var limits = Limits()
        limits.bodyBytes = 1000
        try await withServer(router, limits: limits) { server async throws in
            func post(chunks: [Int]) throws -> Int {
                var text = "POST /inline HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                for size in chunks { text += String(size, radix: 16) + "\r\n" + String(repeating: "x", count: size) + "\r\n" }
                let connection = try LiveConnection(port: server.port)
                return try connection.roundTrip(Array((text + "0\r\n\r\n").utf8)).status
            }
            #expect(try post(chunks: [500, 500]) == 200)
            #expect(try post(chunks: [500, 501]) == 413)
            #expect(try post(chunks: Array(repeating: 1000, count: 100)) == 413)
        }
    }

    @Test func `A client that expects 100 Continue is told to go on, or refused before it sends`() async throws {
        var limits = Limits()
        limits.bodyBytes = 1000
        try await withServer(router, limits: limits) { server async throws in
            let connection = try LiveConnection(port: server.port)
            let head = "POST /inline HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
            try connection.write(Array((head + "5\r\n\r\n").utf8))
            #expect(try connection.readLine() == "HTTP/1.1 100 Continue")
            #expect(try connection.readLine() == "")
            #expect(try connection.roundTrip(Array("12345".utf8)).text == "5")
            #expect(try LiveConnection(port: server.port).roundTrip(Array((head + "1001\r\n\r\n").utf8)).status == 413)
        }
    }
}
