import Console
import Enrollment
import HTTPServer
import Logging

extension ServeCommand {
    /// The flags of `gosset serve` as values, checked before anything is opened.
    struct Settings {
        let host: String
        let port: Int
        let threads: Int?
        let limits: Limits
        let grace: Double
        let wantsExamples: Bool
        let adminToken: AccessToken?
        let console: Console.Options
        let log: Logger
        let shop: ShopSettings?
        private let data: String
        private let registry: String?

        init(_ options: Options) throws {
            host = try options.required("host")
            port = try options.integer("port", in: 0...65535)
            let threads = try options.integer("threads", in: 0...256)
            self.threads = threads == 0 ? nil : threads
            var limits = Limits()
            limits.connections = try options.integer("max-connections", in: 1...1_000_000)
            shop = try ShopSettings(options)
            // A check of three groups of a hundred thousand customers takes some 2.5 MB.
            limits.bodyBytes =
                options.text("max-body") == nil ? (shop == nil ? 1 << 20 : 16 << 20) : try options.integer("max-body", in: 1024...1 << 30)
            self.limits = limits
            grace = Double(try options.integer("grace", in: 0...3600))
            let level = try options.choice("log-level", of: LogLevel.allCases.map(\.rawValue))
            log = Logger(label: "gosset", minimumLevel: LogLevel(rawValue: level) ?? .info)
            wantsExamples = !options.isSet("no-examples")
            data = try options.path("data")
            registry = options.text("registry")
            if let registry, !registry.hasPrefix("postgres://"), !registry.hasPrefix("postgresql://") {
                throw UsageError("\(options.source("registry")) must begin with postgres://; for SQLite give --data DIR")
            }
            adminToken = try options.adminToken()
            var console = Console.Options()
            console.version = Gosset.version
            console.simulationLimit = UInt64(try options.integer("simulation-limit", in: 0...1_000_000_000))
            console.growthBookAttribute = try options.required("growthbook-attribute")
            let origins = (options.text("allow-origin") ?? "").split { $0 == "," || $0 == " " }.map(String.init)
            if let wrong = origins.first(where: { !AllowedOrigins.isOrigin($0) }) {
                throw UsageError(
                    "\(options.source("allow-origin")): '\(wrong)' is no origin; write https://shop.example, in small letters, with a port "
                        + "if it is not the usual one and without a slash at the end, or * for any")
            }
            console.allowedOrigins = AllowedOrigins(origins)
            self.console = console
        }

        func makeStore() -> sending any RegistryStore {
            if let registry { return PostgresStore(uri: registry) }
            return SQLiteStore(directory: data)
        }

        /// Where the registry is, without a password.
        var place: String { registry == nil ? data : "PostgreSQL" }

        func registryOptions() -> Registry.Options {
            var options = Registry.Options()
            options.answering = Responder.together
            options.report = { [log] event in
                switch event {
                case .failed(let error): log.error("the registry cannot be written", ["reason": .string("\(error)")])
                case .recovered: log.info("the registry can be written again")
                case .incomplete(let census):
                    log.error(
                        "devices are missing from the registry",
                        ["missing": .integer(Int(clamping: census.missingCount)), "reason": .string(census.alarm ?? "")])
                }
            }
            return options
        }
    }
}

extension Option {
    /// The administrator's token, which the environment alone gives.
    static let adminToken = Option(
        "admin-token", "TOKEN", help: "The administrator's access token, 24 characters or more; otherwise one is made and shown once.",
        isSecret: true)
}

extension Options {
    /// The administrator's token that the environment gives; nil if it gives none.
    func adminToken() throws(UsageError) -> AccessToken? {
        guard let text = text(Option.adminToken.name) else { return nil }
        do { return try AccessToken(text) } catch { throw UsageError("\(Option.adminToken.variable): \(error)") }
    }
}
