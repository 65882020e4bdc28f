import Foundation
import HTTPClient

/// What the Bot API answers: `{"ok":false,"error_code":429,"description":"…","parameters":{"retry_after":5}}`.
struct TelegramAnswer: Decodable {
    private struct Parameters: Decodable {
        let retryAfter: Int?
        let migrateToChatID: Int64?

        enum CodingKeys: String, CodingKey {
            case retryAfter = "retry_after"
            case migrateToChatID = "migrate_to_chat_id"
        }
    }

    private let ok: Bool
    private let code: Int?
    private let description: String?
    private let parameters: Parameters?

    private enum CodingKeys: String, CodingKey {
        case ok, description, parameters
        case code = "error_code"
    }

    /// What an answer means for the message.
    ///
    /// A wrong token (401, 404) is the operator's mistake and may be mended, so the message waits; a chat that is not there, or has
    /// banished the bot (400, 403), will not come back for this message.
    static func outcome(_ answer: HTTPAnswer) -> DeliveryOutcome {
        let read = try? JSONDecoder().decode(TelegramAnswer.self, from: Data(answer.body))
        if answer.status == 200, read?.ok == true { return .delivered }
        let code = read?.code ?? answer.status
        let said = read?.description.map { ": " + $0.prefix(200).replacing("\n", with: " ") } ?? ""
        let reason = "Telegram answered \(code)\(said)"
        switch code {
        case 429: return .throttled(seconds: max(1, read?.parameters?.retryAfter ?? answer.retryAfter ?? 5))
        case 400, 403, 413:
            let moved = read?.parameters?.migrateToChatID.map { "; the chat is now \($0)" } ?? ""
            return .refused(reason: reason + moved)
        default: return .failed(reason: reason)
        }
    }
}
