import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What an XML parser sees of a page.
final class ParsedPage: NSObject, XMLParserDelegate {
    private(set) var elements: [String] = []
    private(set) var identifiers: [String] = []
    private(set) var sources: [String] = []
    private(set) var attributes: [String] = []
    private var kinds: [String: Int] = [:]
    private(set) var words: [String] = []
    private(set) var text = ""
    private(set) var error: (any Error)?
    private var content = ""

    init(_ page: String) {
        super.init()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        if !parser.parse() { error = parser.parserError ?? CocoaError(.coderReadCorrupt) }
    }

    /// How many elements there are of a name and a class.
    func count(of name: String, class kind: String) -> Int { kinds["\(name) \(kind)"] ?? 0 }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append(name)
        if let identifier = attributes["id"] { identifiers.append(identifier) }
        if let source = attributes["src"] { sources.append(source) }
        kinds["\(name) \(attributes["class"] ?? "")", default: 0] += 1
        self.attributes += attributes.filter { $0.key != "src" }.values
        content = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
        content += string
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        words.append(content)
        content = ""
    }
}
