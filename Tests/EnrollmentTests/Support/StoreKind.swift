import Enrollment
import EnrollmentTesting

/// The stores, so that one test can be run with each.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite, postgres

    static let durable: [StoreKind] = [.sqlite, .postgres]

    /// A place for an empty registry.
    func makePlace() throws -> Place {
        switch self {
        case .memory: .memory
        case .sqlite: .sqlite(try TemporaryDirectory())
        case .postgres: .postgres(try PostgresTestServer.shared.get().makeDatabase())
        }
    }

    /// Where a registry is kept, to be opened any number of times.
    enum Place: Sendable {
        case memory
        case sqlite(TemporaryDirectory)
        case postgres(String)

        func makeStore() throws -> any RegistryStore {
            switch self {
            case .memory: MemoryStore()
            case .sqlite(let directory): SQLiteStore(directory: directory.path)
            case .postgres(let uri): PostgresStore(uri: uri)
            }
        }
    }
}
