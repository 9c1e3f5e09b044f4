/// A run as a picture: for each case a bar for every competitor, and below them the growth curves.
struct Picture {
    let summary: Summary

    private static let width = 900.0
    private static let (left, bars, thickness) = (330.0, 470.0, 9.0)
    private static let (chartWidth, chartHeight) = (280.0, 220.0)
    private static let style = """
        text { font: 12px sans-serif; fill: #333 } .title { font-weight: bold } .right { text-anchor: end } \
        .middle { text-anchor: middle } .small { font-size: 10px } .ours { fill: #c2410c } .reference { fill: #64748b } \
        .reference_tuned { fill: #94a3b8 } .torch_compile { fill: #cbd5e1 } .gemm_bound { fill: #fbbf24 } \
        .axis { stroke: #999 } .curve { fill: none; stroke: #c2410c; stroke-width: 1.5 } \
        .even { stroke: #999; stroke-dasharray: 3 3 }
        """

    var svg: String {
        let threads = summary.threads.last ?? 0
        let cases = summary.cases.filter { $0.threads == threads }
        let caseHeight = Self.thickness * Double(Competitor.allCases.count) + 14
        let charts = cases.isEmpty ? 0 : 60 + caseHeight * Double(cases.count)
        let rows = Double((summary.growth.count + 2) / 3)
        var picture = SVG(width: Self.width, height: charts + rows * (Self.chartHeight + 30) + 20)
        if !cases.isEmpty { legend(threads, in: &picture) }
        for (index, result) in cases.enumerated() {
            bars(of: result, top: 50 + caseHeight * Double(index), in: &picture)
        }
        for (index, result) in summary.growth.enumerated() {
            GrowthChart(
                result: result, left: 45 + Double(index % 3) * (Self.chartWidth + 15),
                top: charts + 25 + Double(index / 3) * (Self.chartHeight + 30),
                width: Self.chartWidth - 60, height: Self.chartHeight - 40
            ).draw(in: &picture)
        }
        return picture.rendered(style: Self.style)
    }

    private func legend(_ threads: Int, in picture: inout SVG) {
        picture.text(
            "ms per training step, \(threads) threads; each case against its slowest", x: 10, y: 18, class: "title")
        for (index, competitor) in Competitor.allCases.enumerated() {
            let x = 10 + Double(index) * 120
            picture.rectangle(x: x, y: 28, width: 10, height: 10, class: competitor.rawValue)
            picture.text(competitor.title, x: x + 14, y: 37, class: "")
        }
    }

    private func bars(of result: CaseResult, top: Double, in picture: inout SVG) {
        let slowest = Competitor.allCases.compactMap(result.milliseconds).max() ?? 1
        picture.text(result.title, x: Self.left - 8, y: top + 26, class: "right")
        for (index, competitor) in Competitor.allCases.enumerated() {
            let y = top + Double(index) * Self.thickness
            guard let time = result.milliseconds(competitor) else {
                picture.text("–", x: Self.left + 4, y: y + 8, class: "small")
                continue
            }
            let length = Self.bars * time / slowest
            picture.rectangle(x: Self.left, y: y, width: length, height: Self.thickness - 1, class: competitor.rawValue)
            picture.text(time.short, x: Self.left + length + 4, y: y + 8, class: "small")
        }
    }
}
