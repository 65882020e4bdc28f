import Console
import Enrollment
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

@Suite struct CompareAPITests {
    private static let file = Array(
        ("revenue,group\n" + (0..<400).map { "\(($0 * 7919) % 23 + ($0 % 2) * 9),\($0 % 2 == 0 ? "<old>" : "new")\n" }.joined()).utf8)

    @Test func `A file is sent, its columns are offered, and its groups are compared`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await viewer.get("/compare").text.contains("enctype=\"multipart/form-data\""))
            let sent = try await viewer.send(file: CompareAPITests.file, as: "..\\..\\visitors \"1\".csv")
            let path = try #require(sent.headers["Location"])
            #expect(sent.status == 303 && path.hasPrefix("/compare/"))
            let offered = try await viewer.get(path)
            #expect(offered.status == 200 && offered.headers["Cache-Control"] == "no-store")
            #expect(offered.text.contains("<h2>visitors &quot;1&quot;.csv</h2>"), "without the folders that it came from")
            #expect(offered.text.contains("<option value=\"revenue\" selected>revenue</option>"))
            #expect(!offered.text.contains("id=\"recommendation\""))

            let answer = try await viewer.get(path + "?value=revenue&group=group&control=%3Cold%3E")
            #expect(answer.status == 200)
            #expect(answer.text.contains("new is better than &lt;old&gt;, the control"), "a value is text, whatever it looks like")
            #expect(!answer.text.contains("<old>"))
            #expect(answer.text.components(separatedBy: "<gosset-chart").count == 4)
            let wrong = try await viewer.get(path + "?value=revenue&group=group&where=revnue+%3D+1")
            #expect(wrong.status == 422 && wrong.text.contains("“Only rows where”: at character 1"))
        }
    }

    @Test func `A file is seen by whoever sent it, until it is to be forgotten`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let other = try await Visitor.signedIn(.admin, fixture, client)
            let path = try #require(try await viewer.send(file: CompareAPITests.file).headers["Location"])
            #expect(try await other.get(path).status == 404)
            #expect(try await other.post(path + "/forget").status == 303)
            #expect(try await viewer.get(path).status == 200, "only its owner can have it forgotten")
            #expect(try await viewer.post(path + "/forget").status == 303)
            #expect(try await viewer.get(path).status == 404)
        }
    }

    @Test func `A file is forgotten in time`() async throws {
        let clock = WallClock()
        try await Fixture.both(options: clock.options) { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let path = try #require(try await viewer.send(file: CompareAPITests.file).headers["Location"])
            clock.advance(seconds: 1799)
            #expect(try await viewer.get(path).status == 200)
            clock.advance(seconds: 1801)
            let gone = try await viewer.get(path)
            #expect(gone.status == 404 && gone.text.contains("30 minutes"))
        }
    }

    @Test func `What is no table, no file or too large is refused, and why is said`() async throws {
        try await Fixture.both { fixture, client async throws in
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            let none = try await viewer.send(file: [], as: "")
            #expect(none.status == 400 && none.text.contains("Choose a file first."))
            let empty = try await viewer.send(file: [], as: "empty.csv")
            #expect(empty.status == 422 && empty.text.contains("empty.csv is empty"))
            let latin = try await viewer.send(file: Array("a,b".utf8) + [0xE9, 0x0A])
            #expect(latin.status == 422 && latin.text.contains("line 1: not UTF-8: byte 0xE9 at column 4"), "\(latin.text)")
            let large = try await viewer.send(file: [UInt8](repeating: 0x61, count: (32 << 20) + 1))
            #expect(large.status == 413 && large.text.contains("A file may have 32 MB."))
            let larger = try await viewer.send(file: [UInt8](repeating: 0x61, count: 33 << 20))
            #expect(larger.status == 413)
        }
    }

    @Test func `Whoever is not signed in, or whose form is not ours, sends nothing`() async throws {
        try await Fixture.both { fixture, client async throws in
            let stranger = Visitor(client: client, cookie: nil)
            #expect(try await stranger.send(file: CompareAPITests.file, formToken: "x").status == 303)
            #expect(
                try await stranger.send(file: [UInt8](repeating: 0x61, count: 2 << 20), formToken: "x").status == 401, "it is not even read"
            )
            let viewer = try await Visitor.signedIn(.viewer, fixture, client)
            #expect(try await viewer.send(file: CompareAPITests.file, formToken: "nonsense").status == 403)
            #expect(try await viewer.post("/compare").status == 415)
        }
    }
}

extension Visitor {
    // Sends a form with files, each with the name of its field.
    func send(
        _ path: String, fields: [(name: String, value: String)] = [], files: [(name: String, fileName: String, bytes: [UInt8])],
        formToken: String? = nil
    ) async throws -> TestResponse {
        let token: String
        if let formToken { token = formToken } else { token = try await self.formToken() }
        let boundary = "----gosset\(UInt64.random(in: .min ... .max))"
        var body: [UInt8] = []
        for (name, value) in [("form_token", token)] + fields {
            body += Array("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
        }
        for (name, fileName, bytes) in files {
            let quoted = fileName.replacing("\"", with: "%22")
            let head =
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(quoted)\"\r\nContent-Type: text/csv\r\n\r\n"
            body += Array(head.utf8) + bytes + Array("\r\n".utf8)
        }
        body += Array("--\(boundary)--\r\n".utf8)
        let type = ("Content-Type", "multipart/form-data; boundary=\(boundary)")
        return try await client.send(TestRequest("POST", path, headers: headers + [type], body: body))
    }

    func send(file: [UInt8], as name: String = "file.csv", formToken: String? = nil) async throws -> TestResponse {
        try await send("/compare", files: [("file", name, file)], formToken: formToken)
    }
}
