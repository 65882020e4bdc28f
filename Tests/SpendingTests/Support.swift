import Foundation
import Spending
import StandIns

// A shop's records in a directory of their own.
struct Shop {
    let directory: ScratchDirectory
    let path: String
    let database: ShopDatabase

    init() throws {
        directory = try ScratchDirectory()
        path = directory.file("shop.db")
        database = try ShopDatabase(path: path)
    }

    func records() throws -> SpendingRecords { try SpendingRecords(path: path) }
}

// The real records and their answers, where they are.
enum SharedData {
    private static let folder: URL? = {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let shared = folder.appending(path: "shared")
            if FileManager.default.fileExists(atPath: shared.appending(path: "oracles/seeds.json").path) { return shared }
        }
        return nil
    }()

    static let records = folder?.appending(path: "data/spending/users_vouchers.db").path

    struct Answers: Decodable {
        let total791: Double
        let total90: Double
        let perRowAverage: [String: Double]
        let perCustomerAverage: [String: Double]
        let perRegisteredCustomerAverage: [String: Double]
        let over2000: Int
        let customers: Int
        let spenders: Int
    }

    static func answers() throws -> Answers? {
        struct Seeds: Decodable { let spending: Answers }
        guard let file = folder?.appending(path: "oracles/seeds.json") else { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Seeds.self, from: Data(contentsOf: file)).spending
    }
}

// Waits until something is so; gives up after a time that is far longer than it should take.
func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if try await isSo() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return false
}
