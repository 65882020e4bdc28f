import CAssets
import HTTPServer

/// The documentation, which is linked into the program, so that it is that of this version.
enum Help: String, CaseIterable, Sendable {
    case console, results, statistics, analysis, events, assignment, cinema, clients, effectCheck, spending, operations, performance,
        library, calibration, architecture

    static let path = "/help"

    /// What its file is called, without `.md`.
    var file: String {
        switch self {
        case .results: "results-and-tools"
        case .effectCheck: "effect-check"
        case .library: "statistics-library"
        default: rawValue
        }
    }

    var path: String { Help.path + "/" + file }

    private var asset: CAsset {
        switch self {
        case .console: asset_help_console_file()
        case .results: asset_help_results_file()
        case .statistics: asset_help_statistics_file()
        case .analysis: asset_help_analysis_file()
        case .events: asset_help_events_file()
        case .assignment: asset_help_assignment_file()
        case .cinema: asset_help_cinema_file()
        case .clients: asset_help_clients_file()
        case .effectCheck: asset_help_effect_check_file()
        case .spending: asset_help_spending_file()
        case .operations: asset_help_operations_file()
        case .performance: asset_help_performance_file()
        case .library: asset_help_library_file()
        case .calibration: asset_help_calibration_file()
        case .architecture: asset_help_architecture_file()
        }
    }

    /// The document as it is written.
    var text: String {
        let file = asset
        return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
    }

    /// The document as a page shows it.
    var document: Markdown { Help.documents[self] ?? Markdown("", link: Help.address) }

    /// What it is called, by its first heading.
    var title: String { document.title }

    /// All of them, read once, for the foot of every page names one.
    ///
    /// The texts of their drawings are beside the source alone.
    private static let documents = Dictionary(
        uniqueKeysWithValues: allCases.map {
            ($0, Markdown($0.text.replacing(/\(\[text\]\([a-z\/]+\.mmd\)\)\n/, with: ""), link: address))
        })

    /// Where a link in a document leads; nil for files that only the source has.
    private static func address(_ target: String) -> String? {
        if target.hasPrefix("https://") || target.hasPrefix("http://") || target.hasPrefix("#") { return target }
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        if let picture = Help.pictures.first(where: { $0.name == parts[0] }) { return Assets.path(picture.asset) }
        guard parts[0].hasSuffix(".md"), let help = allCases.first(where: { $0.file + ".md" == parts[0] }) else { return nil }
        return help.path + (parts.count > 1 ? "#" + parts[1] : "")
    }

    /// The drawings, as documents name them, and as assets are called.
    private static let pictures = ["data", "partnership", "team"].map { (name: "diagrams/\($0).svg", asset: "\($0).svg") }
}

extension Page.Tab {
    /// What tells of the pages of a tab.
    var help: Help {
        switch self {
        case .experiments, .audit: .console
        case .statistics, .layers, .simulate: .assignment
        case .sampleSize: .statistics
        case .compare: .results
        case .effectCheck: .effectCheck
        case .events: .events
        case .spending: .spending
        case .docs: .clients
        case .access: .operations
        }
    }
}
