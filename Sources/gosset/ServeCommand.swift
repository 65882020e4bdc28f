import Console
import EffectCheck
import Enrollment
import Events
import Experiments
import Glibc
import HTTPServer
import Logging
import Notifications

/// `gosset serve`: the assignment server.
struct ServeCommand: Command {
    let name = "serve"
    let summary = "Serve variants to devices, with an API and pages for people."
    let discussion = """
        Devices ask GET /api/v1/experiments with the header Device-Token. The statistics page is at /, the API's at /docs.
        Everything is kept in the data directory, or in PostgreSQL if several servers share one registry.
        """

    var options: [Option] { server + EventSettings.options + Option.shop + SpendingSettings.options }

    /// Told the port when the server answers.
    var started: @Sendable (_ port: Int) -> Void = { _ in }

    private let server: [Option] = [
        Option("host", "ADDRESS", help: "The address to listen at; 0.0.0.0 or :: for all.", default: "127.0.0.1"),
        Option("port", "PORT", help: "The port to listen at; 0 for any free one.", default: "8080"),
        Option(
            "data", "DIR", help: "The directory of the registry, the events and the warehouse; made if it is not there.",
            default: "gosset-data"),
        Option("registry", "URI", help: "postgres://user@host/database to share one registry among servers, instead of one in --data."),
        Option("no-examples", help: "Begin a new registry without the two example experiments."),
        Option("allow-origin", "ORIGINS", help: "Web pages that may ask for their visitors' variants: https://shop.example, or * for any."),
        Option(
            "growthbook-attribute", "NAME", help: "The attribute in which GrowthBook's SDKs send the device token.", default: "id"),
        Option(
            "simulation-limit", "DEVICES", help: "The most devices that simulations may invent at once; 0 for none.", default: "2000000"),
        Option("threads", "N", help: "Event loops; 0 for one for each processor.", default: "0"),
        Option("max-connections", "N", help: "Connections that may be open at once.", default: "4096"),
        Option("max-body", "BYTES", help: "The largest body of a request; 1048576 if not given, 16777216 with a shop."),
        Option("grace", "SECONDS", help: "How long to finish requests after SIGTERM.", default: "10"),
        Option("log-level", "LEVEL", help: "debug, info, warning or error.", default: "info"),
        .adminToken,
    ]

    func run(_ options: Options) async throws -> Int32 {
        // What is made here is for its owner only, also what libraries make.
        umask(0o077)
        let settings = try Settings(options)
        let spendingSettings = try SpendingSettings(options, log: settings.log)
        let eventSettings = try EventSettings(options, log: settings.log)
        if eventSettings == nil, !spendingSettings.isWanted, let flag = ["webhook", "telegram-chats"].first(where: options.isGiven) {
            throw UsageError(
                "\(options.source(flag)) needs --data DIR: without it, a server of a shared registry keeps no events and has nothing to tell"
            )
        }
        let signals = TerminationSignals()
        let shop = settings.shop?.start(log: settings.log)
        let registry = try Registry(settings.makeStore(), options: settings.registryOptions())
        try await addExamples(to: registry, settings)

        // Nobody is told anything where there is nothing to tell.
        let courier = spendingSettings.isWanted || eventSettings != nil ? try await spendingSettings.openCourier() : nil
        let spending = try await spendingSettings.open(courier: courier)
        let events = try eventSettings?.open(registry, courier: courier)
        if events != nil, courier == nil, registry.isShared {
            settings.log.warning(
                "of what this server is the first to find out nobody is told: give every server of a shared registry the same chats and webhooks"
            )
        }
        await events?.results?.recall()
        let measurements = Measurements()
        var consoleOptions = settings.console
        consoleOptions.shop = shop
        consoleOptions.spending = spending
        consoleOptions.events = events
        let console = Console(registry: registry, measurements: measurements, options: consoleOptions)
        // Before anybody is answered: whoever chose a token uses it as soon as there is a server.
        if let token = settings.adminToken {
            try await registry.grantAccess(to: "admin", as: .admin, token: token, replacing: true, actor: "gosset")
        }
        let server = try Server.start(
            console.router, host: settings.host, port: settings.port, threads: settings.threads, limits: settings.limits,
            measurements: measurements, logger: settings.log)
        // After all that can fail: a token that was made and could not be shown would lock everybody out.
        let token = try await grantAccess(to: registry)
        await events?.deliverer.run()
        Terminal.say(Welcome(server: server, registry: registry, place: settings.place, token: token, hasSpending: spending != nil).text)
        started(server.port)

        await signals.first()
        settings.log.info("stopping", ["grace": .double(settings.grace)])
        shop?.cancel()
        await server.stop(grace: .seconds(settings.grace))
        await events?.close()
        registry.close()
        await spending?.close()
        await courier?.close()
        settings.log.info("stopped", ["devices": .integer(Int(registry.nextOrdinal))])
        return 0
    }

    /// Puts the examples into a new registry, if they are wanted.
    private func addExamples(to registry: Registry, _ settings: Settings) async throws {
        guard settings.wantsExamples, registry.revision == 0 else { return }
        try await registry.change(actor: "gosset", action: "create example") { catalogue, context in
            // Another server of a shared registry may have been first.
            if context.revision == 0 { catalogue = try .examples(now: context.now) }
        }
    }

    /// Makes a token where nobody can administer the registry, and returns it, to be shown.
    private func grantAccess(to registry: Registry) async throws -> AccessToken? {
        guard !registry.accessTokens.hasAdministrator else { return nil }
        let token = AccessToken.random()
        try await registry.grantAccess(to: "admin", as: .admin, token: token, actor: "gosset")
        return token
    }
}
