package import EffectCheck
package import Enrollment
package import Experiments
package import HTTPServer

/// Everything that Gosset answers over HTTP: the devices' API, the operators' API, and the pages.
package struct Console: Sendable {
    /// What an operator can choose.
    package struct Options: Sendable {
        /// The program's version, for the API document.
        package var version = "0"
        /// Web pages that may ask for their visitors' variants.
        package var allowedOrigins = AllowedOrigins()
        /// The attribute in which GrowthBook's SDKs send the device token.
        package var growthBookAttribute = "id"
        /// The most devices that simulations may invent at once.
        package var simulationLimit: UInt64 = 2_000_000
        /// The shop whose pilots are checked, if there is one.
        package var shop: ShopService?
        /// The shop whose customers' spending is served, if there is one.
        package var spending: SpendingService?
        /// What units did, if it is taken in.
        package var events: EventService?
        /// Tells the time by which sessions end.
        package var now: @Sendable () -> Timestamp = Timestamp.now

        package init() {}
    }

    /// All endpoints, in the order of the API document.
    package let endpoints: [Endpoint]
    private let registry: Registry
    private let sessions: Sessions

    /// Joins a registry to the web.
    ///
    /// - Parameter measurements: those of the server that will serve this.
    package init(registry: Registry, measurements: Measurements, options: Options = Options()) {
        self.registry = registry
        sessions = Sessions(registry: registry, now: options.now)
        let live = LiveStatistics(registry)
        let planned = PlannedFacts(registry)
        let simulations = Simulations(registry, limit: options.simulationLimit)
        let described =
            DeviceAPI(registry: registry, origins: options.allowedOrigins).endpoints
            + OpenFeatureAPI(registry: registry, origins: options.allowedOrigins).endpoints
            + GrowthBookAPI(registry: registry, origins: options.allowedOrigins, attribute: options.growthBookAttribute).endpoints
            + IdentifyAPI(registry: registry).endpoints
            + (options.events.map { Console.events(registry, $0, planned, options) } ?? [])
            + StatisticsAPI(live: live).endpoints
            + SignInAPI(sessions: sessions).endpoints
            + Console.experiments(registry, live, options)
            + EventsPages(registry: registry, service: options.events, planned: planned, now: options.now).endpoints
            + AuditPages(registry: registry).endpoints
            + AccessPages(registry: registry).endpoints
            + ExperimentAPI(registry: registry).endpoints
            + LayerAPI(registry: registry).endpoints
            + ForcedAPI(registry: registry).endpoints
            + ExplainAPI(registry: registry).endpoints
            + AccessAPI(registry: registry).endpoints
            + BackupAPI(registry: registry).endpoints
            + PlanAPI().endpoints
            + HelpPages().endpoints
            + SimulationAPI(simulations: simulations).endpoints
            + ResultsPages(registry: registry, events: options.events, now: options.now).endpoints
            + CompareAPI(uploads: Uploads(now: options.now)).endpoints
            + EffectCheckAPI(shop: options.shop).endpoints
            + EffectCheckPages(shop: options.shop).endpoints
            + (options.spending.map { Console.spending(registry, $0) } ?? SpendingPages.withoutShop)
        let server = ServerAPI(registry: registry, live: live, measurements: measurements)
        let document = OpenAPIDocument(endpoints: described + server.endpoints, version: options.version).json
        endpoints =
            described
            + ServerAPI(registry: registry, live: live, measurements: measurements, document: document, events: options.events).endpoints
    }

    private static func experiments(_ registry: Registry, _ live: LiveStatistics, _ options: Options) -> [Endpoint] {
        ExperimentPages(registry: registry, live: live, results: options.events?.results, now: options.now).endpoints
            + NewExperimentPages(registry: registry).endpoints
            + ChangePages(registry: registry, events: options.events).endpoints
            + PlanEditorPages(registry: registry, events: options.events).endpoints
            + LayerPages(registry: registry).endpoints
    }

    private static func events(
        _ registry: Registry, _ service: EventService, _ planned: PlannedFacts, _ options: Options
    ) -> [Endpoint] {
        EventsAPI(registry: registry, service: service, planned: planned, origins: options.allowedOrigins).endpoints
            + (service.results.map { ResultsAPI(registry: registry, service: service, results: $0).endpoints } ?? [])
    }

    private static func spending(_ registry: Registry, _ service: SpendingService) -> [Endpoint] {
        SpendingAPI(registry: registry, service: service).endpoints + BonusAPI(service: service).endpoints
            + SpendingPages(service: service).endpoints
    }

    /// Where programs ask: what they are told is never a page, whatever they say they accept.
    private static let programs = ["/api/", "/ofrep/"]

    /// The router over all endpoints and assets; errors are pages for browsers and problem+json for programs.
    package var router: Router {
        var router = Router()
        for endpoint in endpoints { router.add(endpoint, registry: registry, sessions: sessions) }
        Assets.add(to: &router)
        router.renderProblem = { [sessions] problem, request in
            guard (try? request.wantsPage) == true else { return .problem(problem) }
            let path = request.path
            guard !Console.programs.contains(where: path.hasPrefix) else { return .problem(problem) }
            // Also where there is nothing, who is signed in stays so.
            return ProblemPage(problem, session: sessions.session(request)).response
        }
        return router
    }
}
