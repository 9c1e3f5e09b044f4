import ArgumentParser
import Foundation
import Zoo

struct ZooInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what is in a zoo and how it was made.")

    @Argument(help: "The zoo's folder.")
    var zoo: String

    func run() throws {
        let zoo = try Zoo(contentsOf: URL(filePath: zoo))
        print("\(zoo.folder.relativePath): \(zoo.count) networks")
        if zoo.missingPieces > 0 {
            print("  unfinished: \(zoo.missingPieces) pieces are yet to be made; give the command that made it again")
        }
        for architecture in zoo.architectures {
            print(
                "  \(architecture.name): \(zoo.count(of: architecture)) networks of "
                    + "\(architecture.space.parameterCount) parameters")
            for assumption in architecture.assumptions { print("    \(assumption)") }
        }
        for origin in zoo.origins { print("  made by \(origin.kind): \(origin.settings)") }
        print("facts:")
        for fact in try zoo.facts { print("  \(fact): \(try summary(of: fact, in: zoo))") }
    }

    /// The range of numbers, or the commonest texts.
    private func summary(of fact: String, in zoo: Zoo) throws -> String {
        let values = try zoo.values(of: fact)
        let numbers = values.compactMap(\.number).sorted()
        let missing = values.count { $0 == .none }
        var parts: [String] = []
        if let least = numbers.first, let greatest = numbers.last {
            parts.append("\(short(least)) to \(short(greatest)), median \(short(numbers[numbers.count / 2]))")
        }
        let texts = Dictionary(grouping: values.filter { $0.number == nil && $0 != .none }, by: \.self)
            .sorted { ($1.value.count, $0.key.description) < ($0.value.count, $1.key.description) }
        if !texts.isEmpty {
            parts.append(
                texts.prefix(6).map { "\($0.key) (\($0.value.count))" }.joined(separator: ", ")
                    + (texts.count > 6 ? ", …" : ""))
        }
        if missing > 0 { parts.append("\(missing) without") }
        return parts.joined(separator: "; ")
    }

    private func short(_ number: Double) -> String { String(format: "%.6g", number) }
}
