import HTTPServer

/// What was just done, or why it was not, at the head of a page.
enum PageNotice: Sendable, Hashable {
    case done(String)
    case refused(String)

    var html: HTML {
        switch self {
        case .done(let text): "<p class=\"notice good\" role=\"status\" id=\"done\">\(text)</p>\n"
        case .refused(let text): "<p class=\"notice bad\" role=\"alert\" id=\"mistake\">\(text)</p>\n"
        }
    }
}
