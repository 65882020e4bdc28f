package import Experiments

/// Everything a registry keeps besides its devices, as of one revision.
package struct RegistryRecords: Sendable, Hashable {
    /// The number of changes that led here.
    package var revision: UInt64

    /// The experiments as documents, in the order of their making.
    package var experiments: [ExperimentDocument]

    /// The layers and holdouts as documents, in the order of their making.
    package var arrangements: [ArrangementDocument]

    /// The bearer tokens that were ever valid, in the order of their making.
    package var accessTokens: [AccessTokenRecord]

    package init(
        revision: UInt64 = 0, experiments: [ExperimentDocument] = [], arrangements: [ArrangementDocument] = [],
        accessTokens: [AccessTokenRecord] = []
    ) {
        self.revision = revision
        self.experiments = experiments
        self.arrangements = arrangements
        self.accessTokens = accessTokens
    }

    /// These records after the changes: what is there is replaced in its place, what is new goes to the end.
    func applying(_ changes: RecordChanges) -> RegistryRecords {
        var result = self
        result.revision += 1
        result.experiments.removeAll { changes.removedExperiments.contains($0.key) }
        for document in changes.experiments {
            if let index = result.experiments.firstIndex(where: { $0.key == document.key }) {
                result.experiments[index] = document
            } else {
                result.experiments.append(document)
            }
        }
        result.arrangements.removeAll { changes.removedArrangements.contains($0.id) }
        for document in changes.arrangements {
            if let index = result.arrangements.firstIndex(where: { $0.id == document.id }) {
                result.arrangements[index] = document
            } else {
                result.arrangements.append(document)
            }
        }
        for token in changes.accessTokens {
            if let index = result.accessTokens.firstIndex(where: { $0.name == token.name }) {
                result.accessTokens[index] = token
            } else {
                result.accessTokens.append(token)
            }
        }
        return result
    }
}

/// An experiment as the store sees it: a key, and JSON that it never looks into.
package struct ExperimentDocument: Sendable, Hashable {
    package let key: String
    package let json: String

    package init(key: String, json: String) {
        self.key = key
        self.json = json
    }
}

/// A layer or a holdout as the store sees it: what it is, a name, and JSON that the store never looks into.
package struct ArrangementDocument: Sendable, Hashable {
    /// What names it among all.
    package struct ID: Sendable, Hashable {
        /// `layer` or `holdout`.
        package let kind: String
        package let name: String

        package init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }
    }

    package let id: ID
    package let json: String

    package init(id: ID, json: String) {
        self.id = id
        self.json = json
    }
}

/// The records to be written by one change, and what the audit log shall say about it.
package struct RecordChanges: Sendable, Hashable {
    package var experiments: [ExperimentDocument]
    /// The keys of experiments that are to be there no more.
    package var removedExperiments: [String]
    package var arrangements: [ArrangementDocument] = []
    /// The layers and holdouts that are to be there no more.
    package var removedArrangements: [ArrangementDocument.ID] = []
    package var accessTokens: [AccessTokenRecord]
    /// Devices that are to go by another token, so that nothing tells any more whose they were.
    package var renamedDevices: [DeviceRenaming]
    /// Devices whose links to persons are to be there no more.
    package var unlinked: [DeviceToken]
    /// What other servers are to let go of as well; a store that is not shared need not keep it.
    package var forgotten: [Forgetting] = []
    package var audit: [AuditEntry]

    package init(
        experiments: [ExperimentDocument] = [], removedExperiments: [String] = [], accessTokens: [AccessTokenRecord] = [],
        renamedDevices: [DeviceRenaming] = [], unlinked: [DeviceToken] = [], audit: [AuditEntry] = []
    ) {
        self.experiments = experiments
        self.removedExperiments = removedExperiments
        self.accessTokens = accessTokens
        self.renamedDevices = renamedDevices
        self.unlinked = unlinked
        self.audit = audit
    }

    var isEmpty: Bool {
        experiments.isEmpty && removedExperiments.isEmpty && arrangements.isEmpty && removedArrangements.isEmpty
            && accessTokens.isEmpty && renamedDevices.isEmpty && unlinked.isEmpty && forgotten.isEmpty && audit.isEmpty
    }
}

/// That somebody was forgotten, a unit or a person, and when.
package struct Forgetting: Sendable, Hashable {
    /// Its number, given by the store: 0 until it is stored, then from 1.
    package let number: Int64
    /// What stands for the name under the registry's key.
    package let fingerprint: Fingerprint
    package let time: Timestamp

    package init(number: Int64 = 0, fingerprint: Fingerprint, time: Timestamp) {
        self.number = number
        self.fingerprint = fingerprint
        self.time = time
    }

    /// How long a store keeps it: a server that was away for longer than that does not hear of it.
    static let kept: Duration = .seconds(400 * 86_400)
}

/// That a device is to go by another token, if it goes by the one.
package struct DeviceRenaming: Sendable, Hashable {
    package let ordinal: Ordinal
    package let from: DeviceToken
    package let to: DeviceToken

    package init(ordinal: Ordinal, from: DeviceToken, to: DeviceToken) {
        self.ordinal = ordinal
        self.from = from
        self.to = to
    }
}

/// One line of the audit log: who did what to which thing, when, and how it looked before and after.
package struct AuditEntry: Sendable, Hashable {
    /// Its number, given by the store: 0 until it is stored, then from 1.
    package var id: Int64
    package let time: Timestamp
    package let actor: String
    package let action: String
    /// The experiment's key, the token's name, or what stands for a unit that was forgotten.
    package let subject: String
    /// JSON; nil for what did not exist.
    package let before: String?
    /// JSON; nil for what exists no more.
    package let after: String?

    package init(
        id: Int64 = 0, time: Timestamp, actor: String, action: String, subject: String, before: String? = nil, after: String? = nil
    ) {
        self.id = id
        self.time = time
        self.actor = actor
        self.action = action
        self.subject = subject
        self.before = before
        self.after = after
    }
}

/// Which entries of the audit log are wanted.
package struct AuditQuery: Sendable, Hashable {
    /// Only those about this experiment or token.
    package var subject: String?
    /// Only those of these actions; nil for all.
    package var actions: [String]?
    /// Only those older than the entry of this number: the way to the next page.
    package var before: Int64?
    package var limit: Int

    package init(subject: String? = nil, actions: [String]? = nil, before: Int64? = nil, limit: Int = 100) {
        self.subject = subject
        self.actions = actions
        self.before = before
        self.limit = limit
    }
}
