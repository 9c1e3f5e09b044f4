import Foundation
import Glibc
import Testing
import WeightSpaces

@Suite struct MappedFileTests {
    @Test func theBytesAreTheFiles() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "bytes")
            let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
            try Data(bytes).write(to: url)
            let file = try MappedFile(url)
            #expect(file.count == bytes.count)
            #expect(file.url == url)
            #expect(file.withUnsafeBytes { Array($0) } == bytes)
        }
    }

    @Test func anEmptyFileIsMalformed() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "empty")
            try Data().write(to: url)
            #expect(throws: FormatError.empty(file: url.relativePath)) { try MappedFile(url) }
        }
    }

    @Test func aMissingFileIsNamedAsItWasGiven() {
        let url = URL(filePath: "no/such.safetensors")
        #expect(throws: FileError.system(.open, file: "no/such.safetensors", code: ENOENT)) { try MappedFile(url) }
        let message = "\(FileError.system(.open, file: "no/such.safetensors", code: ENOENT))"
        #expect(message == "cannot open no/such.safetensors: No such file or directory; check the path")
    }

    @Test func foldersDevicesAndPipesAreRefused() throws {
        try withTemporaryFolder { folder in
            #expect(throws: FileError.notRegular(file: folder.relativePath, found: "a folder")) {
                try MappedFile(folder)
            }
            #expect(throws: FileError.notRegular(file: "/dev/zero", found: "a device")) {
                try MappedFile(URL(filePath: "/dev/zero"))
            }
            let pipe = folder.appending(path: "pipe")
            mkfifo(pipe.path, 0o600)
            #expect(throws: FileError.notRegular(file: pipe.relativePath, found: "a pipe")) { try MappedFile(pipe) }
        }
    }

    @Test func aFileLargerThanMemoryCostsNothingToOpen() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "sparse.safetensors")
            // A header length beyond the format's limit, in a file that would have room for it.
            try Data(withUnsafeBytes(of: UInt64(100_000_001).littleEndian) { Array($0) }).write(to: url)
            #expect(truncate(url.path, 1 << 38) == 0)
            #expect(try MappedFile(url).count == 1 << 38)
            #expect(
                throws: FormatError.headerLength(file: url.relativePath, expected: 2...100_000_000, found: 100_000_001)
            ) {
                try SafetensorsFile(url)
            }
        }
    }
}
