import CAssets
import HTTPServer

/// The files that are linked into the program, and where they are served.
enum Assets {
    static let style = "/assets/console.css"
    static let live = "/assets/live.js"
    static let docs = "/assets/docs.js"
    static let charts = "/assets/charts.js"
    static let preview = "/assets/preview.js"
    static let icon = "/assets/icon.svg"
    static let swagger = "/assets/swagger-ui-bundle.js"
    static let swaggerStyle = "/assets/swagger-ui.css"
    static let vega = "/assets/vega.js"

    static func add(to router: inout Router) {
        for (path, file) in files {
            let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
            guard let asset = Asset(name: path, bytes: bytes) else { continue }
            router.asset(path, asset)
        }
    }

    private static var files: [(path: String, file: CAsset)] {
        [
            (style, asset_console_css_file()),
            (live, asset_live_js_file()),
            (docs, asset_docs_js_file()),
            (charts, asset_charts_js_file()),
            (preview, asset_preview_js_file()),
            (icon, asset_icon_svg_file()),
            (swagger, asset_swagger_ui_js_file()),
            (swaggerStyle, asset_swagger_ui_css_file()),
            (vega, asset_vega_js_file()),
        ]
    }
}
