import Experiments
import Foundation

/// A bonus as MongoDB keeps it: `{user_id, year, total_spending, granted}`, the sum as a decimal, exact.
struct BonusDocument: Decodable {
    struct Long: Decodable {
        let number: Int64

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            guard let key = container.allKeys.first(where: { ["$numberLong", "$numberInt"].contains($0.stringValue) }) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no whole number"))
            }
            let text = try container.decode(String.self, forKey: key)
            guard let number = Int64(text) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no whole number"))
            }
            self.number = number
        }
    }

    private struct Amount: Decodable {
        let cents: Cents

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            let decimal = try container.decodeIfPresent(String.self, forKey: Key("$numberDecimal")).flatMap(Cents.init(text:))
            let double = try container.decodeIfPresent(String.self, forKey: Key("$numberDouble")).flatMap(Double.init)
            guard let cents = decimal ?? double.flatMap(Cents.init(rounding:)) else {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no amount"))
            }
            self.cents = cents
        }
    }

    private struct Moment: Decodable {
        let date: Long

        enum CodingKeys: String, CodingKey { case date = "$date" }
    }

    fileprivate struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    private enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case year
        case total = "total_spending"
        case granted
    }

    let bonus: Bonus

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func whole(_ key: CodingKeys) throws -> Int64 { try container.decode(Long.self, forKey: key).number }
        bonus = Bonus(
            userID: try whole(.userID), year: Int(try whole(.year)), total: try container.decode(Amount.self, forKey: .total).cents,
            granted: Timestamp(milliseconds: try container.decode(Moment.self, forKey: .granted).date.number))
    }

    /// Reads canonical Extended JSON.
    static func read(_ json: String) throws -> Bonus { try JSONDecoder().decode(BonusDocument.self, from: Data(json.utf8)).bonus }

    /// What finds the bonus.
    static func filter(_ bonus: Bonus) -> String { "{\(key(bonus))}" }

    /// What makes the stored bonus this one.
    ///
    /// To record a bonus again changes nothing, and MongoDB then says so.
    static func update(_ bonus: Bonus) -> String {
        let granted = "{\"$date\":{\"$numberLong\":\"\(bonus.granted.milliseconds)\"}}"
        return "{\"$set\":{\"total_spending\":{\"$numberDecimal\":\"\(bonus.total)\"}},\"$setOnInsert\":{\"granted\":\(granted)}}"
    }

    private static func key(_ bonus: Bonus) -> String {
        "\"user_id\":{\"$numberLong\":\"\(bonus.key.userID)\"},\"year\":{\"$numberInt\":\"\(bonus.key.year)\"}"
    }
}
