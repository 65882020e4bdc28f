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

        @Test func aSecondServerIsRefused() async throws {
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

        @Test func aFileIsNoDirectory() async throws {
            let file = directory.path + "/file"
            try Data("precious".utf8).write(to: URL(fileURLWithPath: file))
            try await expectRefusal(file, data: file)
            #expect(directory.text(of: "file") == "precious")
        }

        @Test func aNewerSchemaIsLeftAlone() async throws {
            try await GossetProcess(data: directory.path).stop()
            let file = directory.path + "/registry.db"
            // The user version is at byte 60 of a database's header (SQLite file format, section 1.3).
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
            try handle.seek(toOffset: 60)
            try handle.write(contentsOf: [0, 0, 0, 99])
            try handle.close()
            try await expectRefusal("99", "newer", data: directory.path)
        }

        @Test func aFileThatIsNoDatabaseIsLeftAlone() async throws {
            let content = String(repeating: "This was somebody's diary. ", count: 400)
            try Data(content.utf8).write(to: URL(fileURLWithPath: directory.path + "/registry.db"))
            try await expectRefusal("database", data: directory.path)
            #expect(directory.text(of: "registry.db") == content)
        }

        @Test func aDamagedRegistryIsRefused() async throws {
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

        @Test func onlyItsOwnerMayReadIt() async throws {
            let data = directory.path + "/data"
            let gosset = try await GossetProcess(data: data)
            _ = try await gosset.assignments(of: "device")
            for name in try FileManager.default.contentsOfDirectory(atPath: data) + ["."] {
                let mode = try FileManager.default.attributesOfItem(atPath: "\(data)/\(name)")[.posixPermissions] as? Int ?? 0o777
                #expect(mode & 0o077 == 0, "\(name)")
            }
        }

        @Test func theTokenIsShownOnceAndKeptNowhere() async throws {
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
