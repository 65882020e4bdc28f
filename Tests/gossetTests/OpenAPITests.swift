import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

extension Processes {
    // The document at /openapi.json is what the server does: every operation is called in every way we know, and answers as documented.
    @Suite struct OpenAPITests {
        private struct Operation: Sendable {
            let method: String
            let path: String
            let description: JSON

            var name: String { "\(method) \(path)" }
            var isForBearers: Bool { description["security"] != .null }
            var isForPeople: Bool { description["security"].elements.contains { $0["session"] != .null } }
            var isStream: Bool { description["responses"]["200"]["content"]["text/event-stream"] != .null }
        }

        private static func operations(of document: JSON) -> [Operation] {
            document["paths"].members.flatMap { path, item in
                item.members.map { Operation(method: $0.uppercased(), path: path, description: $1) }
            }.sorted { $0.name < $1.name }
        }

        // What could stand for a parameter: values that exist, that do not, and that break every rule.
        private static let values: [String: [String]] = [
            "key": ["price", "draft", "nothing", "not%20allowed", "%FF", "a%2Fb", String(repeating: "k", count: 300)],
            "id": ["0", "nothing", "%00", String(repeating: "f", count: 32)],
            "name": ["admin", "nobody", "%20"],
            "token": ["nobody", "%20", "%FF", String(repeating: "k", count: 300)],
        ]

        private static let queries = [
            "", "?experiment=price&device=known", "?experiment=price", "?experiment=a%20b&device=known", "?experiment=no&device=unknown",
            "?limit=0", "?limit=many", "?before=x", "?limit=1&limit=2", "?%ZZ",
        ]

        private static let bodies: [(type: String?, text: String)] = [
            (nil, ""), ("application/json", "{"), ("application/json", "null"), ("application/json", "{}"), ("text/plain", "hello"),
            ("application/json", String(repeating: "[", count: 5000)), ("application/x-www-form-urlencoded", "devices=600"),
            ("application/x-www-form-urlencoded", "devices=none"), ("application/x-www-form-urlencoded", "devices=0"),
            ("application/x-www-form-urlencoded", "devices=99999999999999999999"),
            ("application/json", #"[{"id":"1","unit":"u","fact":"f"}]"#), ("application/json", #"[{"id":"1"}]"#),
            ("application/x-ndjson", #"{"id":"1","unit":"u","fact":"f"}"#),
            ("application/json", "[" + String(repeating: #"{"id":"1","unit":"u","fact":"f"},"#, count: 5001)),
            ("application/yaml", "metrics: {m: {kind: mean, of: f}}\nfacts: {f: }"), ("application/yaml", "metrics: ["),
            ("application/json", #"{"devices":0}"#), ("application/json", #"{"devices":20}"#),
        ]

        @Test func `Every operation answers as documented`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path, ["--allow-origin", "https://shop.example"])
            _ = try await gosset.assignments(of: "known")
            try await gosset.admin.create("draft", [("a", 1), ("b", 1)])
            let made = try await gosset.admin.send("POST", "/api/v1/admin/tokens", json: #"{"name":"eyes","role":"viewer"}"#)
            let viewer = try #require(try JSON(parsing: made.text)["token"].string)
            let document = try JSON(parsing: try await gosset.client.get("/openapi.json").text)
            // What deletes comes last, or there would be nothing left to try.
            let all = OpenAPITests.operations(of: document)
            let operations = all.filter { $0.method != "DELETE" } + all.filter { $0.method == "DELETE" }
            try #require(operations.count > 20)

            var statuses: [String: Set<Int>] = [:]
            var seen: [Content: Set<String>] = [:]
            func expectDocumented(_ response: TestResponse, to request: TestRequest, _ operation: Operation, _ document: JSON) {
                let (documented, sent) = types(response, to: request, operation, document)
                seen[Content(operation: operation.name, status: response.status, documented: documented), default: []].formUnion(sent)
            }
            for operation in operations where !operation.isStream {
                for token in operation.isForBearers ? [nil, viewer, gosset.adminToken] : [nil] {
                    for request in requests(for: operation, token: token) {
                        let response = try await gosset.client.send(request)
                        statuses[operation.name, default: []].insert(response.status)
                        expectDocumented(response, to: request, operation, document)
                    }
                }
                if operation.isForPeople, operation.method == "GET" {
                    let path = operation.path.replacing(/\{[a-z]+\}/, with: "price")
                    let request = TestRequest("GET", path, headers: [("Accept", "text/html")])
                    let response = try await gosset.client.send(request)
                    #expect(response.status == 303 && response.headers["Location"]?.hasPrefix("/sign-in") == true, "\(operation.name)")
                    expectDocumented(response, to: request, operation, document)
                }
                // What is refused before it is known what it asks for.
                for (status, bytes) in OpenAPITests.refused(operation.method) {
                    let response = try await onThreads(1) { _ in try gosset.connect().roundTrip(bytes) }[0]
                    #expect(response.status == status, "\(operation.name)")
                    let request = TestRequest(operation.method, operation.path)
                    expectDocumented(response, to: request, operation, document)
                }
            }
            // Where an answer may be of several types, each comes about.
            for (content, sent) in seen {
                #expect(content.documented == sent, "\(content.operation) → \(content.status)")
            }
            // It means something only if much of what is documented was seen.
            for operation in operations where operation.isForBearers && !operation.isStream {
                #expect(statuses[operation.name]?.isSuperset(of: [401]) == true, "\(operation.name)")
            }
            #expect(statuses["POST /api/v1/admin/experiments"]?.isSuperset(of: [400, 401, 403, 415, 422]) == true)
            #expect(statuses["POST /api/v1/admin/experiments/{key}/start"]?.isSuperset(of: [200, 401, 403, 404, 409, 422]) == true)
            #expect(statuses["GET /api/v1/experiments"] == [200, 400])
            #expect(statuses["POST /simulate"]?.isSuperset(of: [303, 400, 415, 422]) == true)
            #expect(statuses["POST /api/v1/simulations"]?.isSuperset(of: [202, 400, 415, 422]) == true)
            #expect(try await gosset.client.get("/healthz").status == 200)
            #expect(!gosset.log.contains("a handler failed"), "\(gosset.log)")
        }

        private static func refused(_ method: String) -> [(status: Int, bytes: [UInt8])] {
            let (line, host) = ("\(method) / HTTP/1.1\r\n", "Host: test\r\n")
            return [
                (400, line + host + host + "\r\n"), (413, line + host + "Content-Length: 99999999\r\n\r\n"),
                (414, "\(method) /" + String(repeating: "p", count: 5000) + " HTTP/1.1\r\n" + host + "\r\n"),
                (431, line + host + String(repeating: "X: y\r\n", count: 200) + "\r\n"),
                (501, line + host + "Transfer-Encoding: gzip\r\n\r\n"), (505, "\(method) / HTTP/2.0\r\n" + host + "\r\n"),
            ].map { ($0.0, Array($0.1.utf8)) }
        }

        private func requests(for operation: Operation, token: String?) -> [TestRequest] {
            var paths = [operation.path]
            for (name, values) in OpenAPITests.values {
                paths = paths.flatMap { path in path.contains("{\(name)}") ? values.map { path.replacing("{\(name)}", with: $0) } : [path] }
            }
            let bearer = token.map { [("Authorization", "Bearer \($0)")] } ?? []
            let devices = operation.path == "/api/v1/experiments" ? [[("Device-Token", "known")], [("Device-Token", "")], []] : [[]]
            // The last administrator is not let go, and revoking others is not what this is about.
            let queries = operation.method == "GET" && operation.isForBearers ? OpenAPITests.queries : [""]
            let bodies = operation.method == "POST" || operation.method == "PUT" ? OpenAPITests.bodies : [(nil, "")]
            return paths.flatMap { path in
                queries.flatMap { query in
                    bodies.flatMap { type, text in
                        devices.map { device in
                            let headers = bearer + device + (type.map { [("Content-Type", $0)] } ?? [])
                            return TestRequest(operation.method, path + query, headers: headers, body: Array(text.utf8))
                        }
                    }
                }
            }
        }

        private struct Content: Hashable {
            let operation: String
            let status: Int
            let documented: Set<String>
        }

        // What an answer is said to be, and what it is.
        private func types(
            _ response: TestResponse, to request: TestRequest, _ operation: Operation, _ document: JSON
        ) -> (documented: Set<String>, sent: Set<String>) {
            let call: Comment = "\(request.method) \(request.target.prefix(120)) → \(response.status) \(response.text.prefix(300))"
            let documented = OpenAPITests.resolved(operation.description["responses"]["\(response.status)"], document)
            #expect(documented != .null, call)
            let type = response.headers["Content-Type"]?.split(separator: ";").first.map(String.init)
            let (types, sent) = (Set(documented["content"].members.keys), Set([type].compactMap { $0 }))
            #expect(types.isEmpty == sent.isEmpty && types.isSuperset(of: sent), call)
            if response.status >= 400 {
                let problem = try? JSON(parsing: response.text)
                #expect(problem?["status"].number == Double(response.status), call)
                #expect(problem?["title"].string?.isEmpty == false && problem?["detail"].string?.isEmpty == false, call)
            }
            return (types, sent)
        }

        // What an answer is, be it described in place or for all operations together.
        private static func resolved(_ answer: JSON, _ document: JSON) -> JSON {
            guard let reference = answer["$ref"].string else { return answer }
            return document["components"]["responses"][reference.replacing("#/components/responses/", with: "")]
        }

        @Test func `The document is sound in itself`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path)
            let document = try JSON(parsing: try await gosset.client.get("/openapi.json").text)
            #expect(document["openapi"].string == "3.1.0")
            let operations = OpenAPITests.operations(of: document)
            let ids = operations.compactMap { $0.description["operationId"].string }
            #expect(ids.count == operations.count && Set(ids).count == ids.count)
            for operation in operations {
                let names = operation.path.matches(of: #/\{(\w+)\}/#).map { String($0.1) }
                let declared = operation.description["parameters"].elements.filter { $0["in"].string == "path" }
                #expect(declared.compactMap { $0["name"].string }.sorted() == names.sorted(), "\(operation.name)")
                #expect(operation.description["summary"].string?.isEmpty == false)
                let answers = operation.description["responses"].members
                for (status, answer) in answers {
                    let description = OpenAPITests.resolved(answer, document)["description"].string
                    #expect(Int(status) != nil && description?.isEmpty == false, "\(operation.name)")
                }
                #expect(Set(answers.keys).isSuperset(of: ["400", "408", "413", "414", "431", "500", "501", "503", "505"]))
            }
            for reference in references(in: document) {
                let names = reference.split(separator: "/").dropFirst().map(String.init)
                #expect(names.reduce(document) { $0[$1] } != .null, "\(reference)")
            }
        }

        private func references(in json: JSON) -> [String] {
            switch json {
            case .object(let members): members.flatMap { $0 == "$ref" ? [$1.string ?? ""] : references(in: $1) }
            case .array(let elements): elements.flatMap(references)
            default: []
            }
        }

        @Test func `What is not documented is not there`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path)
            let document = try JSON(parsing: try await gosset.client.get("/openapi.json").text)
            for (path, item) in document["paths"].members {
                let target = path.replacing(#/\{\w+\}/#, with: "x")
                for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] where item[method.lowercased()] == .null {
                    let response = try await gosset.client.send(TestRequest(method, target))
                    #expect(response.status == 405, "\(method) \(path)")
                    let allowed = Set(
                        (response.headers["Allow"] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
                    #expect(allowed.subtracting(["HEAD"]) == Set(item.members.keys.map { $0.uppercased() }), "\(path)")
                }
            }
            for path in ["/nothing", "/api", "/api/v1", "/api/v2/experiments", "/assets/../etc/passwd", "/assets/%2e%2e/x", "//", "/docs/"]
            {
                #expect(try await gosset.client.get(path).status == 404, "\(path)")
            }
        }
    }
}
