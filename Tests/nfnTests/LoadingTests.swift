import Foundation
import TestSupport
import Testing
import Torch
import WeightSpaces

@Suite("nfn without the library that it computes with")
struct LoadingTests {
    @Test("what does not compute does without; what does says what is missing")
    func alone() throws {
        try withTemporaryFolder { folder in
            try writeSlopes(count: 5, to: folder.appending(path: "slopes.idx"))
            let fit = ["fit", "slopes.idx", "--hidden", "4", "--steps", "5", "--out"]
            let fitted = try BuiltProgram.run(fit + ["zoo"], in: folder)
            #expect(fitted.status == 0, "\(fitted.complaint)")

            let layers = [("0", [4, 2]), ("2", [3, 4])]
            try SafetensorsFile.write(
                layers.map { StoredTensor(name: "\($0).weight", .ones($1)) },
                to: folder.appending(path: "chain.safetensors"))

            let alone = folder.appending(path: "nfn")
            try FileManager.default.copyItem(at: BuiltProgram.location, to: alone)
            let light = [
                ["--help"], ["zoo", "info", "zoo"], ["zoo", "query", "zoo"], ["zoo", "split", "zoo"],
                ["inspect", "chain.safetensors"],
            ]
            for arguments in light {
                let outcome = try BuiltProgram(arguments, in: folder, at: alone).finish()
                #expect(outcome.status == 0 && !outcome.output.isEmpty, "\(arguments): \(outcome.complaint)")
            }
            for content in [nil, Data("not a library".utf8)] {
                try content?.write(to: folder.appending(path: "libTorchBridge.so"))
                let outcome = try BuiltProgram(fit + ["other"], in: folder, at: alone).finish()
                #expect(outcome.status == 127)
                #expect(
                    outcome.complaint.contains("libtorch was not loaded: ") && outcome.complaint.contains("make build"))
            }
        }
    }
}
