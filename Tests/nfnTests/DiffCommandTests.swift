import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

/// `nfn diff` on weights that are not numbers, too large to be squared, missing or of other types.
@Suite("Differences of networks", .oneThread)
struct DiffCommandTests {
    /// A perceptron 4-7-5-2, its elements multiplied and changed.
    private func write(
        _ name: String, in folder: URL, scale: Double = 1, extra: Bool = false, dtype: DType = .float32,
        edit: (String, inout [Double]) -> Void = { _, _ in }
    ) throws {
        var random = RandomSource(seed: 1)
        var tensors = [("0", [7, 4]), ("2", [5, 7]), ("4", [2, 5])].flatMap { layer, shape in
            [("\(layer).weight", shape), ("\(layer).bias", [shape[0]])].map { name, shape in
                let noise = Tensor.normal(shape: shape, dtype: .float64, using: &random) * scale
                var elements = noise.elements(as: Double.self)
                edit(name, &elements)
                return StoredTensor(name: name, Tensor(elements, shape: shape).to(dtype))
            }
        }
        if extra { tensors.append(StoredTensor(name: "extra", .ones([3]))) }
        try SafetensorsFile.write(tensors, to: folder.appending(path: name))
    }

    private func diff(_ arguments: String..., in folder: URL, status: Int32) throws -> String {
        let outcome = try BuiltProgram.run(["diff"] + arguments, in: folder)
        #expect(outcome.status == status, "\(arguments): \(outcome.output) \(outcome.complaint)")
        return outcome.output + outcome.complaint
    }

    @Test("NaN is equal to nothing, and is named where neurons are told apart by it")
    func notANumber() throws {
        try withTemporaryFolder { folder in
            try write("a", in: folder)
            try write("bias", in: folder) { if $0 == "4.bias" { $1[0] = .nan } }
            try write("weight", in: folder) { if $0 == "4.weight" { $1[3] = .nan } }
            try write("infinite", in: folder) { if $0 == "4.bias" { $1[1] = .infinity } }
            #expect(try diff("a", "bias", in: folder, status: 1).contains("4.bias  1 NaN, equal to nothing"))
            #expect(try diff("bias", "bias", in: folder, status: 1).contains("4.bias  1 NaN, equal to nothing"))
            try write("other", in: folder) { if $0 == "4.bias" { $1 = [.nan, $1[1] + 1] } }
            #expect(try diff("bias", "other", in: folder, status: 1).contains("4.bias  1 NaN, equal to nothing; "))
            #expect(try diff("a", "weight", in: folder, status: 65).contains("weight: '4.weight': expected finite"))
            #expect(try diff("weight", "a", in: folder, status: 65).contains("weight: '4.weight': expected finite"))
            #expect(try diff("a", "infinite", in: folder, status: 1).contains("4.bias  inf"))
            _ = try diff("infinite", "infinite", in: folder, status: 0)
        }
    }

    @Test("weights whose squares are no float32 are matched", arguments: [(1e30, DType.float32), (1e250, .float64)])
    func huge(scale: Double, dtype: DType) throws {
        try withTemporaryFolder { folder in
            try write("a", in: folder, scale: scale, dtype: dtype)
            let permuted = try BuiltProgram.run(["permute", "a", "--seed", "2", "--out", "b"], in: folder)
            #expect(permuted.status == 0)
            #expect(try diff("a", "b", in: folder, status: 0).contains("the same weights up to a permutation"))
        }
    }

    @Test("missing, further and otherwise stored tensors are differences")
    func tensors() throws {
        try withTemporaryFolder { folder in
            try write("a", in: folder)
            try write("more", in: folder, extra: true)
            try write("half", in: folder, dtype: .float16)
            #expect(try diff("a", "more", in: folder, status: 1).contains("extra  only there"))
            #expect(try diff("more", "a", in: folder, status: 1).contains("extra  only here"))
            #expect(try diff("a", "half", in: folder, status: 1).contains("0.weight  F32 here, F16 there"))
        }
    }

    @Test("neurons are not matched by types that are not computed with, and that is said")
    func unmatched() throws {
        try withTemporaryFolder { folder in
            let shapes = [("0.weight", [6, 4]), ("0.bias", [6]), ("2.weight", [2, 6]), ("2.bias", [2])]
            var (members, bytes) = ([String](), Data())
            for (name, shape) in shapes {
                let count = shape.reduce(1, *)
                members.append(
                    #""\#(name)":{"dtype":"F8_E4M3","shape":\#(shape),"data_offsets":[\#(bytes.count),\#(bytes.count + count)]}"#
                )
                bytes += (0..<count).map { UInt8(8 + $0) }
            }
            let header = Data("{\(members.joined(separator: ","))}".utf8)
            let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
            try (length + header + bytes).write(to: folder.appending(path: "a"))
            #expect(try BuiltProgram.run(["permute", "a", "--out", "b"], in: folder).status == 0)
            let found = try diff("a", "b", in: folder, status: 1)
            #expect(found.contains("neurons were not matched, for the elements of '0.bias' are of type F8_E4M3"))
            _ = try diff("a", "a", in: folder, status: 0)
        }
    }

    @Test("networks of equal weights and other graphs are different, whatever their weights stand in")
    func graphs() throws {
        try withTemporaryFolder { folder in
            for (name, operation) in [("relu", "Relu"), ("again", "Relu"), ("tanh", "Tanh")] {
                try ONNXBytes.layer(followedBy: operation).write(to: folder.appending(path: name))
            }
            #expect(try diff("relu", "again", in: folder, status: 0).contains("the same network"))
            let found = try diff("relu", "tanh", in: folder, status: 1)
            #expect(found.contains("graph: Relu: 1 here, 0 there") && found.contains("different: the graphs"))
        }
    }

    @Test("a tolerance lets fine-tunes pass, with the distance of every layer; JSON says the same")
    func tolerance() throws {
        try withTemporaryFolder { folder in
            try write("a", in: folder)
            try write("tuned", in: folder) { if $0 == "2.weight" { $1[0] += 0.01 } }
            #expect(try diff("a", "tuned", in: folder, status: 1).contains("different: 1 of 6 tensors"))
            let table = try diff("a", "tuned", "--tolerance", "0.1", in: folder, status: 0)
            for part in ["layer 0  0.0e+00", "layer 2  ", "within 1.0e-01"] { #expect(table.contains(part)) }
            _ = try diff("a", "tuned", "--tolerance", "-1", in: folder, status: 64)
            let json = try BuiltProgram.run(["diff", "a", "tuned", "--json"], in: folder)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(json.status == 1 && object["isSame"] as? Bool == false)
            let tensors = try #require(object["tensors"] as? [[String: Any]])
            #expect(tensors.filter { $0["isSame"] as? Bool == false }.map { $0["name"] as? String } == ["2.weight"])
        }
    }
}
