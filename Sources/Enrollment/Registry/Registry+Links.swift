package import Experiments
import Randomization
import Synchronization

extension Registry {
    /// Links a device to a person, and answers when that is durable.
    ///
    /// No answer that was ever given changes by it; what a device has then is for ``Linking`` to say.
    ///
    /// - Parameter attributes: what is known of the device, which decides whether targeted experiments are for it if it is enrolled by this;
    ///   of a device that is known, or is answered as the person's, it changes nothing.
    package func link(
        _ token: DeviceToken, to person: PersonID, attributes: Attributes = .none
    ) async throws(EnrollmentError) -> LinkOutcome {
        try await withCheckedContinuation { (continuation: CheckedContinuation<Result<LinkOutcome, EnrollmentError>, Never>) in
            let entry = LinkQueue.Entry(token: token, person: person, attributes: attributes) { continuation.resume(returning: $0) }
            switch memory.links.withLock({ $0.arrive(entry) }) {
            case .queued(let askWriter): if askWriter { submit(linkRequest) }
            case .refused(let error): continuation.resume(returning: .failure(error))
            }
        }.get()
    }

    /// Links that are stored, in the order of their numbers.
    package func links(_ query: LinkQuery) async throws -> [Link] {
        try await perform { writer in try writer.store.links(query) }
    }

    /// The number of the newest link that is known here: whether there are more to be read, without asking the store.
    package var lastLink: Int64 { memory.lastLink }

    /// Commits those who wait, and asks for another turn if more came meanwhile.
    private var linkRequest: RegistryRequest {
        let memory = memory
        let abandon: @Sendable (EnrollmentError) -> Void = { error in
            for entry in memory.links.withLock({ $0.abandon() }) { entry.completion(.failure(error)) }
        }
        return RegistryRequest { [weak self] writer throws(StoreError) in
            let entries = memory.links.withLock { $0.take() }
            let outcomes: [LinkOutcome]
            do throws(StoreError) {
                outcomes = try writer.link(entries)
            } catch {
                let failure = EnrollmentError.unavailable(reason: error.description)
                for entry in entries { entry.completion(.failure(failure)) }
                abandon(failure)
                throw error
            }
            for (entry, outcome) in zip(entries, outcomes) { entry.completion(.success(outcome)) }
            guard memory.links.withLock({ $0.finish() }) else { return }
            guard let self else { return abandon(.closed) }
            self.submit(self.linkRequest)
        } refuse: { error in
            abandon(error)
        }
    }

    // MARK: Forgetting

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
    /// Its ordinal and with it the balance of experiments stay, under a random name that nobody knows; its link to a person is gone. Should
    /// it come again, it is a new device. Other servers of the same registry know it until they are started anew.
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
        let aliases = Set(links.filter(\.isAlias).map(\.token))
        var renamings: [DeviceRenaming] = []
        for token in tokens where !aliases.contains(token) {
            guard let device = memory.index.device(for: memory.fingerprint(of: token.bytes.span)) else { continue }
            renamings.append(DeviceRenaming(ordinal: device.ordinal, from: token, to: try .forgotten()))
        }
        // Under the registry's key: whoever asks again can be answered, and nobody can guess a name by it.
        let fingerprint = memory.fingerprint(of: name.utf8.span)
        let subject = kind + " " + fingerprint.unit
        let entry = AuditEntry(time: now, actor: actor, action: "forget", subject: subject)
        let renamed = renamings
        let records = try store.change { _, _ in
            RecordChanges(renamedDevices: renamed, unlinked: links.map(\.token), audit: [entry])
        }
        for renaming in renamings {
            memory.rename(memory.fingerprint(of: renaming.from.bytes.span), to: memory.fingerprint(of: renaming.to.bytes.span))
        }
        for alias in aliases { memory.removeAlias(memory.fingerprint(of: alias.bytes.span)) }
        try memory.publish(records)
    }
}

extension DeviceToken {
    /// A name for a device that nobody knows.
    fileprivate static func forgotten() throws(StoreError) -> DeviceToken {
        do throws(DeviceTokenError) {
            return try DeviceToken("forgotten-" + SecretKey.random().hexadecimal)
        } catch {
            throw StoreError(.rejected, "\(error)")
        }
    }
}
