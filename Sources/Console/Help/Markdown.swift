import CMarkdown
import Foundation
package import HTTPServer

/// The Markdown in which the documentation is written, as HTML: CommonMark and GitHub's tables, by GitHub's own library.
///
/// HTML in it is left out, and links that could run something lead nowhere.
package struct Markdown: Sendable {
    /// The first heading.
    package let title: String
    /// All of it, the first heading too.
    package let html: HTML

    /// - Parameters:
    ///   - text: the document.
    ///   - link: where a link of the document leads; nil for what is not there, which is shown without a link.
    package init(_ text: String, link: (String) -> String?) {
        let tree = Tree(text)
        title = tree.nodes(CMARK_NODE_HEADING).first.map(tree.text) ?? ""
        for heading in tree.nodes(CMARK_NODE_HEADING) { tree.name(heading, Markdown.anchor(tree.text(heading))) }
        for kind in [CMARK_NODE_LINK, CMARK_NODE_IMAGE] {
            for node in tree.nodes(kind) { tree.lead(node, to: link(String(cString: cmark_node_get_url(node)))) }
        }
        for picture in tree.nodes(CMARK_NODE_IMAGE) { tree.linkToItself(picture) }
        // What is wider than the page is moved by itself, by the keyboard too.
        for table in tree.nodes("table") { tree.enclose(table, #"<div class="scroll" tabindex="0" role="region" aria-label="Table">"#) }
        for code in tree.nodes(CMARK_NODE_CODE_BLOCK) { tree.enclose(code, #"<div tabindex="0" role="region" aria-label="Code">"#) }
        html = tree.html
    }

    /// What a heading is called in links: letters and digits in lower case, with hyphens for spaces.
    package static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || character == "-" || character == "_" ? character : nil
            })
    }
}

/// A document as the library has read it.
private final class Tree {
    private let root: OpaquePointer

    /// The library's list of what it can read is not for several threads.
    private static let areThere: Void = cmark_gfm_core_extensions_ensure_registered()

    /// The library's own allocator ends the process when there is no memory, so what it makes is always there.
    init(_ text: String) {
        Tree.areThere
        guard let parser = cmark_parser_new(CMARK_OPT_DEFAULT) else { fatalError("out of memory") }
        defer { cmark_parser_free(parser) }
        if let tables = cmark_find_syntax_extension("table") { cmark_parser_attach_syntax_extension(parser, tables) }
        cmark_parser_feed(parser, text, text.utf8.count)
        guard let root = cmark_parser_finish(parser) else { fatalError("out of memory") }
        self.root = root
    }

    deinit { cmark_node_free(root) }

    var html: HTML {
        guard let text = cmark_render_html(root, CMARK_OPT_DEFAULT, nil) else { fatalError("out of memory") }
        defer { free(text) }
        // Tags that only the library writes: what looks so in the document is escaped.
        return HTML(
            unescaped: String(cString: text).replacing("<table>", with: #"<table class="wide">"#)
                .replacing("<th>", with: #"<th scope="col">"#))
    }

    // MARK: Finding

    func nodes(_ kind: cmark_node_type) -> [OpaquePointer] { nodes { cmark_node_get_type($0) == kind } }

    func nodes(_ kind: String) -> [OpaquePointer] { nodes { String(cString: cmark_node_get_type_string($0)) == kind } }

    private func nodes(of node: OpaquePointer? = nil, _ isWanted: (OpaquePointer) -> Bool) -> [OpaquePointer] {
        let walk = cmark_iter_new(node ?? root)
        defer { cmark_iter_free(walk) }
        var found: [OpaquePointer] = []
        while true {
            let event = cmark_iter_next(walk)
            if event == CMARK_EVENT_DONE { return found }
            if event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(walk), isWanted(node) { found.append(node) }
        }
    }

    /// The words in a node, without their marks.
    func text(_ node: OpaquePointer) -> String {
        nodes(of: node) { [CMARK_NODE_TEXT, CMARK_NODE_CODE].contains(cmark_node_get_type($0)) }
            .map { String(cString: cmark_node_get_literal($0)) }.joined()
    }

    // MARK: Changing

    /// Gives a heading a name for links.
    func name(_ heading: OpaquePointer, _ name: String) {
        guard let mark = cmark_node_new(CMARK_NODE_CUSTOM_INLINE) else { return }
        let start: HTML = "<span id=\"\(name)\">"
        cmark_node_set_on_enter(mark, start.source)
        cmark_node_set_on_exit(mark, "</span>")
        cmark_node_prepend_child(heading, mark)
        while let next = cmark_node_next(mark) { cmark_node_append_child(mark, next) }
    }

    /// Has a link or a picture lead somewhere else, or leaves only its words.
    func lead(_ node: OpaquePointer, to address: String?) {
        if let address {
            cmark_node_set_url(node, address)
            return
        }
        while let child = cmark_node_first_child(node) { cmark_node_insert_before(node, child) }
        cmark_node_free(node)
    }

    /// Shows a picture in its full size when it is asked for.
    func linkToItself(_ picture: OpaquePointer) {
        guard let link = cmark_node_new(CMARK_NODE_LINK) else { return }
        cmark_node_set_url(link, cmark_node_get_url(picture))
        cmark_node_insert_before(picture, link)
        cmark_node_append_child(link, picture)
    }

    /// Puts a block into an element.
    func enclose(_ block: OpaquePointer, _ start: String) {
        guard let element = cmark_node_new(CMARK_NODE_CUSTOM_BLOCK) else { return }
        cmark_node_set_on_enter(element, start)
        cmark_node_set_on_exit(element, "</div>")
        cmark_node_insert_before(block, element)
        cmark_node_append_child(element, block)
    }
}
