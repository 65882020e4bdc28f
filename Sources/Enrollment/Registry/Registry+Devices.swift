package import Experiments
import Randomization

extension Registry {
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
            _ = try writer.store.readDevices(from: first, limit: limit) { bytes, device throws(StoreError) in
                do throws(DeviceTokenError) {
                    devices.append((try DeviceToken(bytes), device))
                } catch {
                    failure = error
                }
            }
            if let failure { throw StoreError(.corrupt, "A stored token is none", cause: "\(failure)") }
            return (devices, devices.last.map { $0.device.ordinal + 1 } ?? first)
        }
    }

    /// Forgets whose a device was, durably, and says so in the audit log without naming it.
    ///
    /// Its ordinal and with it the balance of experiments stay, under a random name that nobody knows. Should it come again, it is a new
    /// device. Other servers of the same registry know it until they are started anew.
    /// - Returns: whether the device was known.
    package func forget(_ token: DeviceToken, actor: String) async throws -> Bool {
        let now = options.now()
        return try await perform { writer in
            let memory = writer.memory
            let fingerprint = memory.fingerprint(of: token.bytes.span)
            let device = memory.index.device(for: fingerprint)
            let other: DeviceToken
            do throws(DeviceTokenError) {
                other = try DeviceToken("forgotten-" + SecretKey.random().hexadecimal)
            } catch {
                throw StoreError(.rejected, "\(error)")
            }
            // Under the registry's key: whoever asks again can be answered, and nobody can guess a token by it.
            let subject = "unit " + SecretKey(low: fingerprint.first, high: fingerprint.second).hexadecimal
            let entry = AuditEntry(time: now, actor: actor, action: "forget", subject: subject)
            let records = try writer.store.change { _, _ in
                RecordChanges(renamedDevices: device.map { [$0.ordinal: other] } ?? [:], audit: [entry])
            }
            memory.rename(fingerprint, to: memory.fingerprint(of: other.bytes.span))
            memory.publish(try RegistrySnapshot(records))
            return device != nil
        }
    }
}
