internal import CScheduling
internal import Foundation

/// The processors that this process may use.
package enum Processors {
    /// How many there are for its first thread, at least one.
    package static var count: Int {
        var allowed = gosset_processors()
        return max(1, Int(gosset_allowed(getpid(), &allowed)))
    }

    /// How much of them it may use: as many as there are, or fewer where its control group has a limit, as containers have.
    package static var limit: Double {
        let text = (try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8)) ?? ""
        return min(Double(count), limit(text) ?? .infinity)
    }

    /// How many processors a limit comes to as control groups tell it, by the microseconds of processor time in how many; nil for none.
    ///
    /// See `cpu.max` in the kernel's documentation of control groups, version 2.
    package static func limit(_ text: String) -> Double? {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard numbers.count == 2, let time = numbers[0], let period = numbers[1], time > 0, period > 0 else { return nil }
        return time / period
    }
}
