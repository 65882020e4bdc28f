import HTTPServerTesting

extension TestRequest {
    // Events of one device, by their ids.
    static func events(_ names: [String]) -> TestRequest {
        events(lines: names.map { #"{"id":"\#($0)","unit":"device","fact":"visit","value":1}"# })
    }

    // Events as they are written.
    static func events(lines: [String]) -> TestRequest {
        let body = Array("[\(lines.joined(separator: ","))]".utf8)
        return TestRequest("POST", "/api/v1/events", headers: [("Content-Type", "application/json")], body: body)
    }
}

extension GossetProcess {
    // How events stand.
    func events() async throws -> JSON { try JSON(parsing: try await admin.get("/api/v1/events/status").text) }
}
