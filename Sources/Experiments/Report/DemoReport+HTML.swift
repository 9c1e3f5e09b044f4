internal import Foundation
internal import Zoo

extension DemoReport {
    /// One page with its style, drawings and pictures inside; it needs no network and no script.
    ///
    /// - Output: XHTML that is also HTML, in UTF-8.
    public func html() -> String {
        Markup.page(title: "\(images), read from weights", sections)
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
                        .number(Numeral.decibels(fitting.psnrMedian), "PSNR of the drawings, median"),
                        .number(
                            Numeral.percent(classification.accuracy),
                            "right class, read from weights; an MLP: \(Numeral.percent(classification.mlpAccuracy))"),
                        .number(
                            Numeral.fixed(editing.mse / editing.identityMSE, digits: 2) + "\u{A0}×",
                            "error of the edit, against changing nothing"),
                        .number(
                            Numeral.power(certificate.equivarianceError), "equivariance error, relative, in float64"),
                    ]),
            ])
    }

    private var makingSection: Markup {
        let total = timings.reduce(0) { $0 + $1.seconds }
        let rows = timings.flatMap { timing -> [Markup] in
            Markup.bar(
                timing.stage, share: timing.seconds / total, text: Numeral.duration(timing.seconds), isOurs: false)
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
}

extension Markup {
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
