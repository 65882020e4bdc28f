import Foundation
import HTTPClient
import HTTPServer
import Logging
import StandIns
import Testing

// Against the real server, both ways of asking.
@Suite struct HTTPClientTests {
    private static var router: Router {
        var router = Router()
        for method in [Method.get, .post, .put, .delete] {
            router.on(method, "/echo") { request in
                var response = Response.text(String(decoding: request.body, as: UTF8.self))
                response.headers["X-Method"] = request.method.rawValue
                response.headers["X-Length"] = try request.header("Content-Length") ?? "none"
                response.headers["X-Type"] = try request.header("Content-Type") ?? "none"
                response.headers["X-Mine"] = try request.header("Mine") ?? "none"
                return response
            }
        }
        router.get("/unauthorized") { _ in throw Problem(.unauthorized, "who are you?", headers: ["WWW-Authenticate": "Bearer"]) }
        router.get("/away") { _ in
            var response = Response(Status(302))
            response.headers["Location"] = "/echo"
            return response
        }
        router.get("/busy") { _ in Response(.serviceUnavailable, headers: ["Retry-After": "7"]) }
        router.get("/large") { _ in .text(String(repeating: "x", count: 10_000)) }
        // Answers when it is too late.
        router.get("/never") { _ in
            try? await Task.sleep(for: .seconds(30))
            return .text("late")
        }
        return router
    }

    // The same body for one who waits and for a task.
    private func both(
        patienceSeconds: Double = 20, mostBytes: Int = 1 << 20,
        _ body: (String, (HTTPCall) async throws -> HTTPAnswer) async throws -> Void
    ) async throws {
        let server = try Server.start(Self.router, logger: .silent)
        let url = "http://127.0.0.1:\(server.port)"
        do {
            let connection = WaitingConnection(patienceSeconds: patienceSeconds, mostBytes: mostBytes)
            try await body(url) { try await connection.send($0) }
            let client = HTTPClient(patienceSeconds: patienceSeconds, mostBytes: mostBytes)
            try await body(url) { try await client.send($0) }
        } catch {
            await server.stop(grace: .seconds(0))
            throw error
        }
        await server.stop(grace: .seconds(0))
    }

    @Test func `requests arrive as they are meant, and answers whole`() async throws {
        try await both { url, send async throws in
            for method in ["GET", "POST", "PUT", "DELETE"] {
                let answer = try await send(HTTPCall(method, url + "/echo", headers: [("Mine", "a; b"), ("Empty", "")]))
                #expect(answer.status == 200 && answer.header("x-method") == method && answer.body == [])
                #expect(answer.header("X-Mine") == "a; b" && answer.header("X-Type") == "none" && answer.header("X-None") == nil)
                #expect(answer.header("X-Length") == (["POST", "PUT"].contains(method) ? "0" : "none"))
            }
            let body = Array("{\"größe\":1}".utf8)
            for method in ["POST", "PUT"] {
                let answer = try await send(HTTPCall(method, url + "/echo", headers: [("content-type", "application/json")], body: body))
                #expect(
                    answer.body == body && answer.header("X-Type") == "application/json" && answer.header("X-Length") == "\(body.count)")
            }
            let large = [UInt8](repeating: 0x61, count: 500_000)
            #expect(try await send(HTTPCall("POST", url + "/echo", body: large)).body == large)
            let head = try await send(HTTPCall("HEAD", url + "/echo"))
            #expect(head.status == 200 && head.body == [])
        }
    }

    @Test func `what is no success is an answer like others, and redirections are not followed`() async throws {
        try await both { url, send async throws in
            let refused = try await send(HTTPCall("GET", url + "/unauthorized"))
            #expect(refused.status == 401 && String(decoding: refused.body, as: UTF8.self).contains("who are you?"))
            let away = try await send(HTTPCall("GET", url + "/away"))
            #expect(away.status == 302 && away.header("Location") == "/echo" && away.header("X-Method") == nil)
            #expect(try await send(HTTPCall("GET", url + "/busy")).retryAfter == 7)
            #expect(try await send(HTTPCall("GET", url + "/echo")).retryAfter == nil)
        }
    }

    @Test func `an answer that is too large is none`() async throws {
        try await both(mostBytes: 9999) { url, send async throws in
            await #expect(throws: HTTPFailure(.tooLarge)) { try await send(HTTPCall("GET", url + "/large")) }
            // The next one is answered all the same.
            #expect(try await send(HTTPCall("GET", url + "/echo")).status == 200)
        }
        try await both(mostBytes: 10_000) { url, send async throws in
            #expect(try await send(HTTPCall("GET", url + "/large")).body.count == 10_000)
        }
    }

    @Test func `why there is no answer is told without the address`() async throws {
        try await both(patienceSeconds: 0.3) { url, send async throws in
            await #expect(throws: HTTPFailure(.timedOut)) { try await send(HTTPCall("GET", url + "/never?secret")) }
            #expect(!"\(HTTPFailure(.timedOut))".contains("secret"))
        }
        try await both { url, send async throws in
            for (address, cause) in [
                ("http://127.0.0.1:1/secret", .unreachable), ("https" + url.dropFirst(4), .insecure),
                ("ftp://127.0.0.1/secret", .malformed), ("file:///etc/hostname", .malformed), ("http://127.0.0.1/a secret", .malformed),
                ("", .malformed),
            ] as [(String, HTTPFailure.Cause)] {
                await #expect(throws: HTTPFailure(cause), "\(address)") { try await send(HTTPCall("GET", address)) }
                #expect(!"\(HTTPFailure(cause))".contains("secret"))
            }
            for header in [("Mine", "a\r\nInjected: b"), ("", "a"), ("Mi\nne", "a")] {
                await #expect(throws: HTTPFailure(.malformed)) { try await send(HTTPCall("GET", url + "/echo", headers: [header])) }
            }
        }
    }

    @Test func `interim answers are passed over, and a connection that breaks is told`() async throws {
        let server = try ScriptedServer([
            "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late:  2 \r\nContent-Length: 2\r\n\r\nok", "",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok",
        ])
        let connection = WaitingConnection()
        let answer = try await connection.send(HTTPCall("GET", server.url))
        #expect(answer.header("X-Early") == nil && answer.header("X-Late") == "2" && answer.body == Array("ok".utf8))
        for _ in 0..<2 { await #expect(throws: HTTPFailure(.broken)) { try await connection.send(HTTPCall("GET", server.url)) } }
    }

    @Test func `a connection is used again, and more than are allowed wait for their turn`() async throws {
        let measurements = Measurements()
        let server = try Server.start(Self.router, measurements: measurements, logger: .silent)
        let url = "http://127.0.0.1:\(server.port)/echo"
        let connection = WaitingConnection()
        for _ in 0..<20 { _ = try await connection.send(HTTPCall("GET", url)) }
        #expect(measurements.snapshot().connectionsAccepted == 1)
        let client = HTTPClient(connections: 3)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 { group.addTask { try await client.send(HTTPCall("GET", url)).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 100))
        #expect(measurements.snapshot().connectionsAccepted <= 4)
        await server.stop(grace: .seconds(1))
    }

    @Test func `a download follows where it is sent, and is whole or a failure`() async throws {
        let directory = try ScratchDirectory()
        let server = try Server.start(Self.router, logger: .silent)
        let url = "http://127.0.0.1:\(server.port)"
        // What is too large for an answer is none for a file.
        let client = HTTPClient(patienceSeconds: 1, mostBytes: 100)
        let answer = try await client.download(url + "/large", to: directory.file("large"))
        let whole = Data(repeating: UInt8(ascii: "x"), count: 10_000)
        #expect(answer.status == 200 && answer.body == [])
        #expect(FileManager.default.contents(atPath: directory.file("large")) == whole)
        #expect(try await client.download(url + "/away", to: directory.file("away")).header("X-Method") == "GET")
        // A redirection that leaves HTTP, or leads in a circle, is not followed.
        let sent = try ScriptedServer(
            ["HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n"]
                + Array(repeating: "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", count: 11)
                + ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"])
        for (name, cause) in [("local", .malformed), ("circle", .astray)] as [(String, HTTPFailure.Cause)] {
            await #expect(throws: HTTPFailure(cause)) { try await client.download(sent.url, to: directory.file(name)) }
        }
        await #expect(throws: HTTPFailure(.broken)) { try await client.download(sent.url, to: directory.file("part")) }
        // Nothing comes for a second.
        await #expect(throws: HTTPFailure(.timedOut)) { try await client.download(url + "/never", to: directory.file("never")) }
        // What is there is not written over.
        await #expect(throws: HTTPFailure(.unwritable)) { try await client.download(url + "/echo", to: directory.file("large")) }
        #expect(FileManager.default.contents(atPath: directory.file("large")) == whole)
        await server.stop(grace: .seconds(0))
    }

    @Test func `a cancelled task calls its request off`() async throws {
        let server = try Server.start(Self.router, logger: .silent)
        let client = HTTPClient()
        let task = Task { try await client.send(HTTPCall("GET", "http://127.0.0.1:\(server.port)/never")) }
        task.cancel()
        await #expect(throws: HTTPFailure(.calledOff)) { try await task.value }
        await server.stop(grace: .seconds(0))
    }
}
