import ArgumentParser
import Foundation
import Zoo

struct ZooVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Look for missing, foreign and damaged files in a zoo, byte by byte.")

    @Argument(help: "The zoo's folder.")
    var zoo: String

    func run() throws {
        let folder = URL(filePath: zoo)
        let problems = try ZooVerification.problems(in: folder)
        guard problems.isEmpty else { throw ZooNotSound(folder: folder.relativePath, problems: problems) }
        let zoo = try Zoo(contentsOf: folder)
        print("\(folder.relativePath): sound, \(zoo.count) networks")
    }
}

/// What `nfn zoo verify` found.
struct ZooNotSound: Error, CustomStringConvertible {
    let folder: String
    let problems: [ZooProblem]

    var description: String {
        (["\(folder): \(problems.count) \(problems.count == 1 ? "problem" : "problems")"] + problems.map(\.description))
            .joined(separator: "\n")
    }
}
