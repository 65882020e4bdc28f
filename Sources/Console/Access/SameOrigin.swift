import HTTPServer

/// Whether a form was sent by one of our own pages, by what browsers say of it.
enum SameOrigin {
    /// Browsers on HTTPS or on this machine say where a request comes from (`Sec-Fetch-Site`); others name the page's origin, which must be
    /// the host that was asked.
    ///
    /// Who says neither is no browser of this decade, and needs the form's token all the same.
    static func allows(fetchSite: String?, origin: String?, hosts: [String]) -> Bool {
        if let fetchSite { return fetchSite == "same-origin" || fetchSite == "none" }
        guard let origin else { return true }
        guard let scheme = origin.firstRange(of: "://") else { return false }
        let host = origin[scheme.upperBound...].lowercased()
        return hosts.contains { $0.lowercased() == host }
    }

    /// - Throws: `Problem` 403 for a form of another site.
    static func check(_ request: borrowing Request) throws(Problem) {
        let hosts = [try request.header("Host"), try request.header("X-Forwarded-Host")].compactMap(\.self)
        guard
            allows(
                fetchSite: try request.header("Sec-Fetch-Site"), origin: try request.header("Origin"), hosts: hosts)
        else { throw Problem(.forbidden, "This form was sent by a page of another site.") }
    }
}
