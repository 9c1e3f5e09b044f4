import Foundation
import Testing

@testable import WeightSpaces

@Suite struct NumPyTests {
    @Test(arguments: ["stored.npz", "deflated.npz"])
    func anArchiveOfNumPysReadsAsItWasWritten(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        #expect(file is NumPyArchive)
        var names = ["dense/weight", "fortran", "scalar", "half", "counts", "mask"]
        if name == "deflated.npz" { names.append("zeros") }
        #expect(file.entries.map(\.name) == names)
        #expect(file["dense/weight"] == CheckpointEntry(name: "dense/weight", dtype: .float32, shape: [2, 3]))
        #expect(try file.elements("dense/weight", as: Float.self) == [0, 1, 2, 3, 4, 5])
        #expect(file["fortran"] == CheckpointEntry(name: "fortran", dtype: .float64, shape: [2, 3, 4]))
        #expect(try file.elements("fortran", as: Double.self) == (0..<24).map(Double.init))
        #expect(file["scalar"]?.shape == [])
        #expect(try file.elements("scalar", as: Float.self) == [5])
        #expect(file["half"]?.dtype == .float16)
        #expect(try file.bytes("half") == [0, 0, 0, 0x3C, 0, 0x40])
        #expect(try file.elements("counts", as: Int16.self) == [0, 1, 2, 3])
        #expect(file["mask"]?.dtype == .bool)
        #expect(try file.bytes("mask") == [1, 0])
        #expect(file["words"] == nil && file["objects"] == nil)
    }

    @Test(arguments: 1...3)
    func everyVersionOfAnArrayReads(version: Int) throws {
        let file = try Checkpoints.open(try fixture("version\(version).npy"))
        #expect(file.entries == [CheckpointEntry(name: "version\(version)", dtype: .float64, shape: [2, 3, 4])])
        #expect(try file.elements("version\(version)", as: Double.self) == (0..<24).map(Double.init))
    }

    @Test func whatCannotBeReadIsNamed() throws {
        for (name, expected) in [("bigendian.npy", "big-endian ones (\">f4\")"), ("records.npy", "texts or objects")] {
            let url = try fixture(name)
            #expect(performing: { try Checkpoints.open(url) }, throws: { "\($0)".contains(expected) })
        }
        for descriptor in ["<c16", "|V2", "<f16", "f4", ">i2", "|i4"] {
            let bytes = numPyBytes(numPyHeader(descriptor, shape: "(1,)"), data: [0, 0, 0, 0])
            #expect(throws: FormatError.self, "\(descriptor)") { try open(bytes) }
            #expect(throws: FormatError.self, "\(descriptor)") { try open(ZipBytes([.init("a.npy", bytes)]).joined) }
        }
    }

    @Test(arguments: [
        "", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} 1",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}", "{'descr': '<f4, 'fortran_order': False}",
        "{'descr': '\\x3cf4', 'fortran_order': False, 'shape': (1,)}",
    ])
    func aHeaderIsADictionaryOfThreeMembers(header: String) {
        #expect(throws: FormatError.self) { try open(numPyBytes(header, data: [0, 0, 0, 0])) }
    }

    @Test func aHeaderMayBeSpacedOrderedAndQuotedOtherwise() throws {
        let header = "{ \"shape\" : (2L , 1) ,'fortran_order':True,\n\"descr\":'|u1'}  "
        try open(numPyBytes(header, data: [1, 2])) { file in
            #expect(file.entries == [CheckpointEntry(name: "file", dtype: .uint8, shape: [2, 1])])
        }
    }

    @Test func sizesAreCheckedBeforeAnythingIsTaken() {
        let large = "(3037000500, 3037000500, 4)"
        expectRefusal(numPyBytes(numPyHeader(shape: large), data: []), "2^63")
        expectRefusal(numPyBytes(numPyHeader(shape: "(9223372036854775808,)"), data: []), "below 2^63")
        expectRefusal(numPyBytes(numPyHeader(shape: "(1000000000000,)"), data: [0]), "4000000000000 bytes, found 1")
        expectRefusal(numPyBytes(numPyHeader(order: "True", shape: "(2, 4611686018427387904)"), data: []), "2^63")
        expectRefusal(numPyBytes(numPyHeader(shape: "(1,)"), data: [0, 0, 0]), "4 bytes, found 3")
        expectRefusal(numPyBytes(numPyHeader(shape: "(1,)"), data: [0, 0, 0, 0, 0]), "4 bytes, found 5")
        let deep = "(\(String(repeating: "1,", count: 65)))"
        expectRefusal(numPyBytes(numPyHeader(shape: deep), data: [0, 0, 0, 0]), "at most 64")
        var long = numPyBytes(numPyHeader(shape: "(1,)"), data: [0, 0, 0, 0], version: 2)
        long.put(UInt32.max, at: 8)
        expectRefusal(long, "a header of at most")
        expectRefusal(Array(numPyBytes(numPyHeader(shape: "()"), data: []).prefix(20)), "a header of")
        expectRefusal(numPyBytes(numPyHeader(shape: "()"), data: [], version: 4), "version 1, 2 or 3")
    }

    @Test(arguments: ["stored.npz", "deflated.npz", "version1.npy", "version2.npy"])
    func otherElementsReturnAndAllElseIsKept(name: String) throws {
        let file = try Checkpoints.open(try fixture(name))
        try withTemporaryFolder { folder in
            let url = folder.appending(path: name)
            try file.write(to: url) { entry in try file.bytes(entry.name).map { ~$0 } }
            let copy = try Checkpoints.open(url)
            #expect(copy.entries == file.entries)
            #expect(try copy.contents() == (try file.contents().mapValues { $0.map { ~$0 } }))
            let back = folder.appending(path: "back-\(name)")
            try copy.write(to: back) { entry in try file.bytes(entry.name) }
            if name != "deflated.npz" {
                #expect(try Data(contentsOf: back) == Data(contentsOf: file.url))
            } else {
                #expect(try Checkpoints.open(back).contents() == file.contents())
            }
        }
    }

    @Test func membersThatArePassedOverAreKept() throws {
        let file = try NumPyArchive(try fixture("deflated.npz"))
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "copy.npz")
            try file.write(to: url) { try file.bytes($0.name) }
            let archives = try [file.url, url].map { try ZipArchive(MappedFile($0)) }
            #expect(archives[0].members.map(\.name) == archives[1].members.map(\.name))
            for name in ["words.npy", "objects.npy"] {
                let packed = try archives.map { archive in
                    let member = try #require(archive[name])
                    return archive.file.withUnsafeBytes { Array($0[member.data]) }
                }
                #expect(packed[0] == packed[1])
            }
        }
    }

    @Test func elementsOfAnotherCountAreRefused() throws {
        let file = try NumPyArchive(try fixture("stored.npz"))
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "copy.npz")
            #expect(throws: FormatError.self) { try file.write(to: url) { _ in [1] } }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == [])
        }
    }
}
