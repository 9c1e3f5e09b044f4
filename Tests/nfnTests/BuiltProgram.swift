import Foundation
import Testing

/// The `nfn` that was built beside the tests, run as its users run it.
struct BuiltProgram {
    /// What a run left behind.
    struct Outcome {
        let status: Int32
        let output: String
        let complaint: String
    }

    private let process = Process()
    private let output = Pipe()
    private let complaint = Pipe()

    /// Where it was built.
    static let location = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "nfn")

    /// Starts the program, or a copy of it, in a folder of its own, with one thread.
    init(_ arguments: [String], in folder: URL, at location: URL = Self.location) throws {
        process.executableURL = location
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
        process.standardOutput = output
        process.standardError = complaint
        try process.run()
    }

    /// Runs the program to its end.
    static func run(_ arguments: [String], in folder: URL) throws -> Outcome {
        try BuiltProgram(arguments, in: folder).finish()
    }

    /// Waits until the program has said something.
    func beginning() -> Data { complaint.fileHandleForReading.availableData }

    /// Waits until the program has said something, and asks it to stop.
    func interrupt() -> Outcome {
        let beginning = beginning()
        process.interrupt()
        return finish(after: beginning)
    }

    /// Waits for some time, or until the program has ended.
    func wait(_ time: Duration) {
        let moment = ContinuousClock.now + time
        while process.isRunning, ContinuousClock.now < moment { usleep(500) }
    }

    func send(_ signal: Int32) { Foundation.kill(process.processIdentifier, signal) }

    /// Kills the program after some time, as soon as a condition holds; whether it was still running then.
    func kill(after time: Duration, when condition: () -> Bool = { true }) -> Bool {
        let moment = ContinuousClock.now + time
        while process.isRunning, ContinuousClock.now < moment { usleep(500) }
        while process.isRunning, !condition() {}
        Foundation.kill(process.processIdentifier, SIGKILL)
        return finish().status == -SIGKILL
    }

    /// Waits for the program's end; it must say less than a pipe holds, 64 KiB.
    func finish(after beginning: Data = Data()) -> Outcome {
        process.waitUntilExit()
        func text(_ pipe: Pipe, after beginning: Data = Data()) -> String {
            String(decoding: beginning + pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            output: text(output), complaint: text(complaint, after: beginning))
    }
}

/// Runs the program to its end, and expects a status.
func expectRun(
    _ arguments: [String], in folder: URL, status: Int32 = 0, sourceLocation: SourceLocation = #_sourceLocation
) throws -> BuiltProgram.Outcome {
    let outcome = try BuiltProgram.run(arguments, in: folder)
    #expect(outcome.status == status, "\(arguments): \(outcome.complaint)", sourceLocation: sourceLocation)
    return outcome
}
