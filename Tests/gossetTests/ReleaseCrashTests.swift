import Foundation
import HTTPServerTesting
import SeededRandom
import Testing

extension Processes {
    // `kill -9` while a holdout is released: it is released or it is not, and every answer is what that says.
    @Suite struct ReleaseCrashTests {
        private static let rounds = 8
        private static let token = "an-operator-of-this-test"

        @Test func `A release that was acknowledged outlasts a crash, and one that was not is whole or not there`() async throws {
            let data = try TemporaryDirectory()
            var generator = SeededGenerator(seed: .random(in: .min ... .max))
            // What each device was last told, and by which rounds' winners that may have grown.
            var answers: [String: [String: String]] = [:]
            var released = 0
            for round in 0..<ReleaseCrashTests.rounds {
                let gosset = try await GossetProcess(data: data.path, ["--no-examples"], adminToken: ReleaseCrashTests.token)
                let admin = gosset.admin
                let (holdout, key) = ("global-\(round)", "won-\(round)")
                let made = try await admin.send("POST", "/api/v1/admin/holdouts", json: #"{"name":"\#(holdout)","percent":25}"#)
                #expect(made.status == 201, "\(made.text)")
                let body =
                    #"{"key":"\#(key)","holdout":"\#(holdout)","variants":[{"value":"a","weight":1},{"value":"b","weight":1}]}"#
                #expect(try await admin.send("POST", "/api/v1/admin/experiments", json: body).status == 201)
                try await admin.change(key, "start")
                let devices = (0..<40).map { "device-\(round)-\($0)" }
                try await gosset.assignments(of: devices)
                try await admin.change(key, "finish", json: #"{"winner":"b"}"#)
                for device in devices { answers[device] = try await gosset.assignments(of: device) }
                #expect(devices.count { answers[$0]?[key] == nil } == 10)
                let path = "/api/v1/admin/holdouts/\(holdout)/release"
                let confirm = try JSON(parsing: try await admin.get(path).text)["confirm"].string ?? ""

                async let acknowledged = try? admin.send("POST", path, json: #"{"confirm":"\#(confirm)"}"#)
                usleep(.random(in: 0...8000, using: &generator))
                gosset.program.signal(SIGKILL)
                #expect(try await gosset.program.end() == .killed(signal: SIGKILL))
                let isAcknowledged = await acknowledged?.status == 200

                let again = try await GossetProcess(data: data.path, ["--no-examples"], adminToken: ReleaseCrashTests.token)
                let isReleased = try JSON(parsing: try await again.admin.get(path).text)["released"]["ordinal"].number != nil
                #expect(isReleased || !isAcknowledged)
                if isReleased { released += 1 }
                for device in devices where answers[device]?[key] == nil && isReleased { answers[device]?[key] = "b" }
                for (device, answer) in answers { #expect(try await again.assignments(of: device) == answer, "\(device)") }
                try await again.stop()
            }
            print("released: \(released) of \(ReleaseCrashTests.rounds)")
        }
    }
}
