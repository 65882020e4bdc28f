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
}
