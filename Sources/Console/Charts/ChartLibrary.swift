import CAssets

/// What draws charts in browsers: Vega, Vega-Lite and vega-embed as one script, linked into the program.
package enum ChartLibrary {
    /// The script's text.
    package static var script: String {
        let file = asset_vega_js_file()
        return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
    }
}
