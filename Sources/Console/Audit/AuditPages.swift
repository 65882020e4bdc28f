import Enrollment
import HTTPServer

/// The page at `/audit`: who did what, over everything.
struct AuditPages: Sendable {
    let registry: Registry

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/audit", .auditPage,
                .page(.viewer) { request, session in
                    let trail = try await AuditTrail(registry, request, subject: nil)
                    let content: HTML = """
                        <div class="lead"><div><h1>Audit trail</h1>
                        <p class="quiet">Every change, by whom, and what was before; the newest first.</p></div></div>
                        \(AuditCard(trail: trail, path: "/audit", namesSubject: true).html)
                        """
                    return .html(Page(title: "Audit trail", tab: .audit, session: session, content: content).html)
                })
        ]
    }
}
