import HTTPServer
import HTTPServerTesting
import SeededRandom
import Testing

@Suite struct MultipartTests {
    private func body(_ parts: [(head: String, content: [UInt8])], boundary: String = "b") -> [UInt8] {
        parts.flatMap { Array("--\(boundary)\r\n\($0.head)\r\n\r\n".utf8) + $0.content + Array("\r\n".utf8) }
            + Array("--\(boundary)--\r\n".utf8)
    }

    @Test func `Fields and files are told apart, and contents are as they were sent`() throws {
        let csv = Array("a,b\r\n1,\"\u{1F37A}\"\r\n--b\r\n".utf8) + [0, 255]
        let form = try Multipart(
            body(
                [
                    ("Content-Disposition: form-data; name=\"note\"", Array("J\u{FC}rgen".utf8)),
                    ("content-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv", csv),
                    ("Content-Disposition: form-data; name=\"empty\"", []),
                    ("Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\nContent-Type: application/octet-stream", []),
                ], boundary: "x"), boundary: "x")
        #expect(try form.form().value("note") == "J\u{FC}rgen")
        #expect(try form.form().value("empty") == "")
        #expect(try form.form().value("file") == nil)
        let file = try #require(try form.file("file"))
        #expect(file.fileName == "a.csv" && Array(file.content) == csv)
        #expect(try form.file("none") == nil, "nothing was chosen")
        #expect(try form.file("other") == nil)
    }

    @Test(arguments: [
        (#"form-data; name="a"; filename="say %22hi%22%0D%0A.csv""#, "say \"hi\"\r\n.csv"),
        (#"form-data; name="a"; filename="say \"hi\".csv""#, #"say "hi".csv"#),
        (#"form-data;name="a" ; filename="..\\..\\x;y=z.csv""#, #"..\..\x;y=z.csv"#),
    ]) func `A file's name is read as browsers and curl write it`(field: String, name: String) throws {
        let form = try Multipart(body([("Content-Disposition: \(field)", [1])]), boundary: "b")
        #expect(form.parts.first?.fileName == name && form.parts.first?.name == "a")
    }

    @Test(arguments: [
        "", "--", "x--b--", "--b", "--b--x", "--b\r\n", "--b\r\n\r\n\r\n--b--", "--bb--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--bx",
        "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--b--",
    ]) func `What is malformed is a 400`(text: String) {
        let problem = #expect(throws: Problem.self) { try Multipart(Array(text.utf8), boundary: "b") }
        #expect(problem?.status == .badRequest)
    }

    @Test func `Too many parts and too long headers are refused`() throws {
        let part = (head: "Content-Disposition: form-data; name=\"a\"", content: [UInt8]())
        #expect(try Multipart(body(Array(repeating: part, count: 64)), boundary: "b").parts.count == 64)
        let problem = #expect(throws: Problem.self) { try Multipart(body(Array(repeating: part, count: 65)), boundary: "b") }
        #expect(problem?.status == .contentTooLarge)
        let long = (head: part.head + "\r\nX: " + String(repeating: "x", count: 5000), content: [UInt8]())
        #expect(throws: Problem.self) { try Multipart(body([long]), boundary: "b") }
    }

    @Test func `A field that is given twice or is no text is refused when it is asked for`() throws {
        let part = (head: "Content-Disposition: form-data; name=\"a\"; filename=\"f\"", content: [UInt8(1)])
        let twice = try Multipart(body([part, part]), boundary: "b")
        #expect(throws: Problem.self) { try twice.file("a") }
        for content in [[UInt8(0xFF)], [0]] {
            let form = try Multipart(body([("Content-Disposition: form-data; name=\"a\"", content)]), boundary: "b")
            #expect(throws: Problem.self) { try form.form() }
        }
    }

    // Whatever is done to a body, it is read or refused; nothing else can happen to it.
    @Test func `Damaged bodies are read or are a 400, never more`() throws {
        var random = SeededGenerator(seed: 0x6F73_7365)
        let whole = body([
            ("Content-Disposition: form-data; name=\"note\"", Array("text".utf8)),
            (
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv",
                Array("a,b\r\n1,2\r\n--b".utf8)
            ),
        ])
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0...Int(random.next() % 3) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.removeSubrange(place..<min(max(place, bytes.count - 1), place + Int(random.next() % 9)))
                case 2: bytes.insert(contentsOf: Array("\r\n--b".utf8).prefix(Int(random.next() % 6)), at: place)
                default: bytes.swapAt(place, Int(random.next() % UInt64(bytes.count)))
                }
            }
            do {
                let form = try Multipart(bytes, boundary: "b")
                #expect(form.parts.reduce(0) { $0 + $1.content.count } < bytes.count)
            } catch {
                refused += 1
                #expect(error.status == .badRequest)
            }
        }
        #expect(refused > 1000, "there is something to refuse")
    }

    @Test func `A request's boundary is found in its content type`() async throws {
        var router = Router()
        router.on(.post, "/", { request in .text(try request.multipart().form().value("a") ?? "none") })
        try await bothWays(router) { client async throws in
            func send(_ type: String?, boundary: String = "b") async throws -> TestResponse {
                let bytes = body([("Content-Disposition: form-data; name=\"a\"", Array("found".utf8))], boundary: boundary)
                return try await client.send(TestRequest("POST", "/", headers: type.map { [("Content-Type", $0)] } ?? [], body: bytes))
            }
            #expect(try await send("multipart/form-data; boundary=b").text == "found")
            #expect(try await send("Multipart/Form-Data; charset=utf-8; Boundary=\"b c\"", boundary: "b c").text == "found")
            #expect(try await send("multipart/form-data; boundary=c").status == 400)
            for type in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"b\u{7}\""] {
                #expect(try await send(type).status == 400, "\(type)")
            }
            for type in [nil, "text/plain", "multipart/mixed; boundary=b"] { #expect(try await send(type).status == 415) }
        }
    }
}
