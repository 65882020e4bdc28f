import Foundation
import HTTPServer
import Notifications
import StandIns
import Testing

@Suite struct TelegramSenderTests {
    private let table = Notice.Table(headings: ["Age", "Average"], rows: [["18-24", "20,707.98"], [">47", "1 & 2"]])

    private func send(_ notice: Notice, chat: String = "42", to address: String, charts: Bool = false) async throws -> DeliveryOutcome {
        let bot = try #require(TelegramSender.Bot(api: address, token: BotStandIn.token, patienceSeconds: 5))
        return await TelegramSender(bot: bot, chat: chat, charts: charts ? FixedRenderer() : nil).send(notice, event: "e")
    }

    @Test func `words and table are one message, escaped`() async throws {
        try await withBot { bot, address async throws in
            let notice = Notice(title: "Tom & <Jerry>", paragraphs: ["a < b", "\"quoted\""], table: table)
            #expect(try await send(notice, to: address) == .delivered)
            #expect(bot.complaints == [])
            let message = try #require(bot.received.first)
            #expect(message.method == "sendMessage" && message.chat == "42")
            #expect(
                message.html == """
                    <b>Tom &amp; &lt;Jerry&gt;</b>

                    a &lt; b

                    "quoted"

                    <pre>Age      Average
                    18-24  20,707.98
                    &gt;47        1 &amp; 2</pre>
                    """)
        }
    }

    @Test func `a chart is the picture of the one message, byte for byte, with the words as its caption`() async throws {
        try await withBot { bot, address async throws in
            let notice = Notice(title: "<Chart>", table: table, chart: "{}")
            #expect(try await send(notice, chat: "@management", to: address, charts: true) == .delivered)
            #expect(bot.complaints == [] && bot.received.count == 1)
            let message = try #require(bot.received.first)
            #expect(message.method == "sendPhoto" && message.chat == "@management")
            #expect(message.picture == Array(FixedRenderer.png))
            #expect(message.html.hasPrefix("<b>&lt;Chart&gt;</b>"))
        }
    }

    @Test func `words too long for a caption go without the picture, and too long for a message are cut from the end`() async throws {
        try await withBot { bot, address async throws in
            let long = Notice(title: "Long", paragraphs: [String(repeating: "&", count: 1100)], chart: "{}")
            #expect(try await send(long, to: address, charts: true) == .delivered)
            let rows = (0..<2000).map { ["row \($0)", "<\($0)>"] }
            #expect(try await send(Notice(title: "😀", table: .init(headings: ["a", "b"], rows: rows)), to: address) == .delivered)
            #expect(bot.complaints == [])
            #expect(bot.received.map(\.method) == ["sendMessage", "sendMessage"])
            #expect(bot.received[1].html.contains("row 10 ") && bot.received[1].html.hasSuffix("…</pre>"))
        }
    }

    @Test func `what the API answers is what becomes of the message`() async throws {
        try await withBot { bot, address async throws in
            let notice = Notice(title: "x")
            bot.cause(.throttle(seconds: 7))
            #expect(try await send(notice, to: address) == .throttled(seconds: 7))
            bot.cause(.status(500, "Internal Server Error"))
            #expect(try await send(notice, to: address) == .failed(reason: "Telegram answered 500: Internal Server Error"))
            bot.cause(.status(403, "Forbidden: bot was blocked by the user"))
            #expect(
                try await send(notice, to: address) == .refused(reason: "Telegram answered 403: Forbidden: bot was blocked by the user"))
            bot.cause(.garbage)
            #expect(try await send(notice, to: address) == .failed(reason: "Telegram answered 502"))
            #expect(
                try await send(notice, chat: "7", to: address) == .refused(reason: "Telegram answered 400: Bad Request: chat not found"))
        }
    }

    @Test func `a wrong token may be mended, and is never shown`() async throws {
        try await withBot { _, address async throws in
            let bot = try #require(TelegramSender.Bot(api: address, token: "99:a-secret-that-is-wrong"))
            let outcome = await TelegramSender(bot: bot, chat: "42").send(Notice(title: "x"), event: "e")
            #expect(outcome == .failed(reason: "Telegram answered 401: Unauthorized"))
            #expect(!"\(bot) \(outcome)".contains("secret"))
        }
        // Nobody listens at port 1.
        let bot = try #require(TelegramSender.Bot(api: "http://127.0.0.1:1", token: "99:a-secret-that-is-wrong"))
        let outcome = await TelegramSender(bot: bot, chat: "42").send(Notice(title: "x"), event: "e")
        guard case .failed(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!reason.contains("secret") && !reason.contains("99:"))
    }

    @Test func `addresses, tokens and chats that are none are refused`() {
        for (api, token) in [
            ("https://api.telegram.org", "no-colon"), ("https://api.telegram.org", ":x"), ("https://api.telegram.org", "1:a/../b"),
            ("https://api.telegram.org", "1: "), ("api.telegram.org", "1:a"), ("ftp://x", "1:a"), ("", "1:a"), ("https://x?y=1", "1:a"),
        ] {
            #expect(TelegramSender.Bot(api: api, token: token) == nil, "\(api) \(token)")
        }
        #expect(TelegramSender.Bot(api: "https://api.telegram.org/", token: "1:a-B_9") != nil)
        for chat in ["42", "-1001234", "@management"] { #expect(TelegramSender.isChat(chat)) }
        for chat in ["", "@", "management", "@two words", "4 2"] { #expect(!TelegramSender.isChat(chat)) }
    }
}
