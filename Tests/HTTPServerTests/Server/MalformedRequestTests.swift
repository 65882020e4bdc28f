import Foundation
import HTTPServer
import HTTPServerTesting
import SeededRandom
import Testing

@Suite struct MalformedRequestTests {
    private struct Body: Decodable {
        var key: String
        var weights: [Double]
    }

    private var router: Router {
        var router = Router()
        router.on(.get, "/", inline: { _ in .response(.text("hello")) })
        router.on(.post, "/", inline: { .response(.text("\($0.body.count)")) })
        router.get("/experiments/{key}") { request in
            .text(try request.parameter("key") + (request.query("device") ?? "") + (request.header("Device-Token") ?? ""))
        }
        router.post("/json") { .text(try $0.json(Body.self, .strict).key) }
        router.post("/form") { .text(try $0.form().value("key") ?? "") }
        return router
    }

    // The statuses in what a server sent.
    private func statuses(_ answer: [UInt8]) -> [Int] {
        String(decoding: answer, as: UTF8.self).components(separatedBy: "HTTP/1.1 ").dropFirst().compactMap { Int($0.prefix(3)) }
    }

    private static let post = "POST / HTTP/1.1\r\nHost: x\r\n"

    // Requests and the status they get; 0 for a connection that is closed without an answer.
    private static let nasties: [(String, Int)] = [
        // Not HTTP
        ("GARBAGE\r\n\r\n", 0), ("\r\n\r\n", 0), ("\u{16}\u{3}\u{1}\u{2}\0\u{1}", 0), ("GET /\r\n\r\n", 400),
        ("PRI * HTTP/2.0\r\n\r\n", 505),
        ("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505), ("get / http/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET / HTTP/1.1 extra\r\nHost: x\r\n\r\n", 400),
        // Targets
        ("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /\u{1} HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /experiments/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /experiments/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /experiments/%C0%AF HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /experiments/k?device=%F HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404), ("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        ("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", 404), ("GET http://x/nothing HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        ("BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 405), ("GET /" + String(repeating: "x", count: 4096) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        ("GET /" + String(repeating: "x", count: 100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (String(repeating: "A", count: 100_000), 414),
        ("GET /" + String(repeating: "x", count: 8000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /  HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        // NULs, which libmicrohttpd takes for the end of whatever they are in
        ("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /\0/secret HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET\0 / HTTP/1.1\r\nHost: x\r\n\r\n", 400), ("GET /?\0 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\0\r\nHost: x\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nDevice-Token: abc\0def\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nDevice-Token: abc\0def\r\nHost: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nDevice-Token: \0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nDevice-Token:\0 abc\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nDevice-\0Token: abc\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n\0X: y\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\n\0\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n\0\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (post + "Content-Length: 5\0\r\n\r\nabcde", 400), (post + "Content-Length: 5\0 6\r\n\r\nabcde", 400),
        // Other control characters, and what else cannot be in a header
        ("GET / HTTP/1.1\r\nHost: x\r\nX: a\u{1}b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nX: a\u{7F}b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nX\u{1}: b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nX(y): b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n", 400), ("GET / HTTP/1.1\nHost: x\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: a\nY: b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nX: a\tb\r\n\r\n", 200),
        // Headers
        ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        // Hosts
        ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: []\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a%zz\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: \u{E9}\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: <a>\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost:\r\n\r\n", 200), ("GET / HTTP/1.1\r\nHost: a-b_c.example:8080 \r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", 200), ("GET / HTTP/1.1\r\nHost: 127.0.0.1:\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: a%20b\r\n\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "x", count: 100_000) + "\r\n\r\n", 431),
        // Lengths
        (post + "Content-Length: -1\r\n\r\n", 400), (post + "Content-Length: +5\r\n\r\nabcde", 400),
        (post + "Content-Length: 0x5\r\n\r\nabcde", 400),
        (post + "Content-Length:\r\n\r\n", 400), (post + "Content-Length: 5 5\r\n\r\nabcde", 400),
        (post + "Content-Length: 18446744073709551615\r\n\r\n", 413), (post + "Content-Length: 99999999999999999999999\r\n\r\n", 413),
        (post + "Content-Length: 1048577\r\n\r\n", 413), ("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n", 413),
        (post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nabcde", 400),
        (post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", 400),
        (post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400), (post + "Transfer-Encoding: gzip\r\n\r\n", 501),
        (post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        // Chunks
        (post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400), (post + "Transfer-Encoding: chunked\r\n\r\n-1\r\nabc", 400),
        (post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n0\r\n\r\n", 400),
        (post + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n", 413),
        // Bodies
        ("POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", 415),
        ("POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n{]}", 400),
        ("POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]", 422),
        ("POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\nkey=%", 400),
    ]

    @Test func `What cannot be answered gets the status that says why`() async throws {
        try await withServer(router) { server async throws in
            let client = LiveClient(port: server.port)
            try await offPool {
                for (request, status) in Self.nasties {
                    if status == 0 {
                        #expect(try client.raw(Array(request.utf8), finishing: true).isEmpty, "\(request.prefix(100).debugDescription)")
                    } else {
                        let answer = try LiveConnection(port: server.port).roundTrip(Array(request.utf8))
                        #expect(answer.status == status, "\(request.prefix(100).debugDescription)")
                        if answer.status >= 400 {
                            #expect(answer.headers["Content-Type"] == "application/problem+json", "\(request.prefix(100).debugDescription)")
                            #expect(answer.text.contains(#""status":\#(status)"#) && answer.headers["Date"] != nil)
                        }
                    }
                }
            }
            #expect(try await client.get("/").text == "hello")
        }
    }

    // A head that comes in pieces lies in memory as one that comes at once.
    @Test func `A head may come a byte at a time`() async throws {
        try await withServer(router) { server async throws in
            let connection = try LiveConnection(port: server.port)
            let head = "GET /experiments/k?device=d HTTP/1.1\r\nHost:x\r\nX: \r\nDevice-Token:  abc\r\nY:\r\n\r\n"
            for _ in 0..<2 {
                let response = try await offPool {
                    for byte in head.utf8 { try connection.write([byte]) }
                    return try connection.readResponse()
                }
                #expect(response.text == "kdabc")
            }
        }
    }

    @Test func `A refused HEAD gets no body`() async throws {
        try await withServer(router) { server async throws in
            let connection = try LiveConnection(port: server.port)
            try connection.write(Array("HEAD / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n".utf8))
            let text = String(decoding: try await offPool { connection.readToEnd() }, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `Ten thousand mutilated requests leave nothing behind`() async throws {
        let measurements = Measurements()
        try await withServer(router, measurements: measurements) { server async throws in
            var seen = try await bombard(server.port, seeds: 0..<40)
            let warm = try residentBytes()
            seen.formUnion(try await bombard(server.port, seeds: 40..<80))
            #expect(try residentBytes() - warm < 32 << 20)
            #expect(seen.isSubset(of: [200, 400, 404, 405, 413, 414, 415, 422, 431, 501, 505]))
            #expect(seen.isSuperset(of: [200, 400, 404, 405]))
            #expect(try await eventually { measurements.snapshot().openConnections == 0 })
            #expect(measurements.snapshot().requestsInFlight == 0)
            #expect(measurements.snapshot().asyncHandlersRunning == 0)
            #expect(try await LiveClient(port: server.port).get("/").text == "hello")
        }
    }

    // Sends 5000 requests, from as many threads as there are seeds.
    private func bombard(_ port: Int, seeds: Range<UInt64>) async throws -> Set<Int> {
        try await withThrowingTaskGroup(of: Set<Int>.self) { group in
            for seed in seeds {
                group.addTask { try await offPool { try bombard(port, seed: seed, count: 5000 / seeds.count) } }
            }
            return try await group.reduce(into: []) { $0.formUnion($1) }
        }
    }

    // Sends mutations of a few good and bad requests, each on a connection of its own.
    // - Returns: the statuses that came back.
    private func bombard(_ port: Int, seed: UInt64, count: Int) throws -> Set<Int> {
        var random = SeededGenerator(seed: seed)
        let client = LiveClient(port: port)
        let json = "Content-Type: application/json\r\nContent-Length: 28\r\n\r\n{\"key\":\"k\",\"weights\":[1, 2]}"
        let originals =
            [
                "GET /experiments/k%20?device=a%2Fb HTTP/1.1\r\nHost: x\r\nDevice-Token: abc\r\n\r\n",
                "POST /json HTTP/1.1\r\nHost: x\r\n" + json,
                Self.post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\nDELETE / HTTP/1.1\r\nHost: x\r\n\r\n",
            ] + Self.nasties.map(\.0)
        var seen: Set<Int> = []
        for _ in 0..<count {
            var request = Array(originals.randomElement(using: &random).map { Array($0.utf8) }?.prefix(4000) ?? [])
            for _ in 0..<Int.random(in: 0...4, using: &random) { mutate(&request, &random) }
            seen.formUnion(statuses(try client.raw(request, finishing: true)))
        }
        return seen
    }

    private func mutate(_ request: inout [UInt8], _ random: inout SeededGenerator) {
        guard !request.isEmpty else { return }
        let place = Int.random(in: 0..<request.count, using: &random)
        let length = min(Int.random(in: 1...12, using: &random), request.count - place)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: request[place] = UInt8.random(in: 0...255, using: &random)
        case 1: request.removeSubrange(place..<place + length)
        case 2: request.insert(contentsOf: request[place..<place + length], at: place)
        case 3:
            request.insert(
                contentsOf: ["\r\n", "\0", "%", "{", ":", " ", "\u{FFFD}", "99999999"].randomElement(using: &random)?.utf8 ?? "".utf8,
                at: place)
        case 4: request.removeSubrange(place...)
        default: request.swapAt(place, Int.random(in: 0..<request.count, using: &random))
        }
    }

    // The memory this process holds.
    private func residentBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (Int(fields[1]) ?? 0) * 4096
    }
}
