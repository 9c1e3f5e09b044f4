import ArgumentParser
import Foundation
import Zoo

struct ZooSplit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split", abstract: "Store which networks are for training, for validation and for the test.")

    @Argument(help: "The zoo's folder.")
    var zoo: String

    @Option(help: ArgumentHelp("Networks that agree in this fact stay together.", valueName: "fact"))
    var by = "run"

    @Option(help: "The part to validate on.")
    var validation = 0.1

    @Option(help: "The part to test on.")
    var test = 0.1

    @Option(help: "The starting point of the draw.")
    var seed: UInt64 = 0

    func validate() throws {
        for (name, value) in [("validation", validation), ("test", test)] where !(0..<1).contains(value) {
            throw ValidationError("--\(name): expected a part in 0..<1, got \(value)")
        }
    }

    func run() throws {
        let zoo = try Zoo(contentsOf: URL(filePath: zoo))
        let values = try zoo.values(of: by)
        let numbers = Dictionary(
            uniqueKeysWithValues: Set(values).sorted { $0.description < $1.description }.enumerated().map { ($1, $0) })
        let split = try Split(
            groups: values.compactMap { numbers[$0] }, validation: .fraction(validation), test: .fraction(test),
            seed: seed)
        let writer = try ZooWriter(reopening: zoo)
        try writer.set(split)
        try writer.finish()
        print(
            "\(zoo.folder.relativePath): \(split.train.count) networks to train on, \(split.validation.count) to validate, "
                + "\(split.test.count) to test, by \(by)")
    }
}
