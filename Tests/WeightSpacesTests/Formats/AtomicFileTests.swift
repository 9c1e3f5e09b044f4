import Foundation
import Glibc
import Testing
import WeightSpaces

@Suite struct AtomicFileTests {
    private struct Interruption: Error {}

    private static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func piecesArriveInOrderUnderTheName() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "out")
            try AtomicFile.write(to: url) { file in
                for piece in ["one ", "", "two ", "three"] {
                    try Array(piece.utf8).withUnsafeBytes { try file.write($0) }
                }
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "one two three")
            #expect(try Self.names(in: folder) == ["out"])
        }
    }

    @Test func dataAndArraysAreWrittenAsTheyAre() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write(Data([1, 2, 3]), to: folder.appending(path: "data"))
            try AtomicFile.write([4, 5] as [UInt8], to: folder.appending(path: "array"))
            #expect(try Data(contentsOf: folder.appending(path: "data")) == Data([1, 2, 3]))
            #expect(try Data(contentsOf: folder.appending(path: "array")) == Data([4, 5]))
        }
    }

    @Test func theOldFileStandsUntilTheNewOneIsComplete() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "out")
            try AtomicFile.write(Data("old".utf8), to: url)
            try AtomicFile.write(to: url) { file in
                try Array("new".utf8).withUnsafeBytes { try file.write($0) }
                #expect(try String(contentsOf: url, encoding: .utf8) == "old")
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "new")
        }
    }

    @Test func anErrorLeavesTheFolderAsItWas() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "out")
            try AtomicFile.write(Data("old".utf8), to: url)
            #expect(throws: Interruption.self) {
                try AtomicFile.write(to: url) { file in
                    try Array("new".utf8).withUnsafeBytes { try file.write($0) }
                    throw Interruption()
                }
            }
            #expect(try String(contentsOf: url, encoding: .utf8) == "old")
            #expect(try Self.names(in: folder) == ["out"])
        }
    }

    @Test func aMappedFileOutlivesItsReplacement() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "out")
            try AtomicFile.write(Data("old contents".utf8), to: url)
            let mapped = try MappedFile(url)
            try AtomicFile.write(Data("new".utf8), to: url)
            #expect(mapped.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } == "old contents")
        }
    }

    @Test func aSymbolicLinkIsFollowed() throws {
        try withTemporaryFolder { folder in
            let (real, link) = (folder.appending(path: "real"), folder.appending(path: "link"))
            try Data("old".utf8).write(to: real)
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
            try AtomicFile.write(Data("new".utf8), to: link)
            #expect(try String(contentsOf: real, encoding: .utf8) == "new")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == real.path)
        }
    }

    @Test func aFolderOrADeviceIsNotReplaced() throws {
        try withTemporaryFolder { folder in
            let target = folder.appending(path: "folder")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            #expect(throws: FileError.notRegular(file: target.relativePath, found: "a folder")) {
                try AtomicFile.write(Data(), to: target)
            }
            #expect(throws: FileError.notRegular(file: "/dev/null", found: "a device")) {
                try AtomicFile.write(Data(), to: URL(filePath: "/dev/null"))
            }
            #expect(try Self.names(in: folder) == ["folder"])
        }
    }

    @Test func aMissingFolderIsNamedWithTheReason() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "missing/out")
            #expect(throws: FileError.system(.create, file: url.relativePath, code: ENOENT)) {
                try AtomicFile.write(Data(), to: url)
            }
            let inside = folder.appending(path: "file/out")
            try Data().write(to: folder.appending(path: "file"))
            #expect(throws: FileError.system(.create, file: inside.relativePath, code: ENOTDIR)) {
                try AtomicFile.write(Data(), to: inside)
            }
        }
    }

    @Test func aFolderWithoutPermissionIsRefused() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryFolder { folder in
                try Data("old".utf8).write(to: folder.appending(path: "out"))
                chmod(folder.path, 0o555)
                let user = geteuid()
                if user == 0 { seteuid(65_534) }  // Permissions do not bind the superuser.
                let url = folder.appending(path: "out")
                #expect(throws: FileError.system(.create, file: url.relativePath, code: EACCES)) {
                    try AtomicFile.write(Data("new".utf8), to: url)
                }
                #expect(try String(contentsOf: url, encoding: .utf8) == "old")
                seteuid(user)
                chmod(folder.path, 0o755)
            }
        }
    }

    @Test func aWriteThatTheSystemStopsLeavesTheFolderAsItWas() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryFolder { folder in
                let url = folder.appending(path: "out")
                try AtomicFile.write(Data("old".utf8), to: url)
                signal(SIGXFSZ, SIG_IGN)
                limit(RLIMIT_FSIZE, to: 10_000)
                #expect(throws: FileError.system(.write, file: url.relativePath, code: EFBIG)) {
                    try AtomicFile.write(Data(count: 100_000), to: url)
                }
                #expect(try String(contentsOf: url, encoding: .utf8) == "old")
                #expect(try Self.names(in: folder) == ["out"])
            }
        }
    }

    @Test func leftoversOfKilledWritersAreRemovedAndNothingElse() async throws {
        try withTemporaryFolder { folder in
            for name in [".partial", ".a1b2.partial", "mine.partial", ".hidden", "out"] {
                try Data().write(to: folder.appending(path: name))
            }
            try AtomicFile.removeLeftovers(in: folder)
            #expect(try Self.names(in: folder) == [".hidden", "mine.partial", "out"])
        }
        #expect(throws: FileError.system(.list, file: "/nowhere at all", code: ENOENT)) {
            try AtomicFile.removeLeftovers(in: URL(filePath: "/nowhere at all"))
        }
    }

    @Test func whatAKilledWriterLeavesIsALeftover() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "formats-killed-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.path as String] in
            try AtomicFile.write(to: URL(filePath: path).appending(path: "out")) { file in
                try [1, 2, 3].withUnsafeBytes { try file.write($0) }
                kill(getpid(), SIGKILL)
            }
        }
        #expect(try Self.names(in: folder).count == 1)
        try AtomicFile.removeLeftovers(in: folder)
        #expect(try Self.names(in: folder) == [])
    }
}
