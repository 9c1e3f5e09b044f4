internal import Foundation
internal import Zoo

extension DemoReport {
    /// One page with its style, drawings and pictures inside; it needs no network and no script.
    ///
    /// - Output: XHTML that is also HTML, in UTF-8.
    public func html() -> String {
        let page = Markup.tag(
            "html", ["lang": "en"],
            [
                .tag(
                    "head",
                    [
                        .tag("meta", ["charset": "utf-8"]),
                        .tag("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"]),
                        .tag("title", [.text("\(images), read from weights")]),
                        .tag("style", [.text(ReportStyle.css)]),
                    ]),
                .tag("body", [.tag("main", sections)]),
            ])
        return "<!DOCTYPE html>\n" + page.rendered + "\n"
    }

    private var sections: [Markup] {
        [
            headline, editingSection, fittingSection, classificationSection, weightSpaceSection, certificateSection,
            makingSection,
            .tag("footer", [.text("nfn demo, seed \(seed).")]),
        ]
    }

    private var headline: Markup {
        let name = Numeral.count(networkCount)
        return .tag(
            "header", ["id": "headline"],
            [
                .tag("p", ["class": "kicker"], ["Neural functionals"]),
                .tag("h1", ["Networks that read and rewrite other networks"]),
                .tag(
                    "p", ["class": "lead"],
                    [
                        """
                        Each of \(name) small networks learned to draw one image of \(images). From their weights \
                        alone, one neural functional tells what a network draws, and another rewrites the weights so \
                        that the drawing changes.
                        """
                    ]),
                .tag(
                    "dl", ["class": "numbers"],
                    [
                        number(Numeral.decibels(fitting.psnrMedian), "PSNR of the drawings, median"),
                        number(
                            Numeral.percent(classification.accuracy),
                            "right class, read from weights; an MLP: \(Numeral.percent(classification.mlpAccuracy))"),
                        number(
                            Numeral.fixed(editing.mse / editing.identityMSE, digits: 2) + "\u{A0}×",
                            "error of the edit, against changing nothing"),
                        number(
                            Numeral.power(certificate.equivarianceError), "equivariance error, relative, in float64"),
                    ]),
            ])
    }

    private func number(_ value: String, _ meaning: String) -> Markup {
        .tag("div", [.tag("dt", [.text(meaning)]), .tag("dd", [.text(value)])])
    }

    private var makingSection: Markup {
        let total = timings.reduce(0) { $0 + $1.seconds }
        let rows = timings.flatMap { timing -> [Markup] in
            bar(timing.stage, share: timing.seconds / total, text: Numeral.duration(timing.seconds), isOurs: false)
        }
        return .section(
            "making", title: "How it was made",
            [
                .tag("p", [.text(recipe)]),
                .tag("div", ["class": "bars"], rows),
                .tag(
                    "p", ["class": "note", "style": "margin-top:1.5rem"],
                    [.text("\(Numeral.duration(total)) in all. To make it again:")]),
                .tag("pre", [.tag("code", [.text(command)])]),
            ])
    }

    /// A name, a bar over `share` of its track, and what it stands for: one row of a `bars` grid.
    func bar(_ name: String, share: Double, text: String, isOurs: Bool) -> [Markup] {
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

extension Markup {
    /// A section of the page, found by `id`.
    static func section(_ id: String, title: String, _ children: [Markup]) -> Markup {
        .tag("section", ["id": id], [.tag("h2", [.text(title)])] + children)
    }

    /// A picture inside the page, and a word below it.
    static func picture(_ image: Image, _ caption: String) -> Markup {
        let data = Data(PNG.encoded(image)).base64EncodedString()
        return .tag(
            "span",
            [
                .tag(
                    "img",
                    [
                        "src": "data:image/png;base64,\(data)", "alt": caption, "width": "\(image.width)",
                        "height": "\(image.height)",
                    ]),
                .text(caption),
            ])
    }
}
