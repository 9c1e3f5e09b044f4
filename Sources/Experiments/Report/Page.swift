/// The parts that every report's page is put together from.
extension Markup {
    /// One page with its style inside; it needs no network and no script.
    ///
    /// - Output: XHTML that is also HTML, in UTF-8.
    static func page(title: String, _ sections: [Markup]) -> String {
        let page = Markup.tag(
            "html", ["lang": "en"],
            [
                .tag(
                    "head",
                    [
                        .tag("meta", ["charset": "utf-8"]),
                        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                        .tag("title", [.text(title)]),
                        .tag("style", [.text(ReportStyle.css)]),
                    ]),
                .tag("body", [.tag("main", sections)]),
            ])
        return "<!DOCTYPE html>\n" + page.rendered + "\n"
    }

    /// A section of the page, found by `id`.
    static func section(_ id: String, title: String, _ children: [Markup]) -> Markup {
        .tag("section", ["id": id], [.tag("h2", [.text(title)])] + children)
    }

    /// A large figure of the headline and what it means.
    static func number(_ value: String, _ meaning: String) -> Markup {
        .tag("div", [.tag("dt", [.text(meaning)]), .tag("dd", [.text(value)])])
    }

    /// A drawing and what it shows.
    static func figure(_ drawing: Markup, caption: [Markup]) -> Markup {
        .tag("figure", [drawing, .tag("figcaption", caption)])
    }

    /// A table whose rows begin with their names.
    static func facts(_ head: [String], rows: [(name: String, cells: [Markup])]) -> Markup {
        let columns = head.map { Markup.tag("th", ["scope": "col"], [.text($0)]) }
        let body = rows.map { row in
            Markup.tag(
                "tr", [.tag("th", ["scope": "row"], [.text(row.name)])] + row.cells.map { .tag("td", [$0]) })
        }
        return .tag(
            "div", ["class": "scroll"],
            [.tag("table", ["class": "facts"], [.tag("thead", [.tag("tr", columns)]), .tag("tbody", body)])])
    }

    /// A name, a bar over `share` of its track, and what it stands for: one row of a `bars` grid.
    static func bar(_ name: String, share: Double, text: String, isOurs: Bool) -> [Markup] {
        let width = share.isFinite ? 100 * min(max(share, 0), 1) : 0
        return [
            .tag("span", [.text(name)]),
            .tag(
                "span", ["class": "track"],
                [.tag("i", ["class": isOurs ? "ours" : "other", "style": "width:\(SVG.number(width))%"])]),
            .tag("span", ["class": "end"], [.text(text)]),
        ]
    }
}
