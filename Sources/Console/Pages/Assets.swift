import CAssets
import HTTPServer

/// The files that are linked into the program, and where they are served.
enum Assets {
    static let style = path("console.css")
    static let live = path("live.js")
    static let docs = path("docs.js")
    static let charts = path("charts.js")
    static let preview = path("preview.js")
    static let icon = path("icon.svg")
    static let swagger = path("swagger-ui-bundle.js")
    static let swaggerStyle = path("swagger-ui.css")
    static let vega = path("vega.js")

    /// Of all of them together: a script finds those that it imports beside itself.
    private static let version = String(
        Asset.hash(files.lazy.flatMap { UnsafeBufferPointer(start: $0.file.bytes, count: $0.file.count) }), radix: 16)

    static func add(to router: inout Router) {
        for (name, file) in files {
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            guard let asset = Asset(name: name, bytes: bytes, isVersioned: true) else { continue }
            let path = path(name)
            router.asset(path, asset)
            // For pages of another version of the program, while servers are brought up to date one after the other.
            router.on(.get, "/assets/{version}/\(name)", inline: { _ in .response(.redirect(to: path)) })
        }
    }

    /// Where a file is served.
    static func path(_ name: String) -> String { "/assets/\(version)/\(name)" }

    private static var files: [(name: String, file: CAsset)] {
        [
            ("console.css", asset_console_css_file()),
            ("live.js", asset_live_js_file()),
            ("docs.js", asset_docs_js_file()),
            ("charts.js", asset_charts_js_file()),
            ("preview.js", asset_preview_js_file()),
            ("icon.svg", asset_icon_svg_file()),
            ("swagger-ui-bundle.js", asset_swagger_ui_js_file()),
            ("swagger-ui.css", asset_swagger_ui_css_file()),
            ("vega.js", asset_vega_js_file()),
            ("data.svg", asset_data_svg_file()),
            ("partnership.svg", asset_partnership_svg_file()),
            ("team.svg", asset_team_svg_file()),
        ]
    }
}
