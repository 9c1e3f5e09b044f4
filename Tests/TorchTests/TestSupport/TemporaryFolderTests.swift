import Foundation
import TestSupport
import Testing

struct TemporaryFolderTests {
    @Test func theFolderIsRemovedAlsoWhenTheBodyThrows() throws {
        struct Failure: Error {}
        var folder: URL?
        #expect(throws: Failure.self) {
            try withTemporaryFolder {
                folder = $0
                try Data("x".utf8).write(to: $0.appending(path: "file"))
                throw Failure()
            }
        }
        let path = try #require(folder).path()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
