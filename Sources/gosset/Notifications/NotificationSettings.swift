import Charts
import Notifications

/// The flags that say whom to tell, and how.
struct NotificationSettings {
    static let options: [Option] = [
        Option("telegram-chats", "CHATS", help: "Telegram chats to tell: numbers or @channels, with commas between them."),
        Option("telegram-url", "URL", help: "The Bot API: Telegram's own, or a local Bot API server.", default: "https://api.telegram.org"),
        Option("telegram-token", "TOKEN", help: "The bot's token.", isSecret: true),
        Option("webhook", "URL", help: "A server of your own to tell, by a signed POST."),
        Option("webhook-secret", "SECRET", help: "What the webhook's signature is made with, 16 characters or more.", isSecret: true),
        Option(
            "chart-python", "FILE", help: "A Python with vl-convert-python, to draw charts into messages; see scripts/bootstrap charts."),
    ]

    /// The ways to tell anybody; empty if none was given.
    let senders: [any Sender]
    /// What draws charts into messages, if one was given.
    let renderer: VegaLiteRenderer?

    init(_ options: Options) throws(UsageError) {
        var senders: [any Sender] = []
        renderer = options.text("chart-python").map { VegaLiteRenderer(python: $0) }
        let chats = (options.text("telegram-chats") ?? "").split { $0 == "," || $0 == " " }.map(String.init)
        if !chats.isEmpty {
            guard let token = options.text("telegram-token") else {
                throw UsageError("\(options.source("telegram-chats")) needs the bot's token in GOSSET_TELEGRAM_TOKEN")
            }
            guard let bot = TelegramSender.Bot(api: try options.required("telegram-url"), token: token) else {
                throw UsageError(
                    "GOSSET_TELEGRAM_TOKEN or \(options.source("telegram-url")) is not as it should be: 123456:ABC…, https://…")
            }
            let charts = renderer.map { RememberedCharts($0) }
            for chat in chats {
                guard TelegramSender.isChat(chat) else {
                    throw UsageError("\(options.source("telegram-chats")): '\(chat)' is neither a chat's number nor a @channel")
                }
                senders.append(TelegramSender(bot: bot, chat: chat, charts: charts))
            }
        }
        if let url = options.text("webhook") {
            guard let secret = options.text("webhook-secret"), let sender = WebhookSender(url: url, secret: secret) else {
                throw UsageError(
                    "\(options.source("webhook")) needs an http or https URL, and 16 characters or more in GOSSET_WEBHOOK_SECRET")
            }
            senders.append(sender)
        }
        self.senders = senders
    }
}
