internal import Foundation
package import HTTPServer
internal import Logging
internal import Synchronization
internal import Text

/// A stand-in for Telegram's Bot API that is as strict as the real one documents itself, and in places stricter: what it does not know it
/// refuses.
///
/// Source: core.telegram.org/bots/api: "Making requests", "sendMessage", "sendPhoto", "HTML style", "ResponseParameters".
package final class BotStandIn: Sendable {
    /// What a chat received.
    package struct Received: Hashable, Sendable {
        package let method: String
        package let chat: String
        package let html: String
        package let picture: [UInt8]
    }

    /// How it behaves, once, instead of taking a message.
    package enum Trouble: Hashable, Sendable {
        case throttle(seconds: Int)
        case status(Int, String)
        /// Not even JSON.
        case garbage
    }

    private struct State {
        var received: [Received] = []
        var troubles: [Trouble] = []
        var complaints: [String] = []
        var requests = 0
    }

    package static let token = "123456:Stand-In_token"
    package static let chats = ["-1001234", "42", "@management"]

    private let state = Mutex(State())

    package init() {}

    package var received: [Received] { state.withLock { $0.received } }
    /// What was wrong with requests.
    package var complaints: [String] { state.withLock { $0.complaints } }
    package var requests: Int { state.withLock { $0.requests } }

    /// What it does to the next requests.
    package func cause(_ troubles: Trouble...) { state.withLock { $0.troubles += troubles } }

    /// The routes, to be served.
    package var router: Router {
        var router = Router()
        for method in ["sendMessage", "sendPhoto"] {
            router.post("/{bot}/\(method)") { request in
                let bot = try request.parameter("bot")
                let type = try request.header("Content-Type") ?? ""
                return self.answer(method, bot: bot, type: type, body: request.body)
            }
        }
        return router
    }

    private struct Refusal: Error {
        let code: Int
        let description: String
        var retryAfter: Int?
    }

    private func answer(_ method: String, bot: String, type: String, body: [UInt8]) -> Response {
        state.withLock { $0.requests += 1 }
        do throws(Refusal) {
            guard bot == "bot" + Self.token else { throw Refusal(code: 401, description: "Unauthorized") }
            let fields = try BotForm.read(method, type: type, body: body)
            switch state.withLock({ $0.troubles.isEmpty ? nil : $0.troubles.removeFirst() }) {
            case .throttle(let seconds)?:
                throw Refusal(code: 429, description: "Too Many Requests: retry after \(seconds)", retryAfter: seconds)
            case .status(let code, let description)?: throw Refusal(code: code, description: description)
            case .garbage?: return Response(Status(502), body: Array("<html>Bad Gateway</html>".utf8))
            case nil: break
            }
            guard Self.chats.contains(fields.chat) else { throw Refusal(code: 400, description: "Bad Request: chat not found") }
            state.withLock {
                $0.received.append(Received(method: method, chat: fields.chat, html: fields.html, picture: fields.picture))
            }
            return .json(["ok": true, "result": ["message_id": 1]])
        } catch {
            if error.code == 400 || error.code == 401 { state.withLock { $0.complaints.append(error.description) } }
            let parameters: JSONValue = error.retryAfter.map { ["retry_after": .integer($0)] } ?? [:]
            return .json(
                ["ok": false, "error_code": .integer(error.code), "description": .string(error.description), "parameters": parameters],
                status: Status(error.code))
        }
    }

    /// The fields of a request, each checked.
    private struct BotForm {
        var chat = ""
        var html = ""
        var picture: [UInt8] = []

        static func read(_ method: String, type: String, body: [UInt8]) throws(Refusal) -> BotForm {
            method == "sendMessage" ? try message(type, body) : try photo(type, body)
        }

        private static func message(_ type: String, _ body: [UInt8]) throws(Refusal) -> BotForm {
            guard type == "application/json", let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
                throw Refusal(code: 400, description: "Bad Request: not a JSON object")
            }
            let known: Set = ["chat_id", "text", "parse_mode", "link_preview_options"]
            guard known.isSuperset(of: object.keys), object["parse_mode"] as? String == "HTML" else {
                throw Refusal(code: 400, description: "Bad Request: unknown or missing fields")
            }
            var form = BotForm()
            if let number = object["chat_id"] as? Int { form.chat = "\(number)" } else { form.chat = object["chat_id"] as? String ?? "" }
            form.html = object["text"] as? String ?? ""
            guard !form.html.isEmpty else { throw Refusal(code: 400, description: "Bad Request: message text is empty") }
            try check(form.html, limit: 4096, "message is too long")
            return form
        }

        private static func photo(_ type: String, _ body: [UInt8]) throws(Refusal) -> BotForm {
            var form = BotForm()
            for part in try parts(type, body) {
                switch (part.name, part.file) {
                case ("chat_id", nil): form.chat = String(decoding: part.content, as: UTF8.self)
                case ("caption", nil): form.html = String(decoding: part.content, as: UTF8.self)
                case ("parse_mode", nil) where part.content == Array("HTML".utf8): break
                case ("photo", _?) where part.type == "image/png": form.picture = part.content
                default: throw Refusal(code: 400, description: "Bad Request: the field \(part.name) was not expected")
                }
            }
            guard form.picture.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), form.picture.count <= 10 << 20 else {
                throw Refusal(code: 400, description: "Bad Request: there is no photo in the request")
            }
            try check(form.html, limit: 1024, "message caption is too long")
            return form
        }

        private struct Part {
            var name = ""
            var file: String?
            var type = ""
            var content: [UInt8] = []
        }

        /// RFC 2046, section 5.1.1, to the byte.
        private static func parts(_ type: String, _ body: [UInt8]) throws(Refusal) -> [Part] {
            let bad = Refusal(code: 400, description: "Bad Request: malformed multipart/form-data")
            guard let mark = type.firstMatch(of: /^multipart\/form-data; boundary=([A-Za-z0-9'()+_,.\/:=?-]{1,70})$/)?.1 else { throw bad }
            let data = Data(body)
            var parts: [Part] = []
            var rest = data[...]
            let opening = Data("--\(mark)\r\n".utf8)
            let between = Data("\r\n--\(mark)".utf8)
            guard rest.starts(with: opening) else { throw bad }
            rest = rest.dropFirst(opening.count)
            while true {
                guard let end = rest.range(of: between), let blank = rest[..<end.lowerBound].range(of: Data("\r\n\r\n".utf8)) else {
                    throw bad
                }
                var part = Part()
                for line in String(decoding: rest[..<blank.lowerBound], as: UTF8.self).components(separatedBy: "\r\n") {
                    if let match = line.firstMatch(of: /^Content-Disposition: form-data; name="(\w+)"(; filename="([^"\/]+)")?$/) {
                        part.name = String(match.1)
                        part.file = match.3.map(String.init)
                    } else if let match = line.firstMatch(of: /^Content-Type: (\S+)$/) {
                        part.type = String(match.1)
                    } else {
                        throw bad
                    }
                }
                guard !part.name.isEmpty, !parts.contains(where: { $0.name == part.name }) else { throw bad }
                part.content = Array(rest[blank.upperBound..<end.lowerBound])
                parts.append(part)
                rest = rest[end.upperBound...]
                if rest.starts(with: Data("--\r\n".utf8)), rest.count == 4 { return parts }
                guard rest.starts(with: Data("\r\n".utf8)) else { throw bad }
                rest = rest.dropFirst(2)
            }
        }

        /// Tags that exist, closed in order; no bare `<`, `>` or `&`; not longer than is allowed when they are read.
        private static func check(_ html: String, limit: Int, _ tooLong: String) throws(Refusal) {
            var open: [Substring] = []
            var length = 0
            var rest = html[...]
            while let character = rest.first {
                if let tag = rest.prefixMatch(of: /<(\/?)(b|i|u|s|code|pre)>/) {
                    if tag.1.isEmpty {
                        open.append(tag.2)
                    } else if open.popLast() != tag.2 {
                        throw Refusal(code: 400, description: "Bad Request: can't parse entities: unexpected end tag")
                    }
                    rest = rest[tag.range.upperBound...]
                } else if let entity = rest.prefixMatch(of: /&(lt|gt|amp|quot);/) {
                    length += 1
                    rest = rest[entity.range.upperBound...]
                } else if "<>&".contains(character) {
                    throw Refusal(code: 400, description: "Bad Request: can't parse entities: unsupported '\(character)'")
                } else {
                    length += String(character).utf16.count
                    rest = rest.dropFirst()
                }
            }
            guard open.isEmpty else { throw Refusal(code: 400, description: "Bad Request: can't parse entities: can't find end tag") }
            guard length <= limit else { throw Refusal(code: 400, description: "Bad Request: \(tooLong)") }
        }
    }
}
