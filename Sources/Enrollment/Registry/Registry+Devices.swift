package import Experiments

extension Registry {
    /// Takes in what other servers have done by now if a device is not known here: one of them may have met it a moment ago.
    package func catchUp(for token: DeviceToken) async throws {
        guard isShared, device(for: token) == nil else { return }
        try await perform { try $0.catchUp() }
    }

    /// Reads at most so many devices from an ordinal on, in order.
    ///
    /// The writer reads them, between two transactions: ask for some thousands at a time.
    /// - Returns: tokens and devices, and the ordinal after the last one.
    package func devices(
        from first: Ordinal, limit: Int
    ) async throws -> (devices: [(token: DeviceToken, device: Device)], next: Ordinal) {
        guard nextOrdinal > first else { return ([], first) }
        return try await perform { writer in
            var devices: [(token: DeviceToken, device: Device)] = []
            var failure: DeviceTokenError?
            // Those that are not in memory yet: it is not known whom they are among.
            guard writer.known > first else { return ([], first) }
            let limit = Int(clamping: min(Ordinal(limit), writer.known - first))
            _ = try writer.store.readDevices(from: first, limit: limit) { bytes, device throws(StoreError) in
                do throws(DeviceTokenError) {
                    devices.append((try DeviceToken(stored: bytes), device))
                } catch {
                    failure = error
                }
            }
            if let failure { throw StoreError(.corrupt, "A stored token is none", cause: "\(failure)") }
            return (devices, devices.last.map { $0.device.ordinal + 1 } ?? first)
        }
    }
}
