import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // SIGTERM: what was accepted is answered, and nothing is lost.
    @Suite struct ShutdownTests {
        let data: TemporaryDirectory

        init() throws { data = try TemporaryDirectory() }

        // A request counts as accepted when all of its bytes had been sent, on a connection that had been answered before, ere the signal
        // was. Such a request gets a whole answer; one that was sent later gets an answer or a closed connection, but no half of one.
        @Test func `What was accepted is answered`() async throws {
            for round in 0..<5 {
                let gosset = try await GossetProcess(data: data.path)
                let ledger = Ledger()
                let (sent, signalled) = (Barrier(33), Barrier(33))
                async let clients: [Void] = onThreads(32) { thread in
                    let connection = try gosset.connect()
                    for number in 0..<20 {
                        let token = "device-\(round)-\(thread)-\(number)"
                        ledger.record(try connection.answer(to: token), for: token)
                    }
                    let last = "last-\(round)-\(thread)"
                    try connection.write(Array("GET /api/v1/experiments HTTP/1.1\r\nHost: test\r\nDevice-Token: \(last)\r\n\r\n".utf8))
                    sent.wait()
                    signalled.wait()
                    let response = try connection.readResponse()
                    guard response.status == 200 else { throw UnexpectedAnswer(response) }
                    ledger.record(response.text, for: last)
                    // Then it is over: there is an end, or a whole answer that says so.
                    for number in 0... {
                        let token = "later-\(round)-\(thread)-\(number)"
                        guard let later = try? connection.send(.device(token)) else { return }
                        guard later.status == 200 || later.status == 503 else { throw UnexpectedAnswer(later) }
                        if later.status == 200 { ledger.record(later.text, for: token) }
                        if !connection.isReusable { return }
                    }
                }
                _ = try await onThreads(1) { _ in
                    sent.wait()
                    gosset.program.signal(SIGTERM)
                    signalled.wait()
                }
                _ = try await clients
                #expect(try await gosset.program.end(within: 9) == .exited(0), "\(gosset.log)")
                #expect(gosset.log.contains("\"stopped\""))

                let next = try await GossetProcess(data: data.path)
                try await next.ask(again: ledger.tokens, ledger)
                #expect(ledger.contradictions == [])
                #expect(ledger.tokens.count >= 32 * 21)
                try await next.stop()
            }
        }

        @Test func `Under load nothing that was answered is lost`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let ledger = Ledger()
            let answered = Counter()
            _ = try await onThreads(16) { thread in
                let connection = try gosset.connect()
                for number in 0... {
                    let token = "device-\(thread)-\(number)"
                    do {
                        let response = try connection.send(.device(token))
                        if response.status == 503 { return }
                        guard response.status == 200 else { throw UnexpectedAnswer(response) }
                        ledger.record(response.text, for: token)
                    } catch LiveConnection.Failure.noResponse(let received) {
                        // The end may come between two answers, but not within one.
                        guard received == "" else { throw GossetProcess.Failure(description: "half an answer: \(received)") }
                        return
                    }
                    if answered.next() == 800 { gosset.program.signal(SIGTERM) }
                    if !connection.isReusable { return }
                }
            }
            #expect(try await gosset.program.end(within: 9) == .exited(0), "\(gosset.log)")
            let next = try await GossetProcess(data: data.path)
            try await next.ask(again: ledger.tokens, ledger)
            #expect(ledger.contradictions == [])
            #expect(try await next.statistics().devices >= ledger.tokens.count)
        }

        @Test func `Live pages and idle connections do not keep it up`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let page = try gosset.connect()
            try page.write(Array("GET /statistics/live HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
            #expect(try page.readLine().hasPrefix("HTTP/1.1 200"))
            let idle = try gosset.connect()
            _ = try idle.answer(to: "device")
            let start = ContinuousClock.now
            try await gosset.stop()
            #expect(ContinuousClock.now - start < .seconds(5), "the grace of 10 seconds is for those who have something to finish")
        }

        @Test func `A client that never finishes is cut after the grace`() async throws {
            let gosset = try await GossetProcess(data: data.path, ["--grace", "1"])
            let slow = try gosset.connect()
            try slow.write(Array("POST /api/v1/simulations HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n{".utf8))
            try await eventually("the request to have begun") {
                try await gosset.client.get("/metrics").text.contains(#/\ngosset_http_connections 2\n/#)
            }
            gosset.program.signal(SIGTERM)
            #expect(try await gosset.program.end(within: 15) == .exited(0))
        }

        @Test func `A second signal ends it at once`() async throws {
            let gosset = try await GossetProcess(data: data.path, ["--grace", "600"])
            let slow = try gosset.connect()
            try slow.write(Array("POST /api/v1/simulations HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n{".utf8))
            try await eventually("the request to have begun") {
                try await gosset.client.get("/metrics").text.contains(#/\ngosset_http_connections 2\n/#)
            }
            gosset.program.signal(SIGINT)
            try await eventually("the stop to have begun") { gosset.log.contains("\"stopping\"") }
            gosset.program.signal(SIGINT)
            let ending = try await gosset.program.end(within: 5)
            #expect(ending == .exited(130))
        }
    }
}
