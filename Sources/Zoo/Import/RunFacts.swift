internal import Foundation
internal import WeightSpaces

/// What trainers write beside checkpoints: which run each belongs to, at which step it was stored, and what was measured.
///
/// A checkpoint in a folder such as `checkpoint_000050` or `checkpoint-500` belongs to the run in the folder around it.
/// `params.json` there holds its settings, and the line of `result.json` with the same `training_iteration` what was
/// measured; `trainer_state.json` is beside the checkpoint.
///
/// - Source: the files of Ray Tune and of Hugging Face's trainer.
struct RunFacts {
    /// What tells runs apart.
    let run: String
    /// The facts, in the order of their names.
    private(set) var facts: [(name: String, value: ZooValue)] = []

    private typealias Members = [String: JSONTree]
    private static let largest = 1 << 26

    /// What is known about the checkpoint at a path in a folder.
    init(of name: String, in folder: URL) {
        let parts = name.split(separator: "/").dropLast()
        guard let last = parts.last,
            let match = last.wholeMatch(of: /(?:checkpoint|ckpt|global_step|epoch|step|iter)[-_]?(\d{1,15})/),
            let number = Int(match.1)
        else {
            run = name
            return
        }
        run = parts.dropLast().joined(separator: "/") + "/"
        let place = folder.appending(path: parts.joined(separator: "/"))
        let around = place.deletingLastPathComponent()
        add([("checkpoint", .integer(number))])
        add(Self.scalars(Self.objects(in: around.appending(path: "params.json")).first ?? [:]))
        let results = Self.objects(in: around.appending(path: "result.json"))
        add(Self.scalars(results.last { $0["training_iteration"] == .number(Double(number)) } ?? [:]))
        let state = Self.objects(in: place.appending(path: "trainer_state.json")).first ?? [:]
        add(Self.scalars(state))
        if case .array(let records)? = state["log_history"], let step = state["global_step"] {
            for case .object(let record) in records where record["step"] == step { add(Self.scalars(record)) }
        }
    }

    private mutating func add(_ found: [(name: String, value: ZooValue)]) {
        for (name, value) in found where !facts.contains(where: { $0.name == name }) { facts.append((name, value)) }
    }

    /// The objects in a JSON document, or in each of its lines; none where it is not there or not sound.
    private static func objects(in url: URL) -> [Members] {
        guard let file = try? MappedFile(url), file.count <= largest else { return [] }
        let data = file.withUnsafeBytes { Data($0) }
        func object(_ data: Data) -> Members? {
            guard case .object(let members)? = try? JSONDecoder().decode(JSONTree.self, from: data) else { return nil }
            return members
        }
        return object(data).map { [$0] } ?? data.split(separator: UInt8(ascii: "\n")).compactMap(object)
    }

    private static func scalars(_ members: Members) -> [(name: String, value: ZooValue)] {
        members.sorted { $0.key < $1.key }.compactMap { key, value in
            let taken = Catalog.reserved.union(["run", "file"])
            let name = ImportedFacts.factName(key, notIn: taken)
            switch value {
            case .number(let number): return (name, Int(exactly: number).map { .integer($0) } ?? .real(number))
            case .truth(let truth): return (name, .integer(truth ? 1 : 0))
            case .text(let text): return (name, .text(text.oneLine(limit: 200)))
            case .object, .array, .null: return nil
            }
        }
    }
}
