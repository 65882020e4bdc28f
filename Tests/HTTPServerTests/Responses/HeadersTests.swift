import HTTPServer
import Testing

@Suite struct HeadersTests {
    @Test func `Names match in any case`() {
        var headers: Headers = ["Content-Type": "text/plain"]
        #expect(headers["content-type"] == "text/plain")
        headers["CONTENT-TYPE"] = "text/html"
        #expect(headers.fields.map(\.value) == ["text/html"])
        headers["content-Type"] = nil
        #expect(headers.fields.isEmpty)
    }

    @Test func `A value cannot smuggle in another header`() {
        let headers: Headers = ["Location": "/\r\nSet-Cookie: admin=1\u{0}"]
        #expect(headers["Location"] == "/Set-Cookie: admin=1")
    }

    @Test func `A field may have several values`() {
        var headers: Headers = ["Vary": "Accept"]
        headers.append("Origin", for: "vary")
        #expect(headers.fields.map(\.value) == ["Accept", "Origin"])
    }
}
