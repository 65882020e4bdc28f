import EffectCheck
import Logging

extension Option {
    /// What tells of a shop whose pilots are to be checked.
    static let shop: [Option] = [
        Option("shop-users", "FILE", help: "The shop's customers, CSV or Parquet: user_id,gender,age.", alias: "PATH_DF_USERS"),
        Option("shop-sales", "FILE", help: "Their sales, CSV or Parquet: user_id,day,sales.", alias: "PATH_DF_SALES"),
        Option(
            "shop-columns", "NAMES", help: "The columns' names, in the order user, gender, age, day, sales.",
            default: "user_id,gender,age,day,sales"),
        Option("shop-days", "N", help: "How many days of sales there are; the first is day 0.", default: "56"),
        Option("shop-pilot", "FIRST-LAST", help: "The days of the pilots.", default: "49-55"),
        Option(
            "decision", "RULE",
            help:
                "likelier: an effect is told where a positive one is likelier than not; significance: where the test of none is rejected.",
            default: "likelier"),
        Option("alpha", "LEVEL", help: "The level of --decision significance.", default: "0.05"),
    ]
}

/// The shop of a call, if it tells of one.
struct ShopSettings: Sendable {
    let users: String
    let sales: String
    let format: ShopFormat
    let rule: DecisionRule

    init?(_ options: Options) throws(UsageError) {
        guard options.text("shop-users") != nil || options.text("shop-sales") != nil else { return nil }
        users = try options.required("shop-users")
        sales = try options.required("shop-sales")
        var format = ShopFormat()
        let names = try options.required("shop-columns").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.count == 5, !names.contains("") else {
            throw UsageError("\(options.source("shop-columns")) needs five names, as in user_id,gender,age,day,sales")
        }
        (format.user, format.gender, format.age, format.day, format.sales) = (names[0], names[1], names[2], names[3], names[4])
        format.days = try options.integer("shop-days", in: 1...3660)
        let pilot = try options.required("shop-pilot").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard pilot.count == 2, let first = pilot[0], let last = pilot[1], first <= last else {
            throw UsageError("\(options.source("shop-pilot")) must be FIRST-LAST, as in 49-55")
        }
        format.pilot = first...last
        do throws(ShopFormat.Flaw) { try format.validate() } catch {
            throw UsageError("\(options.source("shop-pilot")): \(error.description)")
        }
        self.format = format
        let alpha = try options.share("alpha") ?? 0.05
        rule = try options.choice("decision", of: ["likelier", "significance"]) == "likelier" ? .likelier : .significance(alpha: alpha)
    }

    /// How its files are read.
    func reader() -> ShopReader { ShopReader(users: users, sales: sales, format: format) }

    /// Begins to load the shop, and logs how it went.
    func start(log: Logger) -> ShopService {
        let began = ContinuousClock.now
        return ShopService(reader(), rule: rule) { [users, sales] state in
            switch state {
            case .ready(let checker):
                let report = checker.report
                log.info(
                    "the shop is loaded",
                    [
                        "customers": .integer(report.customers), "sales": .integer(report.salesRows),
                        "seconds": .double((ContinuousClock.now - began) / .seconds(1)),
                    ])
                for text in [report.badUsers.text(path: users), report.badSales.text(path: sales)].compactMap(\.self) {
                    log.warning("rows were not used", ["reason": .string(text)])
                }
            case .failed(let reason): log.error("the shop cannot be loaded", ["reason": .string(reason)])
            case .loading: break
            }
        }
    }
}
