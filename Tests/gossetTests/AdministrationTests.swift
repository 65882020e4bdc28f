import EnrollmentTesting
import Foundation
import HTTPServer
import HTTPServerTesting
import Testing

extension Processes {
    // What operators do over HTTP: who may, what is refused and why, and what is written down of it.
    @Suite struct AdministrationTests {
        let data: TemporaryDirectory
        let gosset: GossetProcess

        init() async throws {
            data = try TemporaryDirectory()
            gosset = try await GossetProcess(data: data.path)
        }

        private func expectProblem(
            _ response: TestResponse, _ status: Int, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            #expect(response.status == status, "\(response.text)", sourceLocation: sourceLocation)
            #expect(response.headers["Content-Type"] == "application/problem+json", sourceLocation: sourceLocation)
            let problem = try JSON(parsing: response.text)
            #expect(problem["status"].number == Double(status), sourceLocation: sourceLocation)
            let detail = problem["detail"].string ?? ""
            for word in words { #expect(detail.contains(word), "\(detail)", sourceLocation: sourceLocation) }
        }

        private func make(_ name: String, _ role: String) async throws -> Operator {
            let response = try await gosset.admin.send("POST", "/api/v1/admin/tokens", json: "{\"name\":\"\(name)\",\"role\":\"\(role)\"}")
            try #require(response.status == 201, "\(response.text)")
            return Operator(client: gosset.client, token: try #require(try JSON(parsing: response.text)["token"].string))
        }

        @Test func `Without a token nobody is let in`() async throws {
            let routes = [
                ("GET", "/experiments"), ("POST", "/experiments"), ("GET", "/experiments/price"), ("POST", "/experiments/price/start"),
                ("POST", "/experiments/price/pause"), ("POST", "/experiments/price/resume"), ("PUT", "/experiments/price/variants"),
                ("DELETE", "/experiments/price"),
                ("POST", "/experiments/price/finish"), ("GET", "/explain"), ("GET", "/tokens"), ("POST", "/tokens"),
                ("DELETE", "/tokens/admin"), ("GET", "/audit"),
            ]
            let strangers = [
                nil, "", "Bearer", "Bearer ", "Bearer \(gosset.adminToken)x", "Bearer \(gosset.adminToken.dropLast())",
                "Basic \(gosset.adminToken)",
            ]
            for (method, route) in routes {
                for stranger in strangers {
                    let response = try await gosset.client.send(
                        TestRequest(method, "/api/v1/admin" + route, headers: stranger.map { [("Authorization", $0)] } ?? []))
                    try expectProblem(response, 401, "access token")
                    #expect(response.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
                }
            }
            #expect(try await gosset.statistics()["price"]?.state == "running")
        }

        // Syncing takes long here, as it does on a busy disk: whoever starts a server with a token uses it as soon as there is an answer.
        @Test func `A token of one's own choice is valid from the first answer on`() async throws {
            let folder = try TemporaryDirectory()
            let library = try await Machine.syncLibrary(in: folder, "usleep(100000);")
            let (port, token) = (try FreePort.find(), "an-operator-of-this-test")
            let program = try Program(
                [GossetProcess.path, "serve", "--port", "\(port)", "--data", folder.path + "/data"],
                environment: ["LD_PRELOAD": library, "GOSSET_ADMIN_TOKEN": token])
            let administrator = Operator(client: LiveClient(port: Int(port)), token: token)
            let answer = try await eventually("a first answer", within: 60, every: .milliseconds(2)) {
                try #require(program.endingSoFar == nil, "\(program.errors)")
                return try? await administrator.get("/api/v1/admin/experiments")
            }
            #expect(answer.status == 200, "\(answer.text)")
        }

        @Test func `A role may do what it may and no more`() async throws {
            let (viewer, editor) = (try await make("eyes", "viewer"), try await make("hands", "editor"))
            let draft = #"{"key":"draft","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
            #expect(try await viewer.get("/api/v1/admin/experiments").status == 200)
            #expect(try await viewer.get("/api/v1/admin/audit").status == 200)
            try expectProblem(try await viewer.send("POST", "/api/v1/admin/experiments", json: draft), 403, "'eyes'", "editor")
            try expectProblem(try await viewer.send("POST", "/api/v1/admin/experiments/price/pause"), 403)
            try expectProblem(try await viewer.get("/api/v1/admin/tokens"), 403)
            #expect(try await editor.send("POST", "/api/v1/admin/experiments", json: draft).status == 201)
            try expectProblem(try await viewer.delete("/api/v1/admin/experiments/draft"), 403, "'eyes'", "editor")
            #expect(try await editor.delete("/api/v1/admin/experiments/draft").status == 204)
            #expect(try await editor.send("POST", "/api/v1/admin/experiments", json: draft).status == 201)
            #expect(try await editor.send("POST", "/api/v1/admin/experiments/draft/start").status == 200)
            try expectProblem(try await editor.get("/api/v1/admin/tokens"), 403, "admin")
            try expectProblem(try await editor.send("POST", "/api/v1/admin/tokens", json: #"{"name":"x","role":"admin"}"#), 403)
            try expectProblem(try await editor.delete("/api/v1/admin/tokens/eyes"), 403)

            #expect(try await gosset.admin.delete("/api/v1/admin/tokens/hands").status == 204)
            try expectProblem(try await editor.get("/api/v1/admin/experiments"), 401)
            try expectProblem(try await gosset.admin.delete("/api/v1/admin/tokens/hands"), 404, "hands")
            try expectProblem(try await gosset.admin.delete("/api/v1/admin/tokens/admin"), 409, "last")
        }

        @Test func `What breaks a rule is refused`() async throws {
            let admin = gosset.admin
            func create(_ json: String) async throws -> TestResponse {
                try await admin.send("POST", "/api/v1/admin/experiments", json: json)
            }
            func variants(_ variants: String) -> String { "{\"key\":\"new\",\"variants\":[\(variants)]}" }
            let pair = #"{"value":"a","weight":1},{"value":"b","weight":1}"#

            try expectProblem(try await create(#"{"key":"price","variants":[\#(pair)]}"#), 409, "'price'")
            for key in ["", "a b", "a/b", "é", String(repeating: "k", count: 65)] {
                try expectProblem(try await create("{\"key\":\(key.asJSON),\"variants\":[\(pair)]}"), 422, "A-Z a-z 0-9")
            }
            #expect(try await create("{\"key\":\"\(String(repeating: "k", count: 64))\",\"variants\":[\(pair)]}").status == 201)
            try expectProblem(try await create(variants("")), 422, "2 to 100")
            try expectProblem(try await create(variants(#"{"value":"a","weight":1}"#)), 422, "2 to 100")
            let many = (0..<101).map { "{\"value\":\"\($0)\",\"weight\":1}" }.joined(separator: ",")
            try expectProblem(try await create(variants(many)), 422, "2 to 100")
            try expectProblem(try await create(variants(#"{"value":"a","weight":1},{"value":"a","weight":1}"#)), 422, "'a'")
            try expectProblem(try await create(variants(#"{"value":"","weight":1},{"value":"b","weight":1}"#)), 422, "variant 1")
            for weight in ["0", "-1", "-0.0"] {
                try expectProblem(
                    try await create(variants("{\"value\":\"a\",\"weight\":\(weight)},{\"value\":\"b\",\"weight\":1}")), 422, "positive")
            }
            for (weight, status) in [("1e999", 422), ("\"1\"", 422), ("null", 422), ("NaN", 400)] {
                let body = variants("{\"value\":\"a\",\"weight\":\(weight)},{\"value\":\"b\",\"weight\":1}")
                try expectProblem(try await create(body), status)
            }
            try expectProblem(try await create(variants(#"{"value":"a","weight":0.123456789},{"value":"b","weight":1}"#)), 422, "digits")
            let bodies = [
                ("", 400), ("{", 400), ("{}}", 400), ("[]", 422), ("{}", 422), (#"{"key":"new"}"#, 422),
                (#"{"key":"new","variants":[\#(pair)],"extra":1}"#, 422), (#"{"key":1,"variants":[\#(pair)]}"#, 422),
            ]
            let bearer = [("Authorization", "Bearer \(admin.token)")]
            for (body, status) in bodies {
                try expectProblem(try await admin.client.post("/api/v1/admin/experiments", json: body, headers: bearer), status)
            }
            try expectProblem(
                try await admin.client.post("/api/v1/admin/experiments", form: "key=new", headers: bearer), 415)

            for change in ["start", "resume"] {
                try expectProblem(try await admin.send("POST", "/api/v1/admin/experiments/price/\(change)"), 409, "running")
            }
            try expectProblem(try await admin.delete("/api/v1/admin/experiments/price"), 409, "running")
            try expectProblem(try await admin.delete("/api/v1/admin/experiments/nothing"), 404, "'nothing'")
            try expectProblem(try await admin.send("POST", "/api/v1/admin/experiments/nothing/start"), 404, "'nothing'")
            try expectProblem(try await admin.send("POST", "/api/v1/admin/experiments/price/finish", json: #"{"winner":"7"}"#), 422, "'7'")
            try await admin.change("price", "finish", json: #"{"winner":"20"}"#)
            for change in ["start", "pause", "resume", "finish"] {
                try expectProblem(try await admin.send("POST", "/api/v1/admin/experiments/price/\(change)"), 409, "finished")
            }
            try expectProblem(
                try await admin.send("PUT", "/api/v1/admin/experiments/price/variants", json: "{\"variants\":[\(pair)]}"), 409, "finished")
            #expect(try JSON(parsing: try await admin.get("/api/v1/admin/experiments").text)["experiments"].elements.count == 3)
        }

        @Test func `Every change is in the audit log and no secret is`() async throws {
            let start = Date()
            let editor = try await make("hands", "editor")
            try await editor.create("checkout", [("old", 1), ("new", 1)])
            try await editor.change("checkout", "start")
            try await editor.change("checkout", to: [("old", 9), ("new", 1)])
            try await editor.change("checkout", "finish", json: #"{"winner":"new"}"#)
            _ = try await editor.send("POST", "/api/v1/admin/experiments/checkout/start")
            #expect(try await gosset.admin.delete("/api/v1/admin/tokens/hands").status == 204)

            let text = try await gosset.admin.get("/api/v1/admin/audit").text
            let entries = try JSON(parsing: text)["entries"].elements
            let told = entries.map { [$0["actor"].string, $0["action"].string, $0["subject"].string] }
            #expect(
                told == [
                    ["admin", "revoke access", "hands"], ["hands", "finish", "checkout"], ["hands", "change variants", "checkout"],
                    ["hands", "start", "checkout"], ["hands", "create", "checkout"], ["admin", "grant access", "hands"],
                    ["gosset", "grant access", "admin"], ["gosset", "create example", "price"],
                    ["gosset", "create example", "button_color"],
                ])
            let ids = entries.compactMap { $0["id"].number }
            #expect(ids == ids.sorted(by: >) && Set(ids).count == entries.count)
            for entry in entries.prefix(6) {
                let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
                let time = try style.parse(entry["time"].string ?? "")
                #expect(time.timeIntervalSince(start) > -1 && time.timeIntervalSinceNow < 1)
            }
            #expect(entries[4]["before"] == .null && entries[4]["after"]["state"].string == "draft")
            #expect(entries[3]["before"]["state"].string == "draft" && entries[3]["after"]["state"].string == "running")
            #expect(entries[1]["before"]["winner"] == .null && entries[1]["after"]["winner"].string == "new")
            #expect(entries[2]["before"] != entries[2]["after"])
            #expect(entries[0]["before"]["role"].string == "editor" && entries[0]["after"] == .null)

            // Neither the tokens nor what would betray the next variant is anywhere that people or programs look.
            let experiments = try await gosset.admin.get("/api/v1/admin/experiments").text
            let experiment = try await gosset.admin.get("/api/v1/admin/experiments/checkout").text
            let tokens = try await gosset.admin.get("/api/v1/admin/tokens").text
            for text in [text, experiments, experiment, tokens, gosset.log, try await gosset.client.get("/metrics").text] {
                #expect(!text.contains(gosset.adminToken) && !text.contains(editor.token))
                #expect(!text.contains("\"secret\"") && !text.contains("\"hash\""))
                #expect(!text.contains(#/[0-9a-f]{32}/#))
            }
            let history = try JSON(parsing: experiment)["history"].elements
            #expect(history.compactMap { $0["action"].string } == ["create", "start", "change variants", "finish"])
        }

        @Test func `An explanation is what happened`() async throws {
            let value = try await gosset.assignments(of: "my-phone")["price"]
            let explanation = try JSON(
                parsing: try await gosset.admin.get("/api/v1/admin/explain?experiment=price&device=my-phone").text)
            #expect(explanation["ordinal"].number == 0)
            #expect(explanation["reason"].string == "dealt")
            #expect(explanation["value"].string == value && explanation["deal"]["value"].string == value)
            #expect(explanation["deal"]["blockSize"].number == 20 && explanation["deal"]["block"].number == 0)
            let devices = try await gosset.statistics().devices
            try expectProblem(try await gosset.admin.get("/api/v1/admin/explain?experiment=price&device=stranger"), 404)
            #expect(try await gosset.statistics().devices == devices, "to ask about a device does not enroll it")
        }

        @Test func `Tokens of devices are checked`() async throws {
            let longest = String(repeating: "x", count: 256)
            #expect(try await gosset.client.send(.device(longest)).status == 200)
            for token in ["", longest + "x", "two words", "caf\u{E9}", "tab\there"] {
                try expectProblem(try await gosset.client.send(.device(token)), 400, "token")
            }
            for token in ["\u{7F}", "a\u{1}b"] {
                try expectProblem(try await gosset.client.send(.device(token)), 400, "'Device-Token'", "control character")
            }
            // Not two devices that both begin with a.
            for token in ["a\0b", "a\0c", "\0", "a\0"] { try expectProblem(try await gosset.client.send(.device(token)), 400, "NUL") }
            try expectProblem(try await gosset.client.get("/api/v1/experiments"), 400, "Device-Token")
            let twice = TestRequest("GET", "/api/v1/experiments", headers: [("Device-Token", "a"), ("Device-Token", "b")])
            try expectProblem(try await gosset.client.send(twice), 400)
            #expect(try await gosset.statistics().devices == 1)
        }
    }
}
