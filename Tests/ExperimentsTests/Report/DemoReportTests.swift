import Foundation
import Testing
import WeightSpaces

@testable import Experiments

struct DemoReportTests {
    @Test func thePageIsWellFormed() throws {
        let page = try ParsedPage(DemoReport.sample().html())
        #expect(page.error == nil)
        #expect(page.elements.first == "html")
    }

    @Test func everySectionIsThere() throws {
        let page = try ParsedPage(DemoReport.sample().html())
        #expect(
            page.identifiers == [
                "headline", "editing", "fitting", "classification", "weight-space", "certificate", "making",
            ])
    }

    @Test func everyPictureIsInsideThePage() throws {
        let page = try ParsedPage(DemoReport.sample().html())
        let pictures = page.sources
        #expect(pictures.count == 2 * 2 + 3 * 3)
        for picture in pictures {
            let data = try #require(Data(base64Encoded: String(picture.trimmingPrefix("data:image/png;base64,"))))
            #expect(data.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        }
    }

    @Test func nothingIsFetchedOrRun() throws {
        let page = try DemoReport.sample().html()
        for trace in ["http", "//", "url(", "@import", "<script", "<link", "<iframe", "javascript:"] {
            let withoutPictures = page.replacing(#/base64,[A-Za-z0-9+\/=]*/#, with: "")
            #expect(!withoutPictures.contains(trace), "\(trace)")
        }
    }

    @Test func theStyleSheetNeedsNoEscape() {
        #expect(!ReportStyle.css.contains { "<>&\"'".contains($0) })
    }

    @Test func stringsAreEscaped() throws {
        let evil = "<script src=\"a\">'&\u{0}\u{1B}</script>"
        let page = try ParsedPage(DemoReport.sample(images: evil, className: evil).html())
        #expect(page.error == nil)
        #expect(!page.elements.contains("script"))
        let shown = "<script src=\"a\">'&\u{FFFD}\u{FFFD}</script>"
        #expect(page.text.contains("one image of \(shown)."))
        #expect(page.text.components(separatedBy: shown).count == 5)
    }

    @Test func figuresAreFormatted() throws {
        let text = try ParsedPage(DemoReport.sample().html()).text.replacing("\u{A0}", with: " ")
        for figure in [
            "12,345 small networks", "34.3 dB", "31.0 dB", "33.3 dB", "92.1 %", "16.3 %", "0.20 ×", "0.0183", "0.0917",
            "3.1 × 10⁻¹⁵", "8.2 × 10⁻¹⁶", "2.1 × 10⁻¹", "1,207", "1,185 weights", "about 10⁷¹ arrangements",
            "2 min 1 s", "8.2 s", "2 min 10 s in all", "nfn demo --out out/demo --seed 7", "seed 7.",
        ] {
            #expect(text.contains(figure), "\(figure)")
        }
    }

    @Test func aBrokenSymmetryIsSaid() throws {
        var report = try DemoReport.sample()
        func verdicts() -> [String] {
            let words = ParsedPage(report.html()).words
            return words.filter { ["holds", "fails"].contains($0) }
        }
        #expect(verdicts() == ["holds", "holds", "holds"])
        report.certificate.invarianceError = 1e-6
        report.certificate.negativeControlError = .nan
        #expect(verdicts() == ["holds", "fails", "fails"])
    }

    @Test func resultsThatAreNotFiniteStillMakeAPage() throws {
        var report = try DemoReport.sample(psnr: .infinity)
        report.editing.identityMSE = 0
        report.editing.curve = .init(over: .steps, [(x: 1, y: .nan), (x: 2, y: .infinity)])
        report.classification.curve = .init(over: .seconds, [])
        report.classification.mlpCurve = .init(over: .seconds, [])
        report.timings = []
        let page = ParsedPage(report.html())
        #expect(page.error == nil)
        #expect(page.text.contains("∞\u{A0}dB"))
        #expect(!page.attributes.contains { $0.contains("nan") || $0.contains("inf") })
    }
}
