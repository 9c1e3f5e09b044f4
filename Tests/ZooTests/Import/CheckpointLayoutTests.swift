import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

@Suite("Layouts of folders of checkpoints", .oneThread) struct CheckpointLayoutTests {
    private func stored(_ widths: [Int], seed: UInt64, prefix: String = "") -> [StoredTensor] {
        perceptron(widths, seed: seed).map { StoredTensor(name: prefix + $0.name, $0.tensor) }
    }

    private func write(_ tensors: [StoredTensor], _ path: String, in folder: URL) throws {
        let url = folder.appending(path: path)
        try Folder.create(url.deletingLastPathComponent())
        if path.hasSuffix("safetensors") {
            try SafetensorsFile.write(tensors, to: url)
        } else {
            try PyTorchFile.write(tensors, to: url)
        }
    }

    private func text(_ text: String, _ path: String, in folder: URL) throws {
        try Folder.create(folder.appending(path: path).deletingLastPathComponent())
        try Data(text.utf8).write(to: folder.appending(path: path))
    }

    private func imported(
        skipping skips: Bool = false, _ prepare: (URL) throws -> Void,
        _ check: (ZooImporting, Zoo) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "source")
            try Folder.create(source)
            try prepare(source)
            var options = ImportOptions()
            options.skipsUnreadable = skips
            let importing = try ZooImporting(from: source, options, in: folder.appending(path: "zoo"))
            try importing.run()
            try check(importing, Zoo(contentsOf: folder.appending(path: "zoo")))
        }
    }

    @Test("checkpoints without an ending are one run, with its settings and what was measured at their step")
    func runs() throws {
        try imported { source in
            for run in ["a", "b"] {
                for step in [0, 50] {
                    let place = "trial_\(run)/checkpoint_\(String(format: "%06d", step))"
                    try write(stored([2, 3, 1], seed: 1), place + "/checkpoints", in: source)
                    try write([StoredTensor(name: "step", .ones([1]))], place + "/optimizer", in: source)
                }
                try text(
                    #"{"lr": 0.1, "seed": 3, "model::type": "MLP", "list": [1]}"#, "trial_\(run)/params.json",
                    in: source)
                try text(
                    """
                    {"training_iteration": 0, "test_acc": 0.5, "done": false}
                    {"training_iteration": 50, "test_acc": 0.75, "done": true}
                    """, "trial_\(run)/result.json", in: source)
            }
        } _: { importing, zoo in
            #expect(importing.passedOver.count == 4 && importing.unreadable.isEmpty)
            let facts = try zoo.select(["run", "checkpoint", "lr", "seed", "model__type", "test_acc", "done"]).rows
            #expect(
                facts == [
                    [.integer(0), .integer(0), .real(0.1), .integer(3), .text("MLP"), .real(0.5), .integer(0)],
                    [.integer(0), .integer(50), .real(0.1), .integer(3), .text("MLP"), .real(0.75), .integer(1)],
                    [.integer(1), .integer(0), .real(0.1), .integer(3), .text("MLP"), .real(0.5), .integer(0)],
                    [.integer(1), .integer(50), .real(0.1), .integer(3), .text("MLP"), .real(0.75), .integer(1)],
                ])
        }
    }

    @Test("a trainer's folder is its model; its state beside it, and a copy in another format, are passed over")
    func trainer() throws {
        try imported { source in
            for step in [500, 1000] {
                try write(stored([2, 3, 1], seed: 1), "checkpoint-\(step)/model.safetensors", in: source)
                try write(stored([2, 3, 1], seed: 1), "checkpoint-\(step)/pytorch_model.bin", in: source)
                try text("no archive", "checkpoint-\(step)/optimizer.pt", in: source)
                try text("nor this", "checkpoint-\(step)/rng_state_0.pth", in: source)
                try text(
                    """
                    {"global_step": \(step), "epoch": 1.5, "best_metric": null,
                     "log_history": [{"step": 1, "eval_loss": 9}, {"step": \(step), "eval_loss": 0.25}]}
                    """, "checkpoint-\(step)/trainer_state.json", in: source)
            }
        } _: { importing, zoo in
            #expect(zoo.count == 2 && importing.passedOver.count == 6)
            let facts = try zoo.select(["run", "eval_loss", "checkpoint"]).rows
            #expect(
                facts == [
                    [.integer(0), .real(0.25), .integer(1000)], [.integer(0), .real(0.25), .integer(500)],
                ])
        }
    }

    @Test("shards that an index names are one network") func shards() throws {
        try imported { source in
            let tensors = stored([2, 3, 1], seed: 4)
            try write(Array(tensors[..<2]), "run/model-00001-of-00002.safetensors", in: source)
            try write(Array(tensors[2...]), "run/model-00002-of-00002.safetensors", in: source)
            let places = tensors.enumerated().map {
                #""\#($0.element.name)": "model-0000\#($0.offset < 2 ? 1 : 2)-of-00002.safetensors""#
            }
            try text(
                #"{"weight_map": {\#(places.joined(separator: ", "))}}"#, "run/model.safetensors.index.json", in: source
            )
        } _: { _, zoo in
            let files = try zoo.values(of: "file")
            #expect(files == [.text("run/model")])
            #expect(
                zoo.parameters(at: [0])[0].elements(as: Float.self)
                    == perceptron([2, 3, 1], seed: 4)[0].tensor.elements(as: Float.self))
        }
    }

    @Test("networks under wrappers' names are of one architecture, with the weights of each") func wrappers() throws {
        let prefixes = ["", "module.", "_orig_mod.", "backbone.encoder.", "a.b."]
        try imported { source in
            for (seed, prefix) in prefixes.enumerated() {
                try write(stored([2, 3, 1], seed: UInt64(seed), prefix: prefix), "n\(seed).pt", in: source)
            }
            try write(stored([2, 4, 1], seed: 9, prefix: "module."), "other.pt", in: source)
        } _: { _, zoo in
            #expect(zoo.architectures.count == 2 && zoo.count == 6)
            for seed in prefixes.indices {
                let network = try #require(try zoo.networks(where: "file = 'n\(seed)'").first)
                let names = zoo.architecture(of: network).parameters.map(\.name)
                #expect(names.contains("seq.0.weight"))
                let expected = perceptron([2, 3, 1], seed: UInt64(seed))
                for (name, found) in zip(names, zoo.parameters(at: [network])) {
                    #expect(
                        found.elements(as: Float.self)
                            == expected.first { $0.name == name }?.tensor.elements(as: Float.self))
                }
            }
        }
    }

    @Test("one bad file among many is named, or passed over and counted") func oneBad() throws {
        func prepare(_ source: URL) throws {
            for seed in 0..<3 { try write(stored([2, 3, 1], seed: UInt64(seed)), "n\(seed).pt", in: source) }
            try text("damaged", "bad.pt", in: source)
            try write([StoredTensor(name: "lonely", .ones([3]))], "lonely.pt", in: source)
        }
        #expect {
            try imported(prepare) { _, _ in }
        } throws: {
            "\($0)".contains("source/bad.pt")
        }
        try imported(skipping: true, prepare) { importing, zoo in
            #expect(zoo.count == 3 && importing.unreadable.count == 2)
            #expect(importing.unreadable[0].contains("bad.pt") && importing.unreadable[1].contains("lonely.pt"))
        }
    }

    @Test("a network of a type that is not computed with is named with its type, or passed over and counted")
    func unusableType() throws {
        func prepare(_ source: URL) throws {
            try write(stored([2, 3, 1], seed: 1), "n.safetensors", in: source)
            let header = #"{"a":{"dtype":"F8_E4M3","shape":[2,2],"data_offsets":[0,4]}}"#
            let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
            try (length + Data(header.utf8) + Data(count: 4)).write(to: source.appending(path: "small.safetensors"))
        }
        #expect {
            try imported(prepare) { _, _ in }
        } throws: {
            "\($0)".contains("small.safetensors") && "\($0)".contains("F8_E4M3")
        }
        try imported(skipping: true, prepare) { importing, zoo in
            #expect(zoo.count == 1 && importing.unreadable.count == 1 && importing.passedOver.isEmpty)
        }
    }

    @Test("a folder of nothing but states of trainers has no networks") func nothing() {
        #expect {
            try imported({ try write([StoredTensor(name: "x", .ones([3]))], "optimizer.pt", in: $0) }) { _, _ in }
        } throws: {
            "\($0)".contains("found 1 files without a network and 0 that cannot be read")
        }
    }

    @Test("a zoo that was begun and holds no network yet opens, and takes another import") func begunAndEmpty() throws {
        try withTemporaryFolder { folder in
            let (source, target) = (folder.appending(path: "source"), folder.appending(path: "zoo"))
            for seed in 0..<2 { try write(stored([2, 3, 1], seed: UInt64(seed)), "n\(seed).pt", in: source) }
            struct Stopped: Error {}
            let first = try ZooImporting(from: source, in: target)
            #expect(throws: Stopped.self) { try first.run(checkpoint: { throw Stopped() }) }
            let empty = try Zoo(contentsOf: target)
            #expect(empty.count == 0 && empty.missingPieces == 1)
            #expect(try empty.values(of: "run").isEmpty)
            #expect {
                try INRZoo(empty)
            } throws: {
                "\($0)".contains("found no networks")
            }
            #expect(try ZooVerification.problems(in: target) == [.unfinished])
        }
        try withTemporaryFolder { folder in
            let (source, target) = (folder.appending(path: "source"), folder.appending(path: "zoo"))
            for seed in 0..<2 { try write(stored([2, 3, 1], seed: UInt64(seed)), "n\(seed).pt", in: source) }
            struct Stopped: Error {}
            do {
                let first = try ZooImporting(from: source, in: target)
                try first.run(checkpoint: { throw Stopped() })
            } catch is Stopped {}
            try write(stored([2, 3, 1], seed: 7), "n7.pt", in: source)
            try ZooImporting(from: source, in: target).run()
            #expect(try Zoo(contentsOf: target).count == 3)
            #expect(try ZooVerification.problems(in: target).isEmpty)
            // With networks in it, it is another zoo.
            try write(stored([2, 3, 1], seed: 8), "n8.pt", in: source)
            #expect(throws: ZooError.self) { try ZooImporting(from: source, in: target) }
        }
    }
}
