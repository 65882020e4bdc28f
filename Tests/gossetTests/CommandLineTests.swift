import Foundation
import HTTPServerTesting
import Testing

extension Processes {
    // How the program is called, and what it says of mistakes: one line on standard error, and an exit status that scripts understand.
    @Suite struct CommandLineTests {
        @Test func `Help helps`() async throws {
            for arguments in [["--help"], ["-h"], ["help"]] {
                let (ending, output, errors) = try await GossetProcess.run(arguments)
                #expect(ending == .exited(0))
                #expect(errors == "")
                #expect(output.contains("usage: gosset COMMAND") && output.contains("serve"))
            }
            let (ending, output, errors) = try await GossetProcess.run(["serve", "--help"])
            #expect(ending == .exited(0))
            #expect(errors == "")
            for flag in [
                "--host", "--port", "--data", "--registry", "--no-examples", "--log-level", "GOSSET_ADMIN_TOKEN", "(default: 8080)",
            ] {
                #expect(output.contains(flag))
            }
            #expect(output.lines.allSatisfy { $0.count <= 120 })
        }

        @Test func `The version is told as one line`() async throws {
            let (ending, output, errors) = try await GossetProcess.run(["--version"])
            #expect(ending == .exited(0))
            #expect(output.wholeMatch(of: #/gosset \d+\.\d+\.\d+\n/#) != nil)
            #expect(errors == "")
        }

        @Test func `Without a command it says what there is`() async throws {
            let (ending, output, errors) = try await GossetProcess.run([])
            #expect(ending == .exited(2))
            #expect(output == "")
            #expect(errors.contains("usage: gosset COMMAND"))
        }

        struct Mistake: Sendable, CustomTestStringConvertible {
            let arguments: [String]
            var environment: [String: String] = [:]
            let says: [String]

            var testDescription: String { (environment.map { "\($0.key)=\($0.value)" } + arguments).joined(separator: " ") }
        }

        static let mistakes = [
            Mistake(arguments: ["serv"], says: ["no command 'serv'", "did you mean 'serve'?"]),
            Mistake(arguments: ["dance"], says: ["no command 'dance'", "gosset --help"]),
            Mistake(arguments: ["serve", "--prot", "80"], says: ["no flag --prot", "did you mean --port?", "gosset serve --help"]),
            Mistake(arguments: ["serve", "--no-exampels"], says: ["did you mean --no-examples?"]),
            Mistake(arguments: ["serve", "--entirely-unknown"], says: ["no flag --entirely-unknown"]),
            Mistake(arguments: ["serve", "port"], says: ["'port' was not expected"]),
            Mistake(arguments: ["serve", "-p", "80"], says: ["'-p' was not expected"]),
            Mistake(arguments: ["serve", "--port"], says: ["--port needs a value", "--port PORT"]),
            Mistake(arguments: ["serve", "--no-examples=yes"], says: ["--no-examples takes no value"]),
            Mistake(arguments: ["serve", "--port", "http"], says: ["--port must be a whole number from 0 to 65535, not 'http'"]),
            Mistake(arguments: ["serve", "--port=65536"], says: ["--port must be a whole number from 0 to 65535, not '65536'"]),
            Mistake(arguments: ["serve", "--port=-1"], says: ["--port must be"]),
            Mistake(arguments: ["serve", "--port="], says: ["--port must be", "''"]),
            Mistake(arguments: ["serve", "--data="], says: ["--data is empty; it must be a path"]),
            Mistake(arguments: ["serve", "--max-connections", "0"], says: ["--max-connections must be a whole number from 1"]),
            Mistake(arguments: ["serve", "--max-body", "many"], says: ["--max-body must be"]),
            Mistake(arguments: ["serve", "--threads", "257"], says: ["--threads must be"]),
            Mistake(arguments: ["serve", "--grace", "1.5"], says: ["--grace must be"]),
            Mistake(arguments: ["serve", "--simulation-limit", "1e6"], says: ["--simulation-limit must be"]),
            Mistake(
                arguments: ["serve", "--log-level", "loud"], says: ["--log-level must be one of debug, info, warning, error, not 'loud'"]),
            Mistake(arguments: ["serve", "--admin-token", "x"], says: ["GOSSET_ADMIN_TOKEN", "everyone on this machine"]),
            Mistake(
                arguments: ["serve", "--registry", "mysql://localhost/gosset"], says: ["--registry must begin with postgres://", "--data"]),
            Mistake(arguments: ["serve", "--registry", "/var/lib/gosset"], says: ["--registry must begin with postgres://"]),
            Mistake(arguments: ["serve"], environment: ["GOSSET_PORT": "http"], says: ["GOSSET_PORT must be a whole number", "'http'"]),
            Mistake(
                arguments: ["serve"], environment: ["GOSSET_NO_EXAMPLES": "maybe"],
                says: ["GOSSET_NO_EXAMPLES must be true or false", "'maybe'"]),
            Mistake(
                arguments: ["serve", "--allow-origin", "https://shop.example/"],
                says: ["--allow-origin", "'https://shop.example/' is no origin"]),
            Mistake(arguments: ["serve", "--allow-origin", "*,shop.example"], says: ["'shop.example' is no origin", "https://"]),
            Mistake(arguments: ["serve"], environment: ["GOSSET_MAX_BODY": "7"], says: ["GOSSET_MAX_BODY must be"]),
            Mistake(arguments: ["serve"], environment: ["GOSSET_LOG_LEVEL": "loud"], says: ["GOSSET_LOG_LEVEL must be one of"]),
            Mistake(arguments: ["serve"], environment: ["GOSSET_ADMIN_TOKEN": "too-short"], says: ["GOSSET_ADMIN_TOKEN", "24"]),
            Mistake(
                arguments: ["serve"], environment: ["GOSSET_ADMIN_TOKEN": "a token with spaces in it is none"],
                says: ["GOSSET_ADMIN_TOKEN", "ASCII"]),
            Mistake(arguments: ["serve"], environment: ["GOSSET_REGISTRY": "redis://here"], says: ["GOSSET_REGISTRY must begin with"]),
        ]

        @Test(arguments: mistakes) func `A mistake is told in one line`(_ mistake: Mistake) async throws {
            let data = try TemporaryDirectory()
            var environment = mistake.environment
            environment["GOSSET_DATA"] = data.path + "/data"
            let (ending, output, errors) = try await GossetProcess.run(mistake.arguments, environment: environment)
            #expect(ending == .exited(2))
            #expect(output == "")
            #expect(errors.isOneLine && errors.hasPrefix("gosset"), "\(errors)")
            for words in mistake.says { #expect(errors.contains(words), "\(errors)") }
            if let secret = mistake.environment["GOSSET_ADMIN_TOKEN"] { #expect(!errors.contains(secret)) }
            #expect(!FileManager.default.fileExists(atPath: data.path + "/data"), "a mistake leaves nothing behind")
        }

        @Test func `The environment gives what flags do not`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(
                ["--max-body=2048"],
                environment: [
                    "GOSSET_DATA": data.path + "/here", "GOSSET_NO_EXAMPLES": "true", "GOSSET_MAX_BODY": "4096", "GOSSET_HOST": "::1",
                ])
            #expect(FileManager.default.fileExists(atPath: data.path + "/here/registry.db"))
            #expect(gosset.program.output.contains("http://[::1]:\(gosset.port)"))
            let client = LiveClient(host: "::1", port: gosset.port)
            #expect(try await client.send(.device("a")).text == "{}")
            let body = String(repeating: " ", count: 3000)
            #expect(try await client.post("/api/v1/simulations", json: body).status == 413, "the flag comes before the environment")
            try await gosset.stop()
        }

        @Test func `The port of another program`() async throws {
            let data = try TemporaryDirectory()
            let gosset = try await GossetProcess(data: data.path + "/one")
            let (ending, output, errors) = try await GossetProcess.run(
                ["serve", "--port", "\(gosset.port)", "--data", data.path + "/two"])
            #expect(ending == .exited(1))
            #expect(output == "")
            #expect(errors.isOneLine && errors.contains("port \(gosset.port)") && errors.contains("taken"), "\(errors)")
            let second = try await GossetProcess(data: data.path + "/two")
            #expect(second.adminToken != "", "no token was made that nobody has seen")
        }

        @Test func `An address that is not ours`() async throws {
            let data = try TemporaryDirectory()
            for (host, words) in [("203.0.113.7", "203.0.113.7"), ("no.such.host.invalid", "no.such.host.invalid")] {
                let (ending, _, errors) = try await GossetProcess.run(["serve", "--port", "0", "--host", host, "--data", data.path])
                #expect(ending == .exited(1))
                #expect(errors.isOneLine && errors.contains(words), "\(errors)")
            }
        }

        @Test func `A database that is not there`() async throws {
            let (ending, _, errors) = try await GossetProcess.run(
                ["serve", "--port", "0", "--registry", "postgres://somebody:secret@127.0.0.1:9/gosset"])
            #expect(ending == .exited(1))
            #expect(errors.isOneLine && errors.contains("PostgreSQL"), "\(errors)")
            #expect(!errors.contains("secret"))
        }
    }
}
