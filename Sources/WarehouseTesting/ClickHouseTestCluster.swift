internal import Foundation
internal import HTTPClient
internal import Synchronization

/// A real ClickHouse cluster for tests: two shards, on 127.0.0.1 and 127.0.0.2, in a temporary directory.
///
/// A guardian, a shell that reads from a pipe of ours, stops the servers and removes the directory when the pipe closes: also when the
/// tests crash.
package final class ClickHouseTestCluster: Sendable {
    /// What went wrong with it.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The port for HTTP, the same at both addresses.
    package let port: UInt16
    private let directory: String
    private let lifeline: FileHandle
    private let client = HTTPClient(patienceSeconds: 20)

    /// The hosts of the shards.
    package static let hosts = ["127.0.0.1", "127.0.0.2"]

    /// The cluster that the tests of this process share.
    package static let shared = Task { try await ClickHouseTestCluster() }

    /// Starts both servers, and returns when they answer.
    ///
    /// Needs Debian's `clickhouse-server`.
    package init() async throws {
        directory = "/tmp/gosset-clickhouse-\(UUID().uuidString)"
        port = try ClickHouseTestCluster.freePorts()
        for shard in ClickHouseTestCluster.hosts.indices {
            let folder = "\(directory)/\(shard)"
            try FileManager.default.createDirectory(atPath: folder + "/data/tmp", withIntermediateDirectories: true)
            try Data(ClickHouseTestCluster.configuration(folder, port: port, host: ClickHouseTestCluster.hosts[shard]).utf8)
                .write(to: URL(filePath: folder + "/config.xml"))
            try Data(ClickHouseTestCluster.users.utf8).write(to: URL(filePath: folder + "/users.xml"))
        }
        let guardian = Process()
        guardian.executableURL = URL(filePath: "/bin/bash")
        guardian.arguments = [
            "-c",
            """
            cd "$0"
            end() { for pid in $pids; do kill -9 $pid; wait $pid; done 2>/dev/null; pids=; }
            while read -r word; do
                end
                [ $word = start ] || continue
                for shard in 0 1; do (cd $shard && exec clickhouse-server --config-file=config.xml >out 2>&1 </dev/null) & pids="$pids $!"; done
            done
            end
            cd / && rm -rf "$0"
            """, directory,
        ]
        let pipe = Pipe()
        guardian.standardInput = pipe
        guardian.standardOutput = FileHandle.nullDevice
        guardian.standardError = FileHandle.nullDevice
        guardian.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        try guardian.run()
        lifeline = pipe.fileHandleForWriting
        _ = fcntl(lifeline.fileDescriptor, F_SETFD, FD_CLOEXEC)
        try await start()
    }

    deinit { try? lifeline.close() }

    /// Starts both servers anew, with what they have on their disks, and returns when they answer.
    package func start() async throws {
        try lifeline.write(contentsOf: Data("start\n".utf8))
        for host in ClickHouseTestCluster.hosts {
            var answer = try? await run("SELECT 1", on: host)
            for _ in 0..<200 where answer == nil {
                try await Task.sleep(for: .milliseconds(100))
                answer = try? await run("SELECT 1", on: host)
            }
            guard answer == "1" else { throw Failure(description: "ClickHouse does not answer at \(host):\(port)") }
        }
    }

    /// Kills both servers.
    package func kill() { try? lifeline.write(contentsOf: Data("kill\n".utf8)) }

    /// The address of the first shard, from which distributed tables reach both.
    package var address: String { address(of: "default") }

    /// The address of a database there.
    package func address(of database: String) -> String { "clickhouse://127.0.0.1:\(port)/\(database)" }

    /// Makes an empty database on both shards, and gives its name.
    package func makeDatabase() async throws -> String {
        let name = "d" + UUID().uuidString.replacing("-", with: "").lowercased()
        for host in ClickHouseTestCluster.hosts { try await run("CREATE DATABASE \(name)", on: host) }
        return name
    }

    /// Runs a statement on one shard and gives its answer.
    @discardableResult
    package func run(_ sql: String, on host: String = "127.0.0.1") async throws -> String {
        let answer = try await client.send(HTTPCall("POST", "http://\(host):\(port)/", body: Array(sql.utf8)))
        let text = String(decoding: answer.body, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard answer.status == 200 else { throw Failure(description: text) }
        return text
    }

    /// Makes a table that lies on both shards, in place of one of its name, with its rows dealt out in turn.
    package func makeTable(_ name: String, in database: String = "default", columns: String, rows: [String]) async throws {
        let (table, local) = ("\(database).\(name)", "\(database).\(name)_local")
        for host in ClickHouseTestCluster.hosts {
            for table in [table, local] { try await run("DROP TABLE IF EXISTS \(table)", on: host) }
            try await run("CREATE TABLE \(local) (\(columns)) ENGINE = MergeTree ORDER BY tuple()", on: host)
        }
        for host in ClickHouseTestCluster.hosts {
            try await run("CREATE TABLE \(table) AS \(local) ENGINE = Distributed(both, \(database), \(name)_local, rand())", on: host)
        }
        for (shard, host) in ClickHouseTestCluster.hosts.enumerated() {
            let own = rows.indices.filter { $0 % 2 == shard }.map { rows[$0] }
            if !own.isEmpty { try await run("INSERT INTO \(local) VALUES \(own.joined(separator: ","))", on: host) }
        }
    }

    /// What was given out already, by the first of three.
    private static let given = Mutex<Set<UInt16>>([])

    /// The first of three ports in a row that are free at both addresses, in a range that is not handed out for outgoing connections.
    private static func freePorts() throws -> UInt16 {
        for _ in 0..<1000 {
            let first = UInt16.random(in: 10_000..<30_000) / 4 * 4
            guard given.withLock({ $0.insert(first).inserted }) else { continue }
            let isFree = hosts.allSatisfy { host in (first..<first + 3).allSatisfy { canListen(host, $0) } }
            if isFree { return first }
        }
        throw Failure(description: "no three ports in a row are free")
    }

    private static func canListen(_ host: String, _ port: UInt16) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // As ClickHouse does it: connections that are winding down keep nobody from listening.
        var isReused: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        (address.sin_family, address.sin_port, address.sin_addr.s_addr) = (sa_family_t(AF_INET), port.bigEndian, inet_addr(host))
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
    }

    private static func configuration(_ folder: String, port: UInt16, host: String) -> String {
        let shards = hosts.map { "<shard><replica><host>\($0)</host><port>\(port + 1)</port></replica></shard>" }.joined()
        return """
            <?xml version="1.0"?>
            <yandex>
            <logger><level>warning</level><log>\(folder)/log</log><errorlog>\(folder)/errors</errorlog></logger>
            <http_port>\(port)</http_port><tcp_port>\(port + 1)</tcp_port><interserver_http_port>\(port + 2)</interserver_http_port>
            <listen_host>\(host)</listen_host><path>\(folder)/data/</path><tmp_path>\(folder)/data/tmp/</tmp_path>
            <mark_cache_size>5000000</mark_cache_size><users_config>users.xml</users_config><default_profile>default</default_profile>
            <default_database>default</default_database><timezone>UTC</timezone>
            <remote_servers><both>\(shards)</both></remote_servers>
            </yandex>
            """
    }

    private static let users = """
        <?xml version="1.0"?>
        <yandex>
        <profiles><default/></profiles>
        <users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users>
        <quotas><default/></quotas>
        </yandex>
        """
}
