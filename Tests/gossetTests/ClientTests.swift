import Foundation
import HTTPServerTesting
import StandIns
import Testing

extension Processes {
    // Other people's clients, as they are on PyPI, against the real process.
    @Suite struct ClientTests {
        let data: TemporaryDirectory

        init() throws { data = try TemporaryDirectory() }

        private struct Told: Decodable, Equatable {
            let value: Value
            let reason: String
            let variant: String?
            let error: String?
        }

        // A string, a number or a boolean.
        private enum Value: Decodable, Equatable {
            case text(String)
            case number(Int)
            case boolean(Bool)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let boolean = try? container.decode(Bool.self) {
                    self = .boolean(boolean)
                } else if let number = try? container.decode(Int.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }
        }

        private func run<Answer: Decodable>(_ script: String, _ gosset: GossetProcess, devices: Int, as type: Answer.Type) async throws
            -> Answer
        {
            let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Clients/\(script)").path
            let client = try Program([MongoStandIn.python, path, "http://127.0.0.1:\(gosset.port)", String(devices)])
            #expect(try await client.end(within: 120) == .exited(0), "\(client.errors)")
            return try JSONDecoder().decode(type, from: Data(client.output.utf8))
        }

        private struct OpenFeatureAnswers: Decodable {
            struct Device: Decodable {
                let color: Told
                let price: Told
            }

            let devices: [Device]
            let unknown: Told
            let nobody: Told
            let malformed: Told
            let mistyped: Told
        }

        @Test func `An OpenFeature client gets what devices get`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let answers = try await run("openfeature_client.py", gosset, devices: 60, as: OpenFeatureAnswers.self)
            #expect(answers.devices.count == 60)
            for (number, device) in answers.devices.enumerated() {
                let values = try await gosset.client.get("/api/v1/experiments", headers: [("Device-Token", "device-\(number)")]).json(
                    [String: String].self)
                let color = try #require(values["button_color"])
                let price = try #require(values["price"])
                #expect(device.color == Told(value: .text(color), reason: "SPLIT", variant: color, error: nil))
                #expect(device.price == Told(value: .number(try #require(Int(price))), reason: "SPLIT", variant: price, error: nil))
            }
            // The client's devices were enrolled in order: three whole blocks of twenty.
            #expect(answers.devices.count { $0.price.value == .number(10) } == 45)
            #expect(answers.unknown.error == "FLAG_NOT_FOUND")
            #expect(answers.nobody.error == "TARGETING_KEY_MISSING")
            #expect(answers.malformed.error == "INVALID_CONTEXT")
            #expect(answers.mistyped.error == "TYPE_MISMATCH")
            for told in [answers.unknown, answers.nobody, answers.malformed] { #expect(told.value == .text("default")) }
            try await gosset.stop()
        }

        // The clients' contexts say that every device is in Finland, and 30 years old.
        @Test(arguments: ["openfeature_client.py", "growthbook_client.py"])
        func `What a client tells at a device's first contact decides whom an experiment is for`(_ script: String) async throws {
            let gosset = try await GossetProcess(data: data.path)
            for (key, targeting) in [
                ("finns", #"{"country":["FI","SE"],"age":{"at least":18,"less than":65}}"#), ("germans", #"{"country":"DE"}"#),
            ] {
                let body = #"{"key":"\#(key)","variants":[{"value":"a","weight":1},{"value":"b","weight":1}],"targeting":\#(targeting)}"#
                #expect(try await gosset.admin.send("POST", "/api/v1/admin/experiments", json: body).status == 201)
                try await gosset.admin.change(key, "start")
            }
            switch script {
            case "openfeature_client.py": _ = try await run(script, gosset, devices: 20, as: OpenFeatureAnswers.self)
            default: _ = try await run(script, gosset, devices: 20, as: GrowthBookAnswers.self)
            }
            let told = try await gosset.assignments(of: (0..<20).map { "device-\($0)" })
            #expect(told.counts(of: "finns") == ["a": 10, "b": 10])
            #expect(told.counts(of: "germans").isEmpty)
            let flag = try await gosset.client.post("/ofrep/v1/evaluate/flags/finns", json: #"{"context":{"targetingKey":"device-0"}}"#)
            #expect(flag.text.contains("TARGETING_MATCH"))
            try await gosset.stop()
        }

        private struct GrowthBookAnswers: Decodable {
            struct Device: Decodable {
                let color: Value
                let price: Value
                let unknown: Value
                let exposures: [Exposure]
            }

            struct Exposure: Decodable {
                let experiment: String
                let variation: Int
                let value: Value
                let device: String
            }

            let devices: [Device]
        }

        @Test func `GrowthBook's SDK gets what devices get, and reports exposures`() async throws {
            let gosset = try await GossetProcess(data: data.path)
            let answers = try await run("growthbook_client.py", gosset, devices: 30, as: GrowthBookAnswers.self)
            #expect(answers.devices.count == 30)
            for (number, device) in answers.devices.enumerated() {
                let values = try await gosset.client.get("/api/v1/experiments", headers: [("Device-Token", "device-\(number)")]).json(
                    [String: String].self)
                #expect(device.color == .text(try #require(values["button_color"])))
                #expect(device.price == .number(try #require(values["price"].flatMap { Int($0) })))
                #expect(device.unknown == .text("default"))
                #expect(Set(device.exposures.map(\.experiment)) == ["button_color", "price"])
                #expect(device.exposures.allSatisfy { $0.device == "device-\(number)" })
                let color = try #require(device.exposures.first { $0.experiment == "button_color" })
                #expect(["#FF0000", "#00FF00", "#0000FF"][color.variation] == values["button_color"])
                #expect(color.value == device.color)
            }
            try await gosset.stop()
        }
    }
}
