import Foundation
import TestSupport
import Testing
import WeightSpaces
import Zoo

@testable import Experiments

@Suite(.oneThread) struct GeneralisationResultTests {
    /// Two methods with made-up predictions for networks whose targets are 1/125, 2/125, …
    private func sample(target: String = "test accuracy") throws -> GeneralisationResult {
        let sample = try SamplePopulation(count: 100)
        let population = try sample.population(targets: (1...100).map { Double($0) / 125 })
        var result = GeneralisationResult(
            .init(
                networks: "small CNNs", target: target, recipe: "Trained for 7 epochs.", command: "nfn zoo --seed 3"),
            of: population)
        let records = (1...5).map {
            TrainingRecord(
                step: 20 * $0, seconds: Double($0), loss: 1 / Double($0), validation: 0.9 - 1 / Double($0))
        }
        result.add(
            "functional", summary: "3 layers", isBaseline: false,
            predictions: result.targets.enumerated().map { $1 + ($0 % 3 == 0 ? 0.0771 : -0.0123) }, seconds: 131,
            records: records)
        result.add(
            "statistics", summary: "28 numbers", isBaseline: true,
            predictions: result.targets.enumerated().map { $1 + 0.3 * Double($0 % 7) / 7 }, seconds: 4.2)
        return result
    }

    @Test("figures are those of the predictions, over all test networks and over each subset")
    func figures() throws {
        let result = try sample()
        let method = result.methods[0]
        #expect(result.targets.count == 30 && result.test.networks == 30 && result.test.runs == 15)
        #expect(result.train.networks + result.validation.networks == 70)
        #expect(method.agreement == Agreement(predictions: method.predictions, targets: result.targets))
        let interval = try #require(method.tauInterval)
        #expect(try interval.contains(#require(method.agreement.tau)) && interval.upperBound - interval.lowerBound > 0)
        #expect(result.subsets.values.map(\.count).reduce(0, +) == 30)
        for (name, places) in result.subsets {
            #expect(places.allSatisfy { (result.runs[$0] % 3 == 0) == (name == "activation relu") })
            let expected = Agreement(
                predictions: places.map { method.predictions[$0] }, targets: places.map { result.targets[$0] })
            #expect(method.subsets[name] == expected)
        }
    }

    @Test("the table names every method's figures")
    func table() throws {
        let result = try sample()
        let lines = result.table.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 + 1 + 3)
        #expect(Set(lines.prefix(3).map(\.count)).count == 1)
        for (line, (method, seconds)) in zip(lines.dropFirst(), zip(result.methods, ["131.0", "4.2"])) {
            let interval = try #require(method.tauInterval)
            for value in [
                method.agreement.tau, interval.lowerBound, interval.upperBound, method.agreement.determination,
            ] {
                #expect(try line.contains(Numeral.fixed(#require(value), digits: 3)))
            }
            #expect(line.hasPrefix(method.name) && line.hasSuffix(" \(seconds)"))
        }
    }

    @Test("what was fitted with another method has no seconds of its own")
    func noSeconds() throws {
        var result = try sample()
        result.add("part", summary: "a part", isBaseline: false, predictions: result.targets.map { $0 / 2 })
        #expect(try #require(result.table.split(separator: "\n").first { $0.hasPrefix("part") }).hasSuffix(" –"))
        #expect(try JSONDecoder().decode(GeneralisationResult.self, from: JSONEncoder().encode(result)) == result)
    }

    @Test("the page is well formed, and names every number that the result has")
    func page() throws {
        let result = try sample()
        let page = ParsedPage(result.html())
        #expect(page.error == nil)
        #expect(
            page.identifiers == ["headline", "methods", "subsets", "training", "predictions", "errors", "making"])
        let text = page.text.replacing("\u{A0}", with: " ")
        var figures = [
            "small CNNs", "Trained for 7 epochs.", "nfn zoo --seed 3", "2 min 11 s", "4.2 s", "3 layers", "28 numbers",
            "\(result.parameterCounts.lowerBound) weights",
        ]
        for side in [result.train, result.validation, result.test] {
            figures.append("\(side.networks) networks of \(side.runs) runs")
        }
        for method in result.methods {
            let interval = try #require(method.tauInterval)
            let values = [
                method.agreement.tau, interval.lowerBound, interval.upperBound, method.agreement.determination,
            ]
            figures += try (values + method.subsets.values.map(\.tau)).map {
                Numeral.fixed(try #require($0), digits: 3)
            }
            figures.append(Numeral.significant(method.agreement.meanAbsoluteError))
        }
        figures += result.subsets.map { "\($0)\($1.count)" }
        for figure in figures { #expect(text.contains(figure), "\(figure)") }
        #expect(page.count(of: "circle", class: "sample ours") == 30 && page.count(of: "circle", class: "sample") == 30)
        #expect(!page.attributes.contains { $0.contains("nan") || $0.contains("inf") })
    }

    @Test("the largest errors come first, twenty of them")
    func largestErrors() throws {
        let result = try sample()
        let words = ParsedPage(result.html()).words
        let errors = zip(result.targets, result.methods[0].predictions).map { $1 - $0 }
        #expect(words.filter { $0 == "0.0771" }.count == errors.filter { $0 > 0.05 }.count)
        #expect(words.filter { $0 == "−0.0123" }.count == 20 - errors.filter { $0 > 0.05 }.count)
    }

    @Test("strings are escaped, and nothing is fetched or run")
    func selfContained() throws {
        let page = ParsedPage(try sample(target: "<script src=\"a\">&").html())
        #expect(page.error == nil && !page.elements.contains("script"))
        for trace in ["http", "url(", "@import", "<link", "<iframe"] {
            #expect(try !sample().html().contains(trace), "\(trace)")
        }
    }

    @Test("a result that says nothing still makes a page")
    func undefinedFigures() throws {
        let sample = try SamplePopulation(count: 20)
        let population = try sample.population(targets: [Double](repeating: 0.5, count: 20))
        var result = GeneralisationResult(
            .init(networks: "networks", target: "accuracy", recipe: "", command: ""), of: population)
        #expect(ParsedPage(result.html()).error == nil)
        result.add(
            "constant", summary: "", isBaseline: true, predictions: result.targets.map { _ in 0.5 }, seconds: 0)
        let page = ParsedPage(result.html())
        #expect(page.error == nil && page.text.contains("–"))
        #expect(!page.attributes.contains { $0.contains("nan") || $0.contains("inf") })
        #expect(result.methods[0].agreement.tau == nil && result.methods[0].tauInterval == nil)
        #expect(result.table.contains("–"))
    }
}
