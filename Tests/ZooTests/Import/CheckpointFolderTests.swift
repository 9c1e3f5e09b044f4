import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@testable import Zoo

/// The state of a perceptron with random weights, under PyTorch's usual names.
func perceptron(_ widths: [Int], seed: UInt64, dtype: DType = .float32) -> [(name: String, tensor: Tensor)] {
    var random = RandomSource(seed: seed)
    return zip(widths, widths.dropFirst()).enumerated().flatMap { layer, sizes in
        [
            ("seq.\(2 * layer).weight", .normal(shape: [sizes.1, sizes.0], dtype: dtype, using: &random)),
            ("seq.\(2 * layer).bias", .normal(shape: [sizes.1], dtype: dtype, using: &random)),
        ]
    }
}

@Suite("Import of folders of checkpoints", .oneThread)
struct CheckpointFolderTests {
    private func write(_ tensors: [(name: String, tensor: Tensor)], to url: URL) throws {
        try Folder.create(url.deletingLastPathComponent())
        try SafetensorsFile.write(tensors.map { StoredTensor(name: $0.name, $0.tensor) }, to: url)
    }

    /// Four networks of two architectures in sub-folders.
    private func writeNetworks(to folder: URL) throws {
        try write(perceptron([2, 5, 1], seed: 1), to: folder.appending(path: "b/two.safetensors"))
        try write(perceptron([2, 5, 1], seed: 2, dtype: .float64), to: folder.appending(path: "a.pt/one.safetensors"))
        try write(perceptron([2, 4, 3, 1], seed: 3), to: folder.appending(path: "b/three.safetensors"))
        try write(
            perceptron([2, 5, 1], seed: 4).map { ($0.name, $0.tensor.to(.float16)) },
            to: folder.appending(path: "zero.safetensors"))
        try Data("no network".utf8).write(to: folder.appending(path: "README.md"))
    }

    private func message(labels: String? = nil, _ prepare: (URL) throws -> Void) throws -> String {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "networks")
            try writeNetworks(to: source)
            try prepare(source)
            let table = folder.appending(path: "labels.csv")
            if let labels { try Data(labels.utf8).write(to: table) }
            do {
                try ZooImporting(
                    from: source, labels: labels == nil ? nil : table, in: folder.appending(path: "zoo")
                ).run()
                return "no error"
            } catch {
                #expect(!"\(error)".contains("\n"))
                return "\(error)"
            }
        }
    }

    @Test("files of one shape form a stack in float32, with the derived symmetries")
    func stacks() throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "networks")
            try writeNetworks(to: source)
            try ZooImporting(from: source, in: folder.appending(path: "zoo")).run()
            #expect(try ZooVerification.problems(in: folder.appending(path: "zoo")).isEmpty)
            let zoo = try Zoo(contentsOf: folder.appending(path: "zoo"))
            #expect(
                try zoo.select(["file", "run", "stack"]).rows == [
                    [.text("a.pt/one"), .integer(0), .integer(0)], [.text("b/two"), .integer(2), .integer(0)],
                    [.text("zero"), .integer(3), .integer(0)], [.text("b/three"), .integer(1), .integer(1)],
                ])
            #expect(zoo.architectures.map { $0.space.groups.map(\.size) } == [[5], [4, 3]])
            let expected = [
                perceptron([2, 5, 1], seed: 2, dtype: .float64), perceptron([2, 5, 1], seed: 1),
                perceptron([2, 5, 1], seed: 4).map { ($0.name, $0.tensor.to(.float16)) },
                perceptron([2, 4, 3, 1], seed: 3),
            ]
            for (network, tensors) in expected.enumerated() {
                let names = zoo.architecture(of: network).parameters.map(\.name)
                for (name, found) in zip(names, zoo.parameters(at: [network])) {
                    let tensor = try #require(tensors.first { $0.name == name }?.tensor)
                    #expect(
                        found.elements(as: Float.self) == tensor.to(.float32).elements(as: Float.self), "\(name)")
                }
            }
        }
    }

    @Test("labels are joined by path or by name, with runs and splits")
    func labels() throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "networks")
            try writeNetworks(to: source)
            let labels = """
                Label,file,split,run,File
                7,b/three.safetensors,val,x,p
                8,one,train,y,q
                9,two.pth,test,x,r
                10,zero,,y,s
                11,elsewhere,train,z,t
                """
            try Data(labels.utf8).write(to: folder.appending(path: "labels.csv"))
            try ZooImporting(
                from: source, labels: folder.appending(path: "labels.csv"), in: folder.appending(path: "zoo")
            ).run()
            let zoo = try Zoo(contentsOf: folder.appending(path: "zoo"))
            let found = try zoo.select(["file", "label", "split", "run", "file_"], order: "file").rows
            #expect(
                found == [
                    [.text("a.pt/one"), .integer(8), .text("train"), .integer(0), .text("q")],
                    [.text("b/three"), .integer(7), .text("validation"), .integer(1), .text("p")],
                    [.text("b/two"), .integer(9), .text("test"), .integer(1), .text("r")],
                    [.text("zero"), .integer(10), .none, .integer(0), .text("s")],
                ])
            #expect(try Split(sides: zoo.values(of: "split")).train.count == 1)
            try Data(labels.replacing("two.pth,test", with: "two.pth,Test").utf8).write(
                to: folder.appending(path: "labels.csv"))
            #expect {
                try ZooImporting(
                    from: source, labels: folder.appending(path: "labels.csv"), in: folder.appending(path: "other"))
            } throws: {
                "\($0)".contains("found Test")
            }
        }
    }

    @Test("networks of a SIREN file and with a NaN keep their definition, or are left out")
    func definitions() throws {
        try withTemporaryFolder { folder in
            let source = folder.appending(path: "networks")
            try Folder.create(source)
            let siren = SIREN(widths: [2, 6, 1], omega: 6, hiddenOmega: 2)
            var random = RandomSource(seed: 1)
            for (name, value) in [("sound", 1.0), ("lost", .nan)] {
                let parameters = siren.parameterShapes.map { Tensor.normal(shape: $0, using: &random) * value }
                try INR(siren: siren, grid: PixelGrid(height: 4, width: 4), parameters: parameters)
                    .write(to: source.appending(path: "\(name).safetensors"))
            }
            try ZooImporting(from: source, in: folder.appending(path: "zoo")).run()
            let zoo = try Zoo(contentsOf: folder.appending(path: "zoo"))
            #expect(try zoo.values(of: "file") == [.text("sound")])
            #expect(zoo.architectures.map { $0.definition(as: SIREN.self) } == [siren])
        }
    }

    @Test("what cannot be imported is named") func refusals() throws {
        #expect(try message { _ in } == "no error")
        #expect(
            try message {
                try FileManager.default.removeItem(at: $0)
                try Folder.create($0)
            }.contains("networks: expected files that end with .safetensors"))
        #expect(
            try message { try write(perceptron([2, 5, 1], seed: 9), to: $0.appending(path: "zero.pth")) }
                .contains("networks: two files are called zero but for their endings"))
        #expect(
            try message { try Data("x".utf8).write(to: $0.appending(path: "b/x.pt")) }.contains("networks/b/x.pt: "))
        #expect(
            try message { try Data().write(to: $0.appending(path: "b/x.pt")) }.contains("b/x.pt: the file is empty"))
        #expect(
            try message {
                try write([("lonely", .ones([3]))], to: $0.appending(path: "c.safetensors"))
            }.contains("networks/c.safetensors: the architecture was not recognized"))
        #expect(
            try message {
                try SafetensorsFile.write(
                    perceptron([2, 5, 1], seed: 1).map { StoredTensor(name: $0.name, $0.tensor) },
                    metadata: ["architecture": "siren", "siren": "{}"], to: $0.appending(path: "c.safetensors"))
            }.contains("networks/c.safetensors: expected a sound architecture in its metadata"))
        #expect(
            try message {
                try SafetensorsFile.write(
                    perceptron([2, 5, 1], seed: 1).map { StoredTensor(name: $0.name, $0.tensor) },
                    metadata: ["architecture": "siren", "siren": #"{"widths":[2,9,1],"omega":1,"hiddenOmega":1}"#],
                    to: $0.appending(path: "c.safetensors"))
            }.contains("networks/c.safetensors: expected 0.weight to be floating point [9, 2], found none"))
        #expect(
            try message(labels: "file,label\nb/two,1\n") { _ in }
                .contains("labels.csv: expected a row whose file is a.pt/one, found none"))
        #expect(try message(labels: "name\nx\n") { _ in }.contains("labels.csv: expected one column called file"))
        #expect(
            try message(labels: "file\nx.pt\nx.pth\n") { _ in }
                .contains("labels.csv: expected one row for each file, found two of x"))
    }
}
