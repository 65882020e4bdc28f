import Logging
import Synchronization
import Testing

@Suite struct LoggerTests {
    private final class Collected: Sendable {
        let lines = Mutex<[LogLine]>([])
    }

    @Test func `Events below the minimum level are dropped before their message is built`() {
        let collected = Collected()
        let logger = Logger(label: "test", minimumLevel: .warning) { line in collected.lines.withLock { $0.append(line) } }
        var built = 0
        func message() -> String {
            built += 1
            return "message"
        }
        logger.debug(message())
        logger.info(message())
        #expect(built == 0)
        logger.warning(message(), ["attempt": 2])
        logger.error(message())
        #expect(built == 2)
        let lines = collected.lines.withLock { $0 }
        #expect(lines.map(\.level) == [.warning, .error])
        #expect(lines.first?.fields.first?.value == 2)
    }

    @Test func `Levels are ordered by how much they matter`() {
        #expect(LogLevel.allCases == LogLevel.allCases.sorted())
    }
}
