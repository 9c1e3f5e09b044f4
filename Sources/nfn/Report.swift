import ArgumentParser
import Experiments
import Foundation
import NeuralFunctionals
import WeightSpaces

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the page about a run anew: what was trained on what, curves, errors, the certificate.")

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runFolder: String

    func run() throws {
        let url = URL(filePath: runFolder)
        if let result = try? GeneralisationResult(of: url) {
            let page = url.appending(path: GeneralisationStudy.reportFileName)
            try AtomicFile.write(Data(result.html().utf8), to: page)
            return print(page.relativePath)
        }
        let folder = try RunFolder(contentsOf: url)
        let population = try folder.run.population()
        switch folder.run.kind {
        case .classify(.functional, let warp):
            let task = try folder.run.classification(population, warp: warp)
            try folder.write(RunReport(task, InvariantFunctional(contentsOf: folder.model), in: folder))
        case .classify(.flat, let warp):
            let task = try folder.run.flatClassification(population, warp: warp)
            try folder.write(RunReport(task, FlatPerceptron(contentsOf: folder.model), in: folder))
        case .edit(let edit):
            let task = try folder.run.editing(population, edit: edit)
            try folder.write(RunReport(task, EquivariantFunctional(contentsOf: folder.model), in: folder))
        }
        print(folder.report.relativePath)
    }
}
