import HTTPServer
import Testing

@Suite struct CookieTests {
    @Test func `A cookie is out of reach of scripts and of other sites' forms`() {
        let cookie = Cookie(name: "id", value: "x", maxAge: 60, isSecure: false)
        #expect(cookie.header == "id=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax")
        let secure = Cookie(name: "__Host-id", value: "", maxAge: 0, isSecure: true)
        #expect(secure.header == "__Host-id=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
    }

    @Test func `Several cookies are several headers`() {
        var response = Response.empty()
        for name in ["a", "b"] { response.set(Cookie(name: name, value: "1", maxAge: 1, isSecure: false)) }
        #expect(response.headers.fields.count { $0.name == "Set-Cookie" } == 2)
    }
}
