import ArgumentParser
import Foundation

/// What all measurements share.
struct Setting: ParsableArguments {
    @Argument(help: "The Python that can import the reference implementation, as Scripts/reference prints it.")
    var python: String

    @Flag(help: "Three blocks of steps instead of seven: for a first look.")
    var quick = false

    /// Where results go.
    static let folder = URL(filePath: "out/bench")
    /// One thread, and one on each of two processors.
    static let threads = [1, 2]

    var alternation: Alternation { Alternation(blocks: quick ? 3 : 7) }

    /// Makes ready to measure, on a quiet machine.
    func workshop() throws -> Workshop {
        // A worker that ended is reported by name, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        try alternation.waitForQuiet()
        return try Workshop(python: python, folder: Self.folder)
    }

    /// Prints the tables, and leaves the summary and the picture in the folder.
    func report(_ summary: Summary) throws {
        print(summary.text)
        try summary.write(to: Self.folder.appending(path: "summary.json"))
        try Data(Picture(summary: summary).svg.utf8).write(
            to: Self.folder.appending(path: "bench.svg"), options: .atomic)
    }

    /// Says what is being done.
    static func say(_ text: String) { FileHandle.standardError.write(Data("bench: \(text)\n".utf8)) }
}
