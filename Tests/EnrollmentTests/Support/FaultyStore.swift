import Enrollment
import Experiments
import Synchronization

/// A store in memory that fails when it is told to.
final class FaultyStore: RegistryStore {
    /// Held by the test and the store.
    final class Faults: Sendable {
        enum Fault: Sendable {
            /// As if the disk were full: nothing is written.
            case refuse
            /// As if the connection were lost after the commit: it is written, but nobody is told.
            case forgetToTell
        }

        let commit = Mutex<Fault?>(nil)
        let opening = Mutex<Bool>(false)
        let openings = Atomic<Int>(0)

        func set(_ fault: Fault?, opening broken: Bool = false) {
            commit.withLock { $0 = fault }
            opening.withLock { $0 = broken }
        }
    }

    private let store = MemoryStore()
    private let faults: Faults

    init(_ faults: Faults) { self.faults = faults }

    private func after<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        switch faults.commit.withLock({ $0 }) {
        case nil:
            return try body()
        case .refuse:
            throw StoreError(.full, "no room")
        case .forgetToTell:
            _ = try body()
            throw StoreError(.disconnected, "connection lost")
        }
    }

    var isShared: Bool { false }

    func open() throws(StoreError) -> RegistryIdentity {
        faults.openings.add(1, ordering: .relaxed)
        guard !faults.opening.withLock({ $0 }) else { throw StoreError(.disconnected, "still away") }
        return store.open()
    }

    func close() {}

    func nextOrdinal() -> Ordinal { store.nextOrdinal() }

    func readDevices(
        from first: Ordinal, limit: Int, _ body: (Span<UInt8>, Device) throws(StoreError) -> Void
    ) throws(StoreError) -> Int {
        try store.readDevices(from: first, limit: limit, body)
    }

    func enroll(_ tokens: [DeviceToken], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> EnrolledBatch {
        try after { store.enroll(tokens, joining: memberships, at: now) }
    }

    func readMembers(in ordinals: Range<Ordinal>, _ body: (Ordinal, UInt32) throws(StoreError) -> Void) throws(StoreError) {
        try store.readMembers(in: ordinals, body)
    }

    func link(_ wishes: [LinkWish], joining memberships: Memberships?, at now: Timestamp) throws(StoreError) -> LinkedBatch {
        try after { store.link(wishes, joining: memberships, at: now) }
    }

    func links(_ query: LinkQuery) -> [Link] { store.links(query) }

    func revision() -> UInt64 { store.revision() }

    func records() -> RegistryRecords { store.records() }

    func change(_ body: (RegistryRecords, Ordinal) throws -> RecordChanges) throws -> RegistryRecords {
        if case .refuse = faults.commit.withLock({ $0 }) { throw StoreError(.full, "no room") }
        return try store.change(body)
    }

    func auditLog(_ query: AuditQuery) -> [AuditEntry] { store.auditLog(query) }

    func beginBackup(name: String) throws(BackupError) -> any RegistryBackup { try store.beginBackup(name: name) }
}
