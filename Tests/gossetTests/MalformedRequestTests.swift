import Foundation
import HTTPServer
import HTTPServerTesting
import SeededRandom
import Testing

extension Processes {
    // Ten thousand requests that nobody should send: each is answered as an error of the client or its connection is closed, and afterwards
    // the server is what it was before.
    @Suite struct MalformedRequestTests {
        private static let count = 10_000
        private static let threads = 8

        @Test func `Ten thousand malformed requests`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path, ["--max-body", "65536"])
            let answer = try await gosset.assignments(of: "known")
            let seed = UInt64.random(in: .min ... .max)

            // Once through all kinds, so that what is allocated for good is there before memory is compared.
            try await send(1000, seed: seed ^ 1, to: gosset)
            let before = gosset.program.residentBytes
            try await send(MalformedRequestTests.count, seed: seed, to: gosset)

            #expect(gosset.program.endingSoFar == nil, "seed \(seed): \(gosset.log.suffix(3000))")
            #expect(gosset.program.residentBytes - before < 24 << 20, "seed \(seed)")
            #expect(!gosset.log.contains("a handler failed"), "seed \(seed)")
            // Only the connections that ask are open.
            //
            // A client that leaves in the middle of a request is noticed at once or, where its end came together with its last bytes, when
            // the connection has been idle for too long: after 30 seconds.
            try await eventually("all other connections to be closed", within: 60, every: .milliseconds(100)) {
                let connection = try gosset.connect()
                let metrics = try connection.send(TestRequest("GET", "/metrics")).text
                let open = metrics.firstMatch(of: #/\ngosset_http_connections (\d+)\n/#).flatMap { Int($0.1) } ?? .max
                let inFlight = metrics.firstMatch(of: #/\ngosset_http_requests_in_flight (\d+)\n/#).flatMap { Int($0.1) } ?? .max
                return open <= 2 && inFlight <= 1
            }
            #expect(gosset.program.openDescriptors < 64)
            #expect(try await gosset.assignments(of: "known") == answer)
            let statistics = try await gosset.statistics()
            #expect(statistics.devices == 1, "none of them was a device")
            #expect(statistics.experiments.map(\.state) == ["running", "running"])
            try await gosset.stop()
        }

        private func send(_ count: Int, seed: UInt64, to gosset: GossetProcess) async throws {
            let admin = gosset.adminToken
            let wrong = try await onThreads(MalformedRequestTests.threads) { thread in
                var generator = SeededGenerator(seed: seed &+ UInt64(thread))
                var wrong: [String] = []
                for _ in 0..<count / MalformedRequestTests.threads {
                    let request = MalformedRequest.random(bearer: admin, using: &generator)
                    if let mistake = try request.mistake(of: gosset) { wrong.append(mistake) }
                }
                return wrong
            }.flatMap { $0 }
            #expect(wrong.isEmpty, "seed \(seed): \(wrong.prefix(10).joined(separator: "\n"))")
        }

        // A body that comes a byte at a time is cut off at last, and costs nobody else anything.
        @Test func `Slow requests do not keep others waiting`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path, ["--max-connections", "64"])
            let slow = try (0..<40).map { _ in try gosset.connect(patienceSeconds: 1) }
            for (index, connection) in slow.enumerated() {
                let head =
                    "POST /api/v1/simulations HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{"
                try connection.write(Array(index % 2 == 0 ? head.utf8 : "GET / HTTP/1.1\r\nHo".utf8))
            }
            try await gosset.assignments(of: (0..<60).map { "device-\($0)" }, connections: 8)
            #expect(try await gosset.statistics(of: "price").counts == [45, 6, 3, 6])
        }
    }
}

// A request that breaks a rule, and the answers that are right for it.
struct MalformedRequest: Sendable {
    let bytes: [UInt8]
    // None means that only to close the connection is right.
    let statuses: Set<Int>
    // Whether to close the connection without an answer is right, too.
    var mayClose = false
    // Whether the client goes away before the server could answer.
    var leaves = false

    // What was wrong with the server's behaviour, or nil.
    func mistake(of gosset: GossetProcess) throws -> String? {
        let connection = try gosset.connect(patienceSeconds: 10)
        // Whoever refuses a request need not read all of it.
        do { try connection.write(bytes) } catch {}
        if leaves { return nil }
        let text = String(decoding: bytes.prefix(160), as: UTF8.self)
        do {
            let response = try connection.readResponse()
            guard statuses.contains(response.status) else {
                return "\(text) (\(bytes.count) bytes) was answered \(response.status), not \(statuses): \(response.text)"
            }
            let isProblem = response.headers["Content-Type"] == "application/problem+json"
            return isProblem ? nil : "\(text): no problem+json"
        } catch LiveConnection.Failure.noResponse(let received) {
            return mayClose && received.isEmpty ? nil : "\(text) (\(bytes.count) bytes) was not answered: \(received)"
        }
    }
}

extension MalformedRequest {
    static func random(bearer: String, using generator: inout SeededGenerator) -> MalformedRequest {
        switch Int.random(in: 0..<17, using: &generator) {
        case 0: return badToken(using: &generator)
        case 1:
            // No token at all, or two.
            return Bool.random(using: &generator)
                ? get("/api/v1/experiments", [], [400])
                : get("/api/v1/experiments", ["Device-Token: a", "Device-Token: b"], [400])
        case 2:
            let size = Int.random(in: 17_000...40_000, using: &generator)
            return get("/api/v1/experiments", ["X-Large: " + String(repeating: "x", count: size)], [431])
        case 3:
            let many = Int.random(in: 1000...3000, using: &generator)
            return get("/", (0..<many).map { "X-\($0): \($0)" }, [431])
        case 4:
            let size = Int.random(in: 4097...12_000, using: &generator)
            return get("/" + String(repeating: "p", count: size), [], [414])
        case 5: return wrongMethod(using: &generator)
        case 6:
            let depth = Int.random(in: 200...30_000, using: &generator)
            let body =
                Bool.random(using: &generator)
                ? String(repeating: "[", count: depth)
                : String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
            return post("/api/v1/simulations", "application/json", body, body.utf8.count > 65_536 ? [413] : [400, 422])
        case 7: return wrongJSON(bearer, using: &generator)
        case 8:
            let type =
                ["text/plain", "application/xml", "application/jsonn", "", "application/x-www-form-urlencoded"].randomElement(
                    using: &generator) ?? ""
            return post("/api/v1/simulations", type, #"{"devices":1}"#, [415])
        case 9:
            let size = Int.random(in: 65_537...200_000, using: &generator)
            return post("/api/v1/simulations", "application/json", String(repeating: " ", count: size), [413])
        case 10: return badFraming(using: &generator)
        case 11:
            // Noise.
            let size = Int.random(in: 1...2000, using: &generator)
            var bytes = (0..<size).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            bytes += Array("\r\n\r\n".utf8)
            return MalformedRequest(bytes: bytes, statuses: [400, 404, 405, 414, 431, 501, 505], mayClose: true)
        case 12:
            // A client that leaves in the middle.
            let whole = post("/api/v1/simulations", "application/json", #"{"devices":1000000000000}"#, [])
            let length = Int.random(in: 0..<whole.bytes.count, using: &generator)
            return MalformedRequest(bytes: Array(whole.bytes.prefix(length)), statuses: [], leaves: true)
        case 13:
            let path =
                ["/api/v1/simulations/%00", "/api/v1/simulations/%ZZ", "/simulate/%FF%FE", "/..%2f..%2fetc/passwd", "/%", "/\u{1}"]
                .randomElement(using: &generator) ?? "/%"
            return get(path, [], [400, 404])
        case 14:
            let token = String(
                (0..<Int.random(in: 0...600, using: &generator)).map { _ in "abcXYZ019_-".randomElement(using: &generator) ?? "a" })
            return get("/api/v1/admin/tokens", ["Authorization: Bearer \(token)"], [401])
        case 15: return nul(using: &generator)
        default:
            let query =
                ["limit=0", "limit=1001", "limit=-1", "limit=ten", "before=1e9", "limit=99999999999999999999", "limit="]
                .randomElement(using: &generator) ?? "limit=0"
            return get("/api/v1/admin/audit?" + query, ["Authorization: Bearer \(bearer)"], [400])
        }
    }

    private static func get(_ target: String, _ headers: [String], _ statuses: Set<Int>, mayClose: Bool = false) -> MalformedRequest {
        let text = "GET \(target) HTTP/1.1\r\nHost: test\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n"
        return MalformedRequest(bytes: Array(text.utf8), statuses: statuses, mayClose: mayClose)
    }

    private static func post(
        _ target: String, _ type: String, _ body: String, _ statuses: Set<Int>, bearer: String? = nil, mayClose: Bool = false
    ) -> MalformedRequest {
        let authorization = bearer.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let contentType = type.isEmpty ? "" : "Content-Type: \(type)\r\n"
        let head = "POST \(target) HTTP/1.1\r\nHost: test\r\n\(authorization)\(contentType)Content-Length: \(body.utf8.count)\r\n\r\n"
        return MalformedRequest(bytes: Array((head + body).utf8), statuses: statuses, mayClose: mayClose)
    }

    // A request that is sound but for a NUL anywhere in its head.
    private static func nul(using generator: inout SeededGenerator) -> MalformedRequest {
        var bytes = Array("GET /api/v1/experiments?a=b HTTP/1.1\r\nHost: test\r\nDevice-Token: abcdef\r\nAccept: */*\r\n\r\n".utf8)
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        bytes.insert(0, at: place)
        return MalformedRequest(bytes: bytes, statuses: [400])
    }

    // Empty, too long, or with a byte that is not visible ASCII in the middle.
    private static func badToken(using generator: inout SeededGenerator) -> MalformedRequest {
        var token: [UInt8] = []
        var statuses: Set = [400]
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: break
        case 1:
            token = [UInt8](repeating: UInt8(ascii: "t"), count: .random(in: 257...20_000, using: &generator))
            if token.count > 9000 { statuses.insert(431) }
        default:
            let bad =
                (Array(0x00...0x20) + Array(0x7F...0xFF) as [UInt8]).filter { $0 != 0x0A && $0 != 0x0D }.randomElement(using: &generator)
                ?? 0x20
            token = Array("a".utf8) + [bad] + Array("b".utf8)
        }
        let bytes = Array("GET /api/v1/experiments HTTP/1.1\r\nHost: test\r\nDevice-Token: ".utf8) + token + Array("\r\n\r\n".utf8)
        return MalformedRequest(bytes: bytes, statuses: statuses)
    }

    private static func wrongMethod(using generator: inout SeededGenerator) -> MalformedRequest {
        let method =
            ["DELETE", "PUT", "PATCH", "POST", "TRACE", "CONNECT", "get", "BREW", String(repeating: "M", count: 500)]
            .randomElement(using: &generator) ?? "BREW"
        let text = "\(method) /api/v1/statistics HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"
        return MalformedRequest(bytes: Array(text.utf8), statuses: [400, 405, 501])
    }

    // JSON that is none, or not what was asked for.
    private static func wrongJSON(_ bearer: String, using generator: inout SeededGenerator) -> MalformedRequest {
        let body =
            [
                "", "{", "}", "nul", "{\"key\":}", "{\"key\":\"a\",\"key\":\"b\"}", "[1,2", "\"\\u12\"", "{\"key\":\"\u{1}\"}", "1e", "-",
                "01",
                "{\"key\":\"k\"}", "{\"key\":[]}", "{\"variants\":{}}", "{\"key\":\"k\",\"variants\":[{\"value\":1,\"weight\":1}]}", "true",
                "{\"key\":\"k\",\"variants\":[{\"value\":\"a\",\"weight\":-1},{\"value\":\"b\",\"weight\":1}]}", "\u{FEFF}{}", "{} {}",
                "'a'",
            ].randomElement(using: &generator) ?? "{"
        return post("/api/v1/admin/experiments", "application/json", body, [400, 422], bearer: bearer)
    }

    // Heads that leave open where the body ends, or that are no HTTP.
    private static func badFraming(using generator: inout SeededGenerator) -> MalformedRequest {
        let text =
            [
                "GET / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "POST /simulate HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /simulate HTTP/1.1\r\nHost: test\r\nContent-Length: -1\r\n\r\n",
                "POST /simulate HTTP/1.1\r\nHost: test\r\nContent-Length: many\r\n\r\n",
                "POST /simulate HTTP/1.1\r\nHost: test\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                "POST /simulate HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: gzip\r\n\r\n",
                "POST /simulate HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: test\r\n\r\n", "GET / HTTX/1.1\r\nHost: test\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: test\r\nNo colon here\r\n\r\n", "GET  /  HTTP/1.1\r\n\r\n", "\r\n\r\n\r\nGET\r\n\r\n",
                " / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
            ].randomElement(using: &generator) ?? ""
        return MalformedRequest(bytes: Array(text.utf8), statuses: [400, 404, 405, 413, 501, 505], mayClose: true)
    }
}
