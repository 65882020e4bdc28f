import Experiments
import Randomization

extension Registry {
    /// Forgets who a person is, and whose each of their devices was, durably, and says so in the audit log without naming them.
    ///
    /// - Returns: the devices that were theirs.
    package func forget(_ person: PersonID, actor: String) async throws -> [DeviceToken] {
        let now = options.now()
        return try await perform { writer in
            let links = try writer.store.links(.ofPerson(person))
            try writer.forget(links.map(\.token), unlinking: links, as: "person", person.text, actor: actor, now: now)
            return links.map(\.token)
        }
    }

    /// Forgets whose a device was, durably, and says so in the audit log without naming it.
    ///
    /// Its ordinal and with it the balance of experiments stay, under a random name that nobody knows, and where it was forced it counts for
    /// nothing under that name; its link to a person is gone. Should it come again, it is a new device. Other servers of the same registry
    /// know it until they are started anew.
    /// - Returns: whether the device was known.
    package func forget(_ token: DeviceToken, actor: String) async throws -> Bool {
        let now = options.now()
        return try await perform { writer in
            let isKnown = writer.memory.index.device(for: writer.memory.fingerprint(of: token.bytes.span)) != nil
            let links = try writer.store.links(.of(token))
            try writer.forget([token], unlinking: links, as: "unit", token.description, actor: actor, now: now)
            return isKnown
        }
    }
}

extension RegistryWriter {
    fileprivate func forget(
        _ tokens: [DeviceToken], unlinking links: [Link], as kind: String, _ name: String, actor: String, now: Timestamp
    ) throws {
        let aliases = links.filter(\.isAlias)
        let isAlias = Set(aliases.map(\.token))
        var renamings: [DeviceRenaming] = []
        // What stands for each device in experiments' records of forced units, and will.
        var units = Dictionary(uniqueKeysWithValues: tokens.map { (unit(of: $0), nil as String?) })
        for token in tokens where !isAlias.contains(token) {
            guard let device = device(of: token) else { continue }
            let renaming = DeviceRenaming(ordinal: device.ordinal, from: token, to: try .forgotten())
            renamings.append(renaming)
            units[unit(of: token)] = unit(of: renaming.to)
        }
        let owners = try aliases.isEmpty ? [:] : owners(of: Set(aliases.map(\.person)))
        for alias in aliases {
            let heir = owners[alias.device].map(unit)
            units[unit(of: alias.token)] = heir.map { units[$0] ?? $0 } ?? nil
        }
        // Under the registry's key: whoever asks again can be answered, and nobody can guess a name by it.
        let subject = kind + " " + memory.fingerprint(of: name.utf8.span).unit
        let entry = AuditEntry(time: now, actor: actor, action: "forget", subject: subject)
        let (renamed, forgotten) = (renamings, units)
        let records = try store.change { records, _ in
            let before = try records.catalogue()
            var after = before
            after.forget(forgotten)
            var changes = try RecordChanges(from: before, to: after, time: now, actor: actor, action: entry.action)
            changes.renamedDevices = renamed
            changes.unlinked = links.map(\.token)
            // No more than that: what experiments were before and after would say who is who.
            changes.audit = [entry]
            return changes
        }
        for renaming in renamings {
            memory.rename(memory.fingerprint(of: renaming.from.bytes.span), to: memory.fingerprint(of: renaming.to.bytes.span))
        }
        for alias in aliases { memory.removeAlias(memory.fingerprint(of: alias.token.bytes.span)) }
        try memory.publish(records)
    }

    private func device(of token: DeviceToken) -> Device? { memory.index.device(for: memory.fingerprint(of: token.bytes.span)) }

    private func unit(of token: DeviceToken) -> String { memory.fingerprint(of: token.bytes.span).unit }

    /// The tokens that have persons' devices for their own; those that were forgotten before are not among them.
    private func owners(of persons: Set<PersonID>) throws -> [Device: DeviceToken] {
        var owners: [Device: DeviceToken] = [:]
        for person in persons {
            for link in try store.links(.ofPerson(person)) where !link.isAlias {
                if let device = device(of: link.token), owners[device] == nil { owners[device] = link.token }
            }
        }
        return owners
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
