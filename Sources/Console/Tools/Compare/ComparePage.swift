import Comparison
import Enrollment
import HTTPServer

/// The page at `/compare`: a file is sent, its columns are chosen, and its groups are compared.
struct ComparePage {
    /// A file that was sent, and what is asked of it.
    struct Chosen {
        let upload: UploadShelf.Upload
        let preview: UploadPreview
        let question: CompareQuestion
        /// Nil before the form was sent.
        var answer: Result<ComparisonReport, CompareQuestion.Mistake>?
    }

    /// Bytes of a file.
    static let limit = 32 << 20

    let session: Session
    /// Why a file was not taken.
    var refusal: String?
    var chosen: Chosen?

    var html: HTML {
        let content: HTML = """
            <div class="lead"><div><h1>Compare</h1>
            <p class="quiet">Send a CSV file with a row for each unit or event: what is suspicious in it, whether its groups differ, by how \
            much, and what to do.</p></div></div>
            \(chosen.map(answer))\(chosen.map { CompareForm(session: session, chosen: $0).html })\(upload)
            """
        return Page(title: "Compare", tab: .compare, session: session, head: ChartFigure.script, content: content).html
    }

    private var upload: HTML {
        let mistake: HTML? = refusal.map { "<p class=\"notice bad\" role=\"alert\" id=\"refusal\">\($0)</p>" }
        return """
            <section class="card" id="upload"><header><h2>\(chosen == nil ? "A file" : "Another file")</h2></header>
            \(mistake)<form class="ask" method="post" action="/compare" enctype="multipart/form-data">\(session.field)
            <label for="file">CSV file, with the columns' names in its first line\
            <input type="file" id="file" name="file" accept=".csv,.tsv,.txt,text/csv" required\
            \(refusal == nil ? HTML.empty : " aria-invalid=\"true\" aria-describedby=\"refusal\" autofocus")></label>
            <button class="main">Send</button></form>
            <p class="quiet">At most \(ComparePage.limit >> 20) MB. The file stays in the server's memory, for you alone, and is forgotten \
            \(UploadShelf.seconds / 60) minutes after you last used it; it is never written to a disk.</p></section>

            """
    }

    private func answer(_ chosen: Chosen) -> HTML {
        switch chosen.answer {
        case .success(let report)?: return CompareReport(report, question: chosen.question).html
        case .failure(let mistake)?:
            let field = mistake.field.flatMap { CompareForm.labels[$0] }
            return """
                <section class="card problem" role="alert" id="mistake"><p>\(field.map { "“\($0)”: " } ?? "")\(mistake.reason).</p></section>

                """
        case nil: return .empty
        }
    }
}
