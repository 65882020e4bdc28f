import Dispatch
import EffectCheck
import Enrollment
import HTTPServer

/// The page on which people ask whether a pilot had an effect.
struct EffectCheckPages: Sendable {
    let shop: ShopService?

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/effect-check", .effectCheckPage,
                .page(.viewer) { _, session in
                    .html(EffectCheckPage(session: session, shop: shop?.state, pilot: shop?.format.pilot).html)
                }),
            Endpoint(.post, "/effect-check", .effectCheckForm, .upload(.viewer, bytes: EffectCheckPage.limit, check)),
        ]
    }

    private func check(_ request: borrowing Request, _ form: Multipart, _ session: Session) async throws -> Response {
        let fields = try form.form()
        var page = EffectCheckPage(session: session, shop: shop?.state, pilot: shop?.format.pilot)
        for group in EffectCheckPage.Group.allCases {
            let text = try fields.value(group.rawValue) ?? ""
            if text.utf8.count <= EffectCheckPage.shownBytes { page.texts[group] = text }
        }
        guard case .ready(let checker)? = shop?.state else { return .html(page.html, status: .serviceUnavailable) }
        let answer = await EffectCheckPages.answer(checker, form, fields)
        page.answer = answer
        var status = Status.ok
        if case .failure = answer { status = .unprocessableContent }
        return .html(page.html, status: status)
    }

    /// Beside the threads that answer others: millions of ids take a while.
    private static func answer(
        _ checker: EffectChecker, _ form: Multipart, _ fields: Form
    ) async -> Result<EffectFinding, EffectCheckPage.Mistake> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(
                    returning: Result { () throws(EffectCheckPage.Mistake) in
                        let test = EffectTest(
                            a1: try ids(.a1, form, fields), a2: try ids(.a2, form, fields), b: try ids(.b, form, fields))
                        do throws(EffectTestError) {
                            return try checker.check(test)
                        } catch .overlap(let count, let example) {
                            throw EffectCheckPage.Mistake(
                                group: .b,
                                reason: "\(Numbers.count(UInt64(count))) of its customers are also in a group without the pilot, among "
                                    + "them \(example); nobody can be in both")
                        } catch {
                            throw EffectCheckPage.Mistake(group: nil, reason: "\(error)")
                        }
                    })
            }
        }
    }

    /// The customers of a group: pasted, or from a file.
    private static func ids(_ group: EffectCheckPage.Group, _ form: Multipart, _ fields: Form) throws(EffectCheckPage.Mistake) -> [Int] {
        let file: Multipart.Part?
        let text: String
        do throws(Problem) {
            (file, text) = (try form.file(group.rawValue + "_file"), try fields.value(group.rawValue) ?? "")
        } catch {
            throw EffectCheckPage.Mistake(group: group, reason: error.detail ?? error.title)
        }
        let isPasted = text.contains { !$0.isWhitespace }
        if file != nil, isPasted { throw EffectCheckPage.Mistake(group: group, reason: "paste the ids or send a file, not both") }
        let numbers: [Int]
        do throws(IdentifierList.Flaw) {
            if let file {
                numbers = try IdentifierList(file.content).numbers
            } else {
                numbers = try IdentifierList(text.utf8).numbers
            }
        } catch {
            throw EffectCheckPage.Mistake(group: group, reason: "\(error)")
        }
        guard !numbers.isEmpty else { throw EffectCheckPage.Mistake(group: group, reason: "there are no ids") }
        return numbers
    }
}
