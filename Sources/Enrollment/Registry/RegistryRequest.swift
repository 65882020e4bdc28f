/// Something to be done with the store between two batches, for somebody who waits for it.
struct RegistryRequest: Sendable {
    /// Does it and tells the one who waits, also of a failure of the store, which is then thrown on.
    let perform: @Sendable (RegistryWriter) throws(StoreError) -> Void

    /// Tells the one who waits that it was not done.
    let refuse: @Sendable (EnrollmentError) -> Void
}

extension Registry {
    /// Has the writer do something with the store, and waits for it.
    func perform<Value: Sendable>(_ body: @escaping @Sendable (RegistryWriter) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let request = RegistryRequest { writer throws(StoreError) in
                do {
                    continuation.resume(returning: try body(writer))
                } catch let error as StoreError {
                    continuation.resume(throwing: EnrollmentError.unavailable(reason: error.description))
                    throw error
                } catch {
                    continuation.resume(throwing: error)
                }
            } refuse: { error in
                continuation.resume(throwing: error)
            }
            submit(request)
        }
    }
}
