extension Markup {
    /// A confusion matrix, true classes down the side; each cell is as strong as its share of the row.
    static func confusion(_ counts: [[Int]], names: [String]) -> Markup {
        let rows = zip(names, counts).map { name, counts -> Markup in
            let total = max(counts.reduce(0, +), 1)
            let cells = counts.map { count -> Markup in
                let share = Double(count) / Double(total)
                let kind = count == 0 ? "none" : share > 0.45 ? "strong" : "weak"
                return .tag(
                    "td", ["class": kind, "style": "--share:\(SVG.number(0.08 + 0.92 * share))"],
                    [.text(Numeral.count(count))])
            }
            return .tag("tr", [.tag("th", ["scope": "row"], [.text(name)])] + cells)
        }
        let head = Markup.tag(
            "tr", [.tag("td", ["class": "corner"])] + names.map { .tag("th", ["scope": "col"], [.text($0)]) })
        return .tag(
            "div", ["class": "scroll"],
            [.tag("table", ["class": "confusion"], [.tag("thead", [head]), .tag("tbody", rows)])])
    }
}
