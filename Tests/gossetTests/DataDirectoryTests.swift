import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // The directory that a server owns.
    @Suite struct DataDirectoryTests {
        let directory: TemporaryDirectory

        init() throws { directory = try TemporaryDirectory() }

        private func expectRefusal(
            _ words: String..., data: String, sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let (ending, output, errors) = try await GossetProcess.run(["serve", "--port", "0", "--data", data])
            #expect(ending == .exited(1), sourceLocation: sourceLocation)
            #expect(output == "", sourceLocation: sourceLocation)
            #expect(errors.isOneLine && errors.hasPrefix("gosset serve: "), "\(errors)", sourceLocation: sourceLocation)
            for word in words { #expect(errors.contains(word), "\(errors)", sourceLocation: sourceLocation) }
        }

        @Test func `A second server is refused`() async throws {
            let gosset = try await GossetProcess(data: directory.path)
            let answer = try await gosset.assignments(of: "device")
            try await expectRefusal("in use by another server", "\(gosset.program.id)", directory.path, data: directory.path)
            #expect(try await gosset.assignments(of: "device") == answer, "the first goes on")
            #expect(try await gosset.assignments(of: "another").count == 2)
            // However the first ends, the next may have it.
            try await gosset.kill()
            let next = try await GossetProcess(data: directory.path)
            #expect(try await next.assignments(of: "device") == answer)
        }

        @Test func `A file is no directory`() async throws {
            let file = directory.path + "/file"
            try Data("precious".utf8).write(to: URL(fileURLWithPath: file))
            try await expectRefusal(file, data: file)
            #expect(directory.text(of: "file") == "precious")
        }

        @Test func `A newer schema is left alone`() async throws {
            try await GossetProcess(data: directory.path).stop()
            let file = directory.path + "/registry.db"
            // The user version is at byte 60 of a database's header (SQLite file format, section 1.3).
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
            try handle.seek(toOffset: 60)
            try handle.write(contentsOf: [0, 0, 0, 99])
            try handle.close()
            try await expectRefusal("99", "newer", data: directory.path)
        }

        @Test func `A file that is no database is left alone`() async throws {
            let content = String(repeating: "This was somebody's diary. ", count: 400)
            try Data(content.utf8).write(to: URL(fileURLWithPath: directory.path + "/registry.db"))
            try await expectRefusal("database", data: directory.path)
            #expect(directory.text(of: "registry.db") == content)
        }

        // What no code of ours does: a device is taken out of the database between two starts.
        @Test(arguments: [("", 0), ("ordinal = 17", 1), ("ordinal % 10 = 3 AND ordinal < 600", 60)])
        func `A device that is missing raises the alarm`(condition: String, missing: Int) async throws {
            let first = try await GossetProcess(data: directory.path)
            try await first.assignments(of: (0..<601).map { "device-\($0)" }, connections: 4)
            #expect(try await first.statistics().alarm == nil)
            try await first.stop()
            if !condition.isEmpty {
                try await Machine.run("sqlite3", directory.path + "/registry.db", "DELETE FROM device WHERE \(condition)")
            }

            let gosset = try await GossetProcess(data: directory.path)
            let statistics = try await gosset.statistics()
            let (page, metrics) = (try await gosset.client.get("/").text, try await gosset.client.get("/metrics").text)
            let isSound = missing == 0
            #expect(statistics.devices == 601 - missing)
            #expect((statistics.alarm == nil) == isSound)
            #expect(page.contains("role=\"alert\"") == !isSound)
            #expect(metrics.contains("\ngosset_devices_missing \(missing)\n"))
            #expect(metrics.contains("\ngosset_registry_sound \(isSound ? 1 : 0)\n"))
            #expect(gosset.log.contains("devices are missing from the registry") == !isSound, "\(gosset.log)")
            for experiment in statistics.experiments {
                #expect(experiment.devices == 601 - missing && experiment.counts.reduce(0, +) == 601 - missing)
                #expect(experiment.balanced == isSound && (experiment.imbalance == nil) == isSound)
                #expect(metrics.contains("\ngosset_experiment_balanced{experiment=\"\(experiment.key)\"} \(isSound ? 1 : 0)\n"))
            }
            if missing == 1 {
                #expect(statistics.alarm?.contains("1 device is missing from the registry, the first of them number 17") == true)
                #expect(gosset.log.contains("number 17"))
            }
            // The others notice nothing, and new ones come.
            #expect(try await gosset.assignments(of: "device-600").count == 2)
            #expect(try await gosset.assignments(of: "late").count == 2)
            #expect(try await gosset.statistics().devices == 602 - missing)
        }

        @Test func `A damaged registry is refused`() async throws {
            let gosset = try await GossetProcess(data: directory.path)
            try await gosset.assignments(of: (0..<3000).map { "device-\($0)" }, connections: 32)
            try await gosset.stop()
            let file = URL(fileURLWithPath: directory.path + "/registry.db")
            let handle = try FileHandle(forUpdating: file)
            let size = try handle.seekToEnd()
            for offset in stride(from: UInt64(8192), to: size, by: 4096) {
                try handle.seek(toOffset: offset)
                try handle.write(contentsOf: [UInt8](repeating: 0xA5, count: 2048))
            }
            try handle.close()
            try await expectRefusal("database", data: directory.path)
        }

        @Test func `Only its owner may read it`() async throws {
            let data = directory.path + "/data"
            let gosset = try await GossetProcess(data: data)
            _ = try await gosset.assignments(of: "device")
            try await eventually("the warehouse's file") { FileManager.default.fileExists(atPath: data + "/warehouse.duckdb") }
            for name in try FileManager.default.contentsOfDirectory(atPath: data) + ["."] {
                let mode = try FileManager.default.attributesOfItem(atPath: "\(data)/\(name)")[.posixPermissions] as? Int ?? 0o777
                #expect(mode & 0o077 == 0, "\(name)")
            }
        }

        @Test func `The token is shown once and kept nowhere`() async throws {
            let first = try await GossetProcess(data: directory.path)
            let token = first.adminToken
            #expect(token.count >= 40)
            #expect(try await first.admin.get("/api/v1/admin/tokens").status == 200)
            try await first.stop()
            let second = try await GossetProcess(data: directory.path)
            #expect(second.adminToken == "", "nothing new is made while there is an administrator")
            let again = Operator(client: second.client, token: token)
            #expect(try await again.get("/api/v1/admin/tokens").status == 200)
            #expect(!first.log.contains(token) && !second.log.contains(token))
            for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
                let content = try Data(contentsOf: URL(fileURLWithPath: "\(directory.path)/\(name)"))
                #expect(content.range(of: Data(token.utf8)) == nil, "\(name)")
            }
            try await second.stop()
            // A token from the environment takes the place of what there was.
            let third = try await GossetProcess(data: directory.path, adminToken: "a-token-of-the-operators-choice")
            #expect(try await third.admin.get("/api/v1/admin/tokens").status == 200)
            #expect(try await Operator(client: third.client, token: token).get("/api/v1/admin/tokens").status == 401)
        }
    }
}
