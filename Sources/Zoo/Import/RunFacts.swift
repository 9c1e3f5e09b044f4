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

    /// What is known about the checkpoint at a path in a folder.
    init(of name: String, in folder: URL, reading files: inout RunFiles) {
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
        add(Self.scalars(files.objects(in: around.appending(path: "params.json")).first ?? [:]))
        let results = files.objects(in: around.appending(path: "result.json"))
        add(Self.scalars(results.last { $0["training_iteration"] == .number(Double(number)) } ?? [:]))
        let state = files.objects(in: place.appending(path: "trainer_state.json")).first ?? [:]
        add(Self.scalars(state))
        if case .array(let records)? = state["log_history"], let step = state["global_step"] {
            for case .object(let record) in records where record["step"] == step { add(Self.scalars(record)) }
        }
    }

    private mutating func add(_ found: [(name: String, value: ZooValue)]) {
        for (name, value) in found where !facts.contains(where: { $0.name == name }) { facts.append((name, value)) }
    }

    private static func scalars(_ members: [String: JSONTree]) -> [(name: String, value: ZooValue)] {
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

/// The JSON documents of runs, each of which tells about many checkpoints that come one after the other.
struct RunFiles {
    private var read: [String: [[String: JSONTree]]] = [:]

    /// What is not read for a fact.
    private static let largest = 1 << 26
    /// Documents that are held.
    private static let most = 16

    /// The objects in a JSON document, or in each of its lines; none where it is not there or not sound.
    mutating func objects(in url: URL) -> [[String: JSONTree]] {
        if let known = read[url.path] { return known }
        if read.count >= Self.most { read = [:] }
        let found = Self.objects(in: url)
        read[url.path] = found
        return found
    }

    private static func objects(in url: URL) -> [[String: JSONTree]] {
        guard let file = try? MappedFile(url), file.count <= largest else { return [] }
        let text = file.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        return object(text).map { [$0] } ?? text.split(separator: "\n").compactMap { object(String($0)) }
    }

    /// An object, in which Python may have written what JSON has no word for.
    private static func object(_ text: String) -> [String: JSONTree]? {
        func decoded(_ text: String) -> JSONTree? { try? JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)) }
        let tree = decoded(text) ?? decoded(text.replacing(/:\s*(NaN|-?Infinity)/, with: ": null"))
        if case .object(let members)? = tree { return members }
        return nil
    }
}
