import Comparison
import Dispatch
import Enrollment
import HTTPServer
import Tables

/// The pages on which people have the groups of a file compared.
struct CompareAPI: Sendable {
    let uploads: Uploads

    /// A form beside its file.
    private static let formBytes = 64 << 10

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/compare", .comparePage, .page(.viewer) { _, session in .html(ComparePage(session: session).html) }),
            Endpoint(.post, "/compare", .compareUpload, .upload(.viewer, bytes: ComparePage.limit + CompareAPI.formBytes, take)),
            Endpoint(.get, "/compare/{id}", .compareFile, .page(.viewer, show)),
            Endpoint(
                .post, "/compare/{id}/forget", .compareForget,
                .form(.viewer) { request, _, session in
                    uploads.remove(try request.parameter("id"), owner: session.name)
                    return .redirect(to: "/compare")
                }),
        ]
    }

    private func take(_ request: borrowing Request, _ form: Multipart, _ session: Session) async throws -> Response {
        guard let file = try form.file("file") else { return refuse("Choose a file first.", .badRequest, session) }
        guard file.content.count <= ComparePage.limit else {
            return refuse("A file may have \(ComparePage.limit >> 20) MB.", .contentTooLarge, session)
        }
        let (bytes, name) = (Array(file.content), CompareAPI.shown(file.fileName ?? ""))
        do {
            _ = try UploadPreview(bytes, name: name)
        } catch {
            return refuse("\(error).", .unprocessableContent, session)
        }
        return .redirect(to: "/compare/" + uploads.add(bytes, name: name, owner: session.name))
    }

    private func refuse(_ reason: String, _ status: Status, _ session: Session) -> Response {
        .html(ComparePage(session: session, refusal: reason).html, status: status)
    }

    private func show(_ request: borrowing Request, _ session: Session) async throws -> Response {
        guard let upload = uploads.find(try request.parameter("id"), owner: session.name) else {
            throw Problem.notFound(
                "This file is no longer here: files are kept for \(UploadShelf.seconds / 60) minutes after they were last used. Send it again."
            )
        }
        let query = try request.query()
        let preview = try UploadPreview(upload.bytes, name: upload.name)
        let question = try CompareQuestion(query, preview)
        var chosen = ComparePage.Chosen(upload: upload, preview: preview, question: question)
        if !query.fields.isEmpty { chosen.answer = await CompareAPI.answer(question, upload) }
        var status = Status.ok
        if case .failure? = chosen.answer { status = .unprocessableContent }
        return .html(ComparePage(session: session, chosen: chosen).html, status: status)
    }

    /// One comparison at a time, beside the threads that answer others: a large file takes seconds.
    private static let queue = DispatchQueue(label: "gosset.compare", qos: .userInitiated)

    private static func answer(
        _ question: CompareQuestion, _ upload: UploadShelf.Upload
    ) async -> Result<ComparisonReport, CompareQuestion.Mistake> {
        await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(
                    returning: Result { () throws(CompareQuestion.Mistake) in try question.answer(upload.bytes, name: upload.name) })
            }
        }
    }

    /// A file's own name, without the folders that some browsers send, and not too long.
    private static func shown(_ name: String) -> String {
        let last = name.split { $0 == "/" || $0 == "\\" }.last ?? ""
        let text = String(last.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(100).map(Character.init))
        return text.isEmpty ? "the file" : text
    }
}
