import Foundation
import Testing

@testable import WeightSpaces

/// What the reader of zip archives takes and refuses, seen through archives of arrays.
@Suite struct ZipArchiveTests {
    private static let array = numPyBytes(numPyHeader(shape: "(2,)"), data: Array(0..<8))

    private static func archive(_ names: String...) -> ZipBytes {
        ZipBytes(names.map { .init("\($0).npy", array) })
    }

    @Test func membersAreFoundWhateverTheRecordsLookLike() throws {
        var file = Self.archive("a", "b", "c")
        file.members[0].flags = 8
        file.members[1].isLarge = true
        file.comment = Array("PK\u{5}\u{6} a comment".utf8)
        try open(file.joined) { checkpoint in
            #expect(checkpoint.entries.map(\.name) == ["a", "b", "c"])
            let contents = try checkpoint.contents()
            #expect(contents.values.allSatisfy { $0 == Array(0..<8) })
        }
    }

    @Test func overlappingMembersAreRefused() {
        var same = Self.archive("a", "a")
        same.members[1].start = 0
        expectRefusal(same.joined, "where the one before it ends")
        // A member hidden in the data of another one.
        var hidden = ZipBytes([.init("a.npy", Self.archive("b").joined), .init("b.npy", Self.array)])
        hidden.members[1].start = 35
        expectRefusal(hidden.joined, "where the one before it ends")
    }

    @Test func namesAreDistinct() {
        expectRefusal(Self.archive("a", "b", "a").joined, "occurs twice")
    }

    @Test func sizesMustHaveRoomInTheFile() {
        for (count, packed) in [(1 << 20, 1 << 20), (200, nil), (1 << 40, nil), (Int(UInt32.max) - 1, nil)] {
            var file = Self.archive("a")
            (file.members[0].count, file.members[0].packedCount) = (count, packed)
            expectRefusal(file.joined, "sizes that the file has room for")
        }
        var large = Self.archive("a")
        large.members[0].isLarge = true
        for size in [-1, Int.max, 1 << 62] {
            (large.members[0].count, large.members[0].packedCount) = (size, size)
            expectRefusal(large.joined, "sizes that the file has room for")
        }
        var far = Self.archive("a")
        far.members[0].start = 1 << 30
        expectRefusal(far.joined, "sizes that the file has room for")
    }

    @Test func bombsAreRefusedByWhatTheyClaim() {
        var file = Self.archive("a")
        file.members[0].packed = [UInt8](repeating: 0, count: 100_000)
        file.members[0].method = 8
        file.members[0].count = 101 * 100_000
        expectRefusal(file.joined, "inflates at most 100-fold")
        file.members[0].count = 1_033 * 100_000
        expectRefusal(file.joined, "sizes that the file has room for")
    }

    @Test func damagedDataIsNoticed() throws {
        var file = Self.archive("a")
        file.members[0].checksum = 7
        #expect(throws: FormatError.self) { try open(file.joined) { _ = try $0.bytes("a") } }
        var deflated = Self.archive("a")
        (deflated.members[0].method, deflated.members[0].count) = (8, 1_000)
        expectRefusal(deflated.joined, "intact DEFLATE data")
    }

    @Test func whatIsNotPlainIsRefused() {
        var file = Self.archive("a")
        file.members[0].flags = 1
        expectRefusal(file.joined, "an encrypted one")
        file.members[0].flags = 0
        file.members[0].method = 12
        expectRefusal(file.joined, "method 0 (stored) or 8 (DEFLATE)")
        file = Self.archive("a")
        file.members[0].ownName = Array("b.npy".utf8)
        expectRefusal(file.joined, "the same name and method")
        file = Self.archive("a")
        file.members[0].name = [0xFF, 0xFE]
        expectRefusal(file.joined, "UTF-8")
        file = Self.archive("a")
        file.prefix = Array("PK in front".utf8)
        file.statedDirectory = 0
        expectRefusal(file.joined, "a directory that ends")
    }

    @Test(arguments: [0, 2, 60_000])
    func theCountOfMembersIsTheirs(count: Int) {
        var file = Self.archive(String(repeating: "a", count: 60))
        file.statedCount = count
        let expected = count == 60_000 ? "at most one member" : count == 0 ? "0 records" : "a member's record"
        expectRefusal(file.joined, expected)
    }

    @Test func everyCutIsNoticed() {
        let bytes = Self.archive("a", "b").joined
        for count in 1..<bytes.count {
            #expect(throws: FormatError.self, "\(count) bytes") { try open(Array(bytes.prefix(count))) }
        }
    }
}
