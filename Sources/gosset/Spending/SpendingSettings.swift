import Console
import Foundation
import Logging
import Notifications
import Spending

/// The flags about a shop's spending, and what they open.
struct SpendingSettings {
    static let options: [Option] =
        [
            Option("spending", "FILE", help: "A shop's SQLite file, to serve its customers' spending; see gosset simulate customers."),
            Option("mongodb", "URI", help: "mongodb://… to keep bonuses in MongoDB instead of the data directory."),
            Option("bonus-limit", "AMOUNT", help: "Only sums above it earn a bonus.", default: "1000"),
            Option("strict-bonuses", help: "Refuse bonuses whose sum is not what the shop's records hold."),
            Option("public-averages", help: "Let everybody see average spending, without a token."),
        ] + NotificationSettings.options

    private let file: String?
    private let mongoDB: String?
    private let limit: Cents
    private let isStrict: Bool
    private let isPublic: Bool
    private let senders: [any Sender]
    private let data: String
    private let log: Logger

    init(_ options: Options, log: Logger) throws(UsageError) {
        file = options.text("spending")
        mongoDB = options.text("mongodb")
        guard let amount = try options.number("bonus-limit"), let limit = Cents(rounding: amount), limit.isExactly(amount), amount >= 0
        else {
            throw UsageError(
                "\(options.source("bonus-limit")) must be an amount of whole cents, not '\(options.text("bonus-limit") ?? "")'")
        }
        self.limit = limit
        isStrict = options.isSet("strict-bonuses")
        isPublic = options.isSet("public-averages")
        senders = try NotificationSettings(options).senders
        data = try options.path("data")
        self.log = log
        for name in ["mongodb", "strict-bonuses", "public-averages"] where file == nil && (options.text(name) != nil) {
            throw UsageError("\(options.source(name)) needs --spending FILE")
        }
    }

    /// Whether there is a shop to serve.
    var isWanted: Bool { file != nil }

    /// Opens the records, the store of bonuses and the outboxes; nil if there is nothing to serve.
    ///
    /// - Parameter courier: tells management, if there is a way to.
    func open(courier: Courier?) async throws -> SpendingService? {
        guard let file else { return nil }
        let records = try SpendingRecords(path: file)
        try FileManager.default.createDirectory(
            atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let store: any BonusStore =
            try mongoDB.map { uri throws(BonusStoreError) in try MongoBonusStore(uri: uri) }
            ?? EmbeddedBonusStore(path: data + "/bonuses.db")
        let outbox = try BonusOutbox(path: data + "/bonus-outbox.db")
        let bonuses = BonusDesk(store: store, outbox: outbox) { [log] delivered, failure in
            if let failure {
                log.warning("bonuses wait for their store", ["reason": .string(failure.message)])
            } else {
                log.info("bonuses were delivered from the outbox", ["count": .integer(delivered)])
            }
        }
        var service = SpendingService(records: records, bonuses: bonuses)
        (service.limit, service.isStrict, service.averagesArePublic) = (limit, isStrict, isPublic)
        service.courier = courier
        return service
    }

    /// Opens the outbox of messages and begins to send what waits; nil if nobody is to be told.
    func openCourier() async throws -> Courier? {
        guard !senders.isEmpty else { return nil }
        try FileManager.default.createDirectory(
            atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let outbox = try Outbox(path: data + "/notifications.db")
        let courier = Courier(outbox: outbox, senders: senders, report: { [log] event in Self.tell(log, event) })
        await courier.start()
        return courier
    }

    private static func tell(_ log: Logger, _ event: Courier.Event) {
        switch event {
        case .delivered(let channel, let event):
            log.info("a message was delivered", ["channel": .string(channel), "event": .string(event)])
        case .postponed(let channel, let event, let reason):
            log.warning("a message waits", ["channel": .string(channel), "event": .string(event), "reason": .string(reason)])
        case .givenUp(let channel, let event, let reason):
            log.error("a message was given up", ["channel": .string(channel), "event": .string(event), "reason": .string(reason)])
        case .outboxFailed(let reason): log.error("the outbox of messages failed", ["reason": .string(reason)])
        }
    }
}

extension SpendingService {
    /// Stops delivering; what waits stays in the outbox.
    func close() async {
        bonuses.close()
    }
}
