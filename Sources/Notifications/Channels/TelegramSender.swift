package import Charts
import Foundation
import HTTPClient
import Text

/// One Telegram chat, through the Bot API.
///
/// A notice is one message: a picture with the words as its caption if a chart can be drawn and the words are short enough, or
/// else the words alone.
package struct TelegramSender: Sender {
    /// A bot: where its API is, and its token, which is shown nowhere.
    package struct Bot: Sendable, CustomStringConvertible, CustomReflectable {
        let base: URL
        let token: String
        let client: HTTPClient

        /// - Parameters:
        ///   - api: the API's address without a path, such as `https://api.telegram.org` or a local Bot API server's.
        ///   - token: as BotFather gave it.
        /// - Returns: nil if the address is none, or the token has characters that no token has.
        package init?(api: String, token: String, patienceSeconds: Double = 30) {
            let digits = token.prefix { $0 != ":" }
            let isToken = token.utf8.allSatisfy { byte in
                (0x30...0x3A).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D || byte == 0x5F
            }
            let trimmed = api.hasSuffix("/") ? String(api.dropLast()) : api
            guard isToken, !digits.isEmpty, digits.count < token.count, let base = URL(string: trimmed), base.host != nil,
                base.scheme == "https" || base.scheme == "http", base.query == nil
            else { return nil }
            self.base = base
            self.token = token
            client = HTTPClient(patienceSeconds: patienceSeconds)
        }

        package var description: String { "Bot(hidden)" }
        package var customMirror: Mirror { Mirror(self, children: []) }

        func method(_ name: String) -> URL { base.appending(path: "bot\(token)").appending(path: name) }
    }

    private let bot: Bot
    private let chat: String
    private let charts: (any ChartRenderer)?

    /// - Parameter chat: a chat's number, or `@name` of a channel.
    package init(bot: Bot, chat: String, charts: (any ChartRenderer)? = nil) {
        self.bot = bot
        self.chat = chat
        self.charts = charts
    }

    /// Whether a text can be a chat.
    package static func isChat(_ text: String) -> Bool {
        Int64(text) != nil || (text.hasPrefix("@") && text.count > 1 && !text.contains { $0.isWhitespace })
    }

    package var name: String { "telegram:\(chat)" }

    package func send(_ notice: Notice, event: String) async -> DeliveryOutcome {
        do throws(HTTPFailure) {
            if let chart = notice.chart, TelegramText.fits(notice, limit: TelegramText.captionLimit),
                let caption = TelegramText(notice, limit: TelegramText.captionLimit), let picture = await charts?.png(of: chart)
            {
                return try await send(picture, caption)
            }
            guard let text = TelegramText(notice, limit: TelegramText.messageLimit) else {
                return .refused(reason: "the title is too long for a message")
            }
            return try await send(text)
        } catch {
            return .failed(reason: "Telegram: \(error)")
        }
    }

    private func send(_ text: TelegramText) async throws(HTTPFailure) -> DeliveryOutcome {
        let body: JSONValue = [
            "chat_id": Int(chat).map { .integer($0) } ?? .string(chat), "text": .string(text.html), "parse_mode": "HTML",
            "link_preview_options": ["is_disabled": true],
        ]
        return try await post("sendMessage", type: "application/json", Array(body.description.utf8))
    }

    private func send(_ picture: Data, _ caption: TelegramText) async throws(HTTPFailure) -> DeliveryOutcome {
        var form = MultipartForm()
        form.add("chat_id", chat)
        form.add("caption", caption.html)
        form.add("parse_mode", "HTML")
        form.add("photo", file: "chart.png", type: "image/png", picture)
        return try await post("sendPhoto", type: form.contentType, Array(form.body))
    }

    private func post(_ method: String, type: String, _ body: [UInt8]) async throws(HTTPFailure) -> DeliveryOutcome {
        let call = HTTPCall("POST", bot.method(method).absoluteString, headers: [("Content-Type", type)], body: body)
        return TelegramAnswer.outcome(try await bot.client.send(call))
    }
}
