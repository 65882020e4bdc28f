import Foundation
import Testing

extension Processes {
    // Disks that have no room, or cannot be written: new devices are refused, known ones are served, and it passes by itself.
    @Suite struct DiskTests {
        @Test(.enabled(if: Machine.canMount)) func `Full disk`() async throws {
            let disk = try SmallDisk(kilobytes: 2048)
            let data = disk.path + "/data"
            var gosset = try await GossetProcess(data: data, adminToken: "an-operator-of-this-test")
            let outage = Outage(of: gosset)
            try await outage.expectRefusalAndRecovery {
                // The server frees a little whenever it opens its database anew; somebody else takes that, too, until it has tried
                // several times and found nothing.
                var refusals = 0
                try await eventually("a disk that stays full", within: 60, every: .milliseconds(100)) {
                    let isRefused = try await outage.refusesNewDevice()
                    let isFull = try disk.fill() == 0
                    refusals = isRefused && isFull ? refusals + 1 : 0
                    return refusals == 15
                }
            } mending: {
                try disk.empty()
            }
            #expect(gosset.log.contains("disk is full"))
            let statistics = try await gosset.statistics()
            try await gosset.kill()
            gosset = try await GossetProcess(data: data)
            #expect(try await gosset.statistics() == statistics)
        }

        // The same where nothing may be mounted: the system lets no file of the process grow.
        @Test func `Files that may not grow`() async throws {
            let data = try TemporaryDirectory()
            var gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            let id = gosset.program.id
            try await Outage(of: gosset).expectRefusalAndRecovery {
                try await Machine.run("prlimit", "--pid", "\(id)", "--fsize=8192:")
            } mending: {
                try await Machine.run("prlimit", "--pid", "\(id)", "--fsize=unlimited:")
            }
            let statistics = try await gosset.statistics()
            try await gosset.kill()
            gosset = try await GossetProcess(data: data.path)
            #expect(try await gosset.statistics() == statistics)
        }

        @Test(.enabled(if: Machine.canMakeImmutable)) func `Files that become read only`() async throws {
            let data = try TemporaryDirectory()
            let files = ["registry.db", "registry.db-wal"].map { "\(data.path)/\($0)" }
            let undoing = Guardian.shared.remember("chattr -i \(files.joined(separator: " "))")
            defer {
                _ = system("chattr -i \(files.joined(separator: " ")) 2>/dev/null")
                Guardian.shared.forget(undoing)
            }
            let gosset = try await GossetProcess(data: data.path, adminToken: "an-operator-of-this-test")
            try await Outage(of: gosset).expectRefusalAndRecovery {
                for file in files { try await Machine.run("chattr", "+i", file) }
            } mending: {
                for file in files { try await Machine.run("chattr", "-i", file) }
            }
        }

        // Nothing is told before it is on the disk: where syncing fails and nothing else does, nobody new is answered.
        @Test func `A disk that takes everything and keeps nothing`() async throws {
            let folder = try TemporaryDirectory()
            let broken = folder.path + "/broken"
            let library = try await Machine.syncLibrary(in: folder, "if (access(\"\(broken)\", F_OK) == 0) { errno = EIO; return -1; }")
            let gosset = try await GossetProcess(
                data: folder.path + "/data", environment: ["LD_PRELOAD": library], adminToken: "an-operator-of-this-test")
            try await Outage(of: gosset).expectRefusalAndRecovery {
                try Data().write(to: URL(fileURLWithPath: broken))
            } mending: {
                try FileManager.default.removeItem(atPath: broken)
            }
        }

        @Test(.enabled(if: Machine.canMount)) func `Read only from the start`() async throws {
            let disk = try SmallDisk(kilobytes: 2048)
            let data = disk.path + "/data"
            try await GossetProcess(data: data).stop()
            try disk.makeReadOnly()
            let (ending, output, errors) = try await GossetProcess.run(["serve", "--port", "0", "--data", data])
            #expect(ending == .exited(1))
            #expect(output == "")
            #expect(errors.isOneLine && errors.contains(data) && errors.localizedCaseInsensitiveContains("read-only"), "\(errors)")
        }

        @Test(.enabled(if: Machine.canMount)) func `Full from the start`() async throws {
            let disk = try SmallDisk(kilobytes: 2048)
            try disk.fill()
            let (ending, output, errors) = try await GossetProcess.run(["serve", "--port", "0", "--data", disk.path + "/data"])
            #expect(ending == .exited(1))
            #expect(output == "")
            #expect(errors.isOneLine && errors.hasPrefix("gosset serve: "), "\(errors)")
        }
    }
}
