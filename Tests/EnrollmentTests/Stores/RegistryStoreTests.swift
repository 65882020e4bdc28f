import Enrollment
import Experiments
import Testing

/// What every store promises.
@Suite struct RegistryStoreTests {
    private func withStore(_ kind: StoreKind, _ body: (any RegistryStore) throws -> Void) throws {
        let place = try kind.makePlace()
        let store = try place.makeStore()
        _ = try store.open()
        try body(store)
        store.close()
        withExtendedLifetime(place) {}
    }

    private func tokens(_ numbers: Range<Int>) throws -> [DeviceToken] { try numbers.map(Samples.token) }

    private func read(_ store: any RegistryStore, from first: Ordinal, limit: Int = 1000) throws -> [String] {
        var lines: [String] = []
        let count = try store.readDevices(from: first, limit: limit) { token, device in
            let text = token.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            lines.append("\(device.ordinal) \(text) \(device.firstSeen.milliseconds)")
        }
        #expect(count == lines.count)
        return lines
    }

    @Test(arguments: StoreKind.allCases) func newDevicesGetTheNextOrdinalsInOrder(kind: StoreKind) throws {
        try withStore(kind) { store in
            #expect(try store.nextOrdinal() == 0)
            let first = try store.enroll(tokens(0..<3), at: Timestamp(milliseconds: 1000))
            #expect(first.fresh == 0..<3)
            #expect(first.devices.map(\.ordinal) == [0, 1, 2])
            #expect(first.devices.allSatisfy { $0.firstSeen == Timestamp(milliseconds: 1000) })
            let second = try store.enroll(tokens(3..<5), at: Timestamp(milliseconds: 2000))
            #expect(second.fresh == 3..<5)
            #expect(try store.nextOrdinal() == 5)
            #expect(try read(store, from: 2) == ["2 device-2 1000", "3 device-3 2000", "4 device-4 2000"])
            #expect(try read(store, from: 1, limit: 2) == ["1 device-1 1000", "2 device-2 1000"])
            #expect(try read(store, from: 5) == [])
        }
    }

    @Test(arguments: StoreKind.allCases) func aLargeBatchOfLongTokensIsOneTransaction(kind: StoreKind) throws {
        try withStore(kind) { store in
            let tokens = try (0..<4096).map { number in
                let text = "\(number)-"
                return try DeviceToken(text + String(repeating: "~", count: 256 - text.count))
            }
            #expect(try store.enroll(tokens, at: Timestamp(milliseconds: 1)).fresh == 0..<4096)
            #expect(try read(store, from: 4095, limit: 10).first?.hasPrefix("4095 4095-~~~") == true)
        }
    }

    @Test(arguments: StoreKind.allCases) func tokensThatLookLikeSQLAreTokens(kind: StoreKind) throws {
        try withStore(kind) { store in
            let texts = ["';DROP--", "\"", "{a,b}", "\\x00", "NULL", "%s$1", "\\"]
            _ = try store.enroll(texts.map { try DeviceToken($0) }, at: Timestamp(milliseconds: 1))
            #expect(try read(store, from: 0) == texts.enumerated().map { "\($0) \($1) 1" })
        }
    }

    @Test(arguments: StoreKind.allCases) func aChangeIsWrittenWithItsAuditAndCounted(kind: StoreKind) throws {
        try withStore(kind) { store in
            _ = try store.enroll(tokens(0..<7), at: Timestamp(milliseconds: 1))
            let token = AccessTokenRecord(name: "ann", role: .editor, hash: [0, 1, 255], created: Timestamp(milliseconds: 3))
            let entry = AuditEntry(
                time: Timestamp(milliseconds: 2), actor: "ann", action: "create", subject: "price", after: #"{"a": "ü'\""}"#)
            let changed = try store.change { records, next in
                #expect(records == RegistryRecords())
                #expect(next == 7)
                return RecordChanges(
                    experiments: [ExperimentDocument(key: "price", json: #"{"x": 1}"#), ExperimentDocument(key: "color", json: "{}")],
                    accessTokens: [token], audit: [entry])
            }
            #expect(changed.revision == 1)
            #expect(try store.records() == changed)
            #expect(try store.revision() == 1)
            #expect(changed.experiments.map(\.key) == ["price", "color"])
            #expect(changed.accessTokens == [token])
            var stored = entry
            stored.id = 1
            #expect(try store.auditLog(AuditQuery()) == [stored])
            #expect(try store.enroll(tokens(7..<8), at: Timestamp(milliseconds: 1)).revision == 1)
        }
    }

    @Test(arguments: StoreKind.allCases) func whatIsWrittenAgainReplacesTheOldInItsPlace(kind: StoreKind) throws {
        try withStore(kind) { store in
            for text in ["1", "2"] {
                _ = try store.change { _, _ in RecordChanges(experiments: [ExperimentDocument(key: "first", json: text)]) }
                _ = try store.change { _, _ in
                    RecordChanges(
                        experiments: [ExperimentDocument(key: "second", json: text)],
                        accessTokens: [
                            AccessTokenRecord(
                                name: "ann", role: text == "1" ? .viewer : .admin, hash: [1], created: Timestamp(milliseconds: 3),
                                revoked: text == "1" ? nil : Timestamp(milliseconds: 4))
                        ])
                }
            }
            let records = try store.records()
            #expect(records.revision == 4)
            #expect(records.experiments == [ExperimentDocument(key: "first", json: "2"), ExperimentDocument(key: "second", json: "2")])
            #expect(records.accessTokens.map(\.role) == [.admin])
            #expect(records.accessTokens.map(\.revoked) == [Timestamp(milliseconds: 4)])
        }
    }

    @Test(arguments: StoreKind.allCases) func layersAndHoldoutsAreKeptReplacedAndRemovedByKindAndName(kind: StoreKind) throws {
        try withStore(kind) { store in
            let (layer, holdout) = (ArrangementDocument.ID(kind: "layer", name: "a"), ArrangementDocument.ID(kind: "holdout", name: "a"))
            var changes = RecordChanges()
            changes.arrangements = [ArrangementDocument(id: layer, json: "1"), ArrangementDocument(id: holdout, json: "2")]
            let first = changes
            #expect(try store.change { _, _ in first } == store.records())
            changes = RecordChanges()
            changes.arrangements = [ArrangementDocument(id: layer, json: "3")]
            let second = changes
            _ = try store.change { _, _ in second }
            #expect(try store.records().arrangements.map(\.json) == ["3", "2"])
            changes = RecordChanges()
            changes.removedArrangements = [layer]
            let third = changes
            #expect(try store.change { _, _ in third } == store.records())
            #expect(try store.records().arrangements == [ArrangementDocument(id: holdout, json: "2")])
        }
    }

    @Test(arguments: StoreKind.allCases) func devicesJoinSequencesInTheTransactionThatEnrollsThem(kind: StoreKind) throws {
        try withStore(kind) { store in
            func members(_ ordinals: Range<Ordinal>) throws -> [String] {
                var lines: [String] = []
                try store.readMembers(in: ordinals) { ordinal, sequence in lines.append("\(ordinal) \(sequence)") }
                return lines
            }
            let joined = Memberships(revision: 0, sequences: [[1, 4_000_000_000], [], [2]])
            #expect(try store.enroll(tokens(0..<3), joining: joined, at: Timestamp(milliseconds: 1)).fresh == 0..<3)
            #expect(try store.enroll(tokens(3..<5), joining: Memberships(revision: 0), at: Timestamp(milliseconds: 1)).fresh == 3..<5)
            #expect(try members(0..<9) == ["0 1", "0 4000000000", "2 2"])
            #expect(try members(1..<2) == [])
            // Worked out by experiments that are not in force any more: nobody is enrolled.
            _ = try store.change { _, _ in
                RecordChanges(audit: [AuditEntry(time: Timestamp(milliseconds: 1), actor: "a", action: "b", subject: "c")])
            }
            let stale = try store.enroll(tokens(5..<6), joining: Memberships(revision: 0, sequences: [[1]]), at: Timestamp(milliseconds: 1))
            #expect(stale.isStale && stale.revision == 1 && stale.devices.isEmpty)
            #expect(try store.nextOrdinal() == 5 && members(0..<9).count == 3)
            let again = try store.enroll(tokens(5..<6), joining: Memberships(revision: 1, sequences: [[1]]), at: Timestamp(milliseconds: 1))
            #expect(try !again.isStale && again.fresh == 5..<6 && members(5..<6) == ["5 1"])
        }
    }

    @Test(arguments: StoreKind.allCases) func aRefusedOrEmptyChangeChangesNothing(kind: StoreKind) throws {
        struct Refusal: Error {}
        try withStore(kind) { store in
            #expect(throws: Refusal.self) { try store.change { _, _ in throw Refusal() } }
            let unchanged = try store.change { _, _ in RecordChanges() }
            #expect(unchanged == RegistryRecords())
            #expect(try store.records() == RegistryRecords())
            // The store is as usable as before.
            #expect(try store.enroll(tokens(0..<1), at: Timestamp(milliseconds: 1)).fresh == 0..<1)
        }
    }

    @Test(arguments: StoreKind.allCases) func theAuditLogIsReadNewestFirstByPagesAndBySubject(kind: StoreKind) throws {
        try withStore(kind) { store in
            for number in 1...5 {
                _ = try store.change { _, _ in
                    RecordChanges(audit: [
                        AuditEntry(
                            time: Timestamp(milliseconds: Int64(number)), actor: "ann", action: "change",
                            subject: number.isMultiple(of: 2) ? "even" : "odd")
                    ])
                }
            }
            #expect(try store.auditLog(AuditQuery()).map(\.id) == [5, 4, 3, 2, 1])
            #expect(try store.auditLog(AuditQuery(limit: 2)).map(\.id) == [5, 4])
            #expect(try store.auditLog(AuditQuery(before: 4, limit: 2)).map(\.id) == [3, 2])
            #expect(try store.auditLog(AuditQuery(subject: "odd")).map(\.id) == [5, 3, 1])
            #expect(try store.auditLog(AuditQuery(subject: "odd", before: 5, limit: 1)).map(\.id) == [3])
            #expect(try store.auditLog(AuditQuery(subject: "none")) == [])
        }
    }

    @Test(arguments: StoreKind.durable) func everythingIsThereAfterReopening(kind: StoreKind) throws {
        let place = try kind.makePlace()
        var store: (any RegistryStore)? = try place.makeStore()
        let identity = try store?.open()
        _ = try store?.enroll(tokens(0..<3), at: Timestamp(milliseconds: 5))
        let records = try store?.change { _, _ in RecordChanges(experiments: [ExperimentDocument(key: "a", json: "{}")]) }
        store?.close()
        store = nil
        let reopened = try place.makeStore()
        #expect(try reopened.open() == identity)
        #expect(try reopened.open() == identity)
        #expect(try reopened.nextOrdinal() == 3)
        #expect(try read(reopened, from: 0).count == 3)
        #expect(try reopened.records() == records)
    }

    @Test(arguments: StoreKind.durable) func aStoreThatIsNotOpenSaysSo(kind: StoreKind) throws {
        let store = try kind.makePlace().makeStore()
        let error = #expect(throws: StoreError.self) { try store.revision() }
        #expect(error?.code == .disconnected)
    }
}
