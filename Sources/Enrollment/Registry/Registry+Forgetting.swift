package import Experiments
import Randomization

extension Registry {
    /// Forgets who a person is, and whose each of their devices was, durably, and says so in the audit log without naming them.
    ///
    /// - Returns: the devices that were theirs.
    package func forget(_ person: PersonID, actor: String) async throws -> [DeviceToken] {
        let now = options.now
        return try await perform { writer in
            try writer.forget("person", person.text, actor: actor, now: now) { () throws(StoreError) in
                let links = try writer.store.links(.ofPerson(person))
                return (links.map(\.token), links)
            }.tokens
        }
    }

    /// Forgets whose a device was, durably, and says so in the audit log without naming it.
    ///
    /// Its ordinal and with it the balance of experiments stay, under a random name that nobody knows, and where it was forced it counts for
    /// nothing under that name; its link to a person is gone. Should it come again, it is a new device; on other servers of the same registry
    /// as soon as they look for what was changed.
    /// - Returns: whether the device was known.
    package func forget(_ token: DeviceToken, actor: String) async throws -> Bool {
        let now = options.now
        return try await perform { writer in
            try writer.forget("unit", token.description, actor: actor, now: now) { () throws(StoreError) in
                ([token], try writer.store.links(.of(token)))
            }.wasKnown
        }
    }

    /// What was forgotten since a moment, through whatever server, if anything was changed since a revision.
    ///
    /// Asks the store, so that what is forgotten anywhere before this is called is among it; where nobody else writes to it, nothing is.
    package func forgotten(since moment: Timestamp, unless revision: UInt64?) async throws -> Forgotten {
        let key = memory.identity.fingerprintKey
        guard isShared else { return Forgotten(revision: self.revision, times: [:], key: key) }
        return try await perform { writer in
            let latest = try writer.store.revision()
            let found = latest == revision ? [] : try writer.store.forgettings(after: 0, since: moment)
            return Forgotten(
                revision: latest, times: Dictionary(found.map { ($0.fingerprint, $0.time) }) { max($0, $1) }, key: key)
        }
    }
}

/// Units and persons that were forgotten, and when: their names are not known any more, but whoever has one can ask.
package struct Forgotten: Sendable {
    /// The revision of the registry that this is as of.
    package let revision: UInt64
    private let times: [Fingerprint: Timestamp]
    private let key: SecretKey

    init(revision: UInt64, times: [Fingerprint: Timestamp], key: SecretKey) {
        (self.revision, self.times, self.key) = (revision, times, key)
    }

    package var isEmpty: Bool { times.isEmpty }

    /// When a unit or person was forgotten last; nil if not.
    package func time(of name: String) -> Timestamp? { times[Fingerprint(of: name.utf8.span, key: key)] }
}

extension RegistryWriter {
    /// Forgets devices, and unlinks them.
    ///
    /// - Parameter whom: the tokens and their links; asked within the transaction, during which no other server enrolls or links anybody.
    fileprivate func forget(
        _ kind: String, _ name: String, actor: String, now: @escaping () -> Timestamp,
        _ whom: @escaping () throws(StoreError) -> (tokens: [DeviceToken], links: [Link])
    ) throws -> (tokens: [DeviceToken], wasKnown: Bool) {
        if store.isShared { try catchUp() }
        var (tokens, aliases, renamings) = ([DeviceToken](), [Link](), [DeviceRenaming]())
        let records = try store.change { records, nextOrdinal in
            let links: [Link]
            (tokens, links) = try whom()
            aliases = links.filter(\.isAlias)
            let latecomers = try latecomers(before: nextOrdinal)
            func device(of token: DeviceToken) -> Device? {
                let fingerprint = fingerprint(of: token)
                return latecomers[fingerprint] ?? memory.index.device(for: fingerprint)
            }
            let isAlias = Set(aliases.map(\.token))
            // What stands for each device in experiments' records of forced units, and will.
            var units = Dictionary(uniqueKeysWithValues: tokens.map { (unit(of: $0), nil as String?) })
            renamings = []
            for token in tokens where !isAlias.contains(token) {
                guard let device = device(of: token) else { continue }
                let renaming = DeviceRenaming(ordinal: device.ordinal, from: token, to: try .forgotten())
                renamings.append(renaming)
                units[unit(of: token)] = unit(of: renaming.to)
            }
            let owners = try aliases.isEmpty ? [:] : owners(of: Set(aliases.map(\.person)), device)
            for alias in aliases {
                let heir = owners[alias.device].map(unit)
                units[unit(of: alias.token)] = heir.map { units[$0] ?? $0 } ?? nil
            }
            var after = try records.catalogue()
            let (before, time) = (after, now())
            after.forget(units)
            var changes = try RecordChanges(from: before, to: after, time: time, actor: actor, action: "forget")
            changes.renamedDevices = renamings
            changes.unlinked = links.map(\.token)
            // Under the registry's key: whoever asks again can be answered, and nobody can guess a name by it.
            let whose = memory.fingerprint(of: name.utf8.span)
            // No more than that: what experiments were before and after would say who is who.
            changes.audit = [AuditEntry(time: time, actor: actor, action: "forget", subject: "\(kind) \(whose.unit)")]
            changes.forgotten = Set(tokens.map(fingerprint) + [whose]).map { Forgetting(fingerprint: $0, time: time) }
            return changes
        }
        for renaming in renamings { memory.rename(fingerprint(of: renaming.from), to: fingerprint(of: renaming.to)) }
        for alias in aliases { memory.removeAlias(fingerprint(of: alias.token)) }
        try memory.publish(records)
        return (tokens, !renamings.isEmpty || !aliases.isEmpty)
    }

    private func fingerprint(of token: DeviceToken) -> Fingerprint { memory.fingerprint(of: token.bytes.span) }

    private func unit(of token: DeviceToken) -> String { fingerprint(of: token).unit }

    /// The devices that other servers have enrolled since this one looked.
    private func latecomers(before end: Ordinal) throws(StoreError) -> [Fingerprint: Device] {
        guard store.isShared, known < end else { return [:] }
        var found: [Fingerprint: Device] = [:]
        _ = try store.readDevices(from: known, limit: Int(clamping: end - known)) { token, device throws(StoreError) in
            found[memory.fingerprint(of: token)] = device
        }
        return found
    }

    /// The tokens that have persons' devices for their own; those that were forgotten before are not among them.
    private func owners(of persons: Set<PersonID>, _ device: (DeviceToken) -> Device?) throws(StoreError) -> [Device: DeviceToken] {
        var owners: [Device: DeviceToken] = [:]
        for person in persons {
            for link in try store.links(.ofPerson(person)) where !link.isAlias {
                if let device = device(link.token), owners[device] == nil { owners[device] = link.token }
            }
        }
        return owners
    }

    // MARK: What other servers forgot

    /// Lets go of those whom other servers forgot after the forgetting of this number, so that they are new here as well.
    ///
    /// - Returns: the newest number.
    func letGo(after last: Int64) throws(StoreError) -> Int64 {
        let forgettings = try store.forgettings(after: last, since: Timestamp(milliseconds: 0))
        for forgetting in forgettings {
            let fingerprint = forgetting.fingerprint
            guard let device = memory.index.device(for: fingerprint) else { continue }
            var present: Fingerprint?
            _ = try store.readDevices(from: device.ordinal, limit: 1) { token, found throws(StoreError) in
                if found.ordinal == device.ordinal { present = memory.fingerprint(of: token) }
            }
            // Who came again since has the name anew, and with it another ordinal.
            guard let present, present != fingerprint else { continue }
            // A token that was answered as a person's device has no ordinal of its own, and nor has it if that is taken.
            if memory.index.device(for: present) == nil {
                memory.rename(fingerprint, to: present)
            } else {
                memory.removeAlias(fingerprint)
            }
        }
        return forgettings.last?.number ?? last
    }
}

extension DeviceToken {
    private static let forgottenMark = "forgotten-"

    /// Whether it stands for a device that was forgotten.
    package var isForgotten: Bool {
        let mark = DeviceToken.forgottenMark.utf8
        return bytes.starts(with: mark) && SecretKey(hexadecimal: String(decoding: bytes.dropFirst(mark.count), as: UTF8.self)) != nil
    }

    /// A name for a device that nobody knows.
    fileprivate static func forgotten() throws(StoreError) -> DeviceToken {
        do throws(DeviceTokenError) {
            return try DeviceToken(forgottenMark + SecretKey.random().hexadecimal)
        } catch {
            throw StoreError(.rejected, "\(error)")
        }
    }
}
