import Foundation

/// A process that has one case set up and takes steps when it is told to.
final class Worker {
    /// What to run, and how.
    struct Command: Sendable {
        var arguments: [String]
        var environment: [String: String] = [:]
        /// What it reads before it sets its case up.
        var firstLine: Data?
    }

    let name: String
    /// The number of trainable numbers.
    private(set) var parameters: Int?
    /// How many steps make a block that is long enough to watch the machine.
    private(set) var stepsPerBlock = 1
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()
    private var secondsPerStep = 0.0

    /// Seconds that a block of steps takes at least: many ticks of the kernel's clock.
    private static let block = 0.6

    /// Starts the process and waits until its case is set up and warm.
    ///
    /// - Throws: ``BenchError`` when it gives up, or is not ready after `limit` seconds.
    init(_ name: String, _ command: Command, limit: Double, log: FileHandle) throws {
        self.name = name
        process.executableURL = URL(filePath: command.arguments[0])
        process.arguments = Array(command.arguments.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.merging(command.environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        process.standardError = log
        try process.run()
        if let line = command.firstLine { try input.fileHandleForWriting.write(contentsOf: line + Data("\n".utf8)) }
        do {
            let ready = try answer(within: limit)
            parameters = ready.parameters
            secondsPerStep = ready.seconds?.min() ?? 0
            stepsPerBlock = max(1, Int((Self.block / secondsPerStep).rounded(.up)))
        } catch {
            stop()
            throw error
        }
    }

    deinit { stop() }

    /// The number of the process.
    var identifier: Int32 { process.processIdentifier }

    /// Takes a block of steps: the seconds of each.
    func takeSteps() throws -> [Double] {
        try say("step \(stepsPerBlock)")
        return try answer(within: 60 + 30 * secondsPerStep * Double(stepsPerBlock)).seconds ?? []
    }

    /// Ends the process: its last words.
    func end() throws -> Answer {
        try say("end")
        let last = try answer(within: 60)
        process.waitUntilExit()
        return last
    }

    private func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private func say(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    private func answer(within limit: Double) throws -> Answer {
        let descriptor = output.fileHandleForReading.fileDescriptor
        let deadline = ContinuousClock.now + .seconds(limit)
        while !unread.contains(UInt8(ascii: "\n")) {
            var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0, poll(&state, 1, Int32(min(left, 1e9))) != 0 else {
                throw BenchError.worker(name, reason: "no answer within \(Int(limit)) seconds")
            }
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw BenchError.worker(name, reason: "ended without an answer") }
            unread += data
        }
        let line = unread.prefix { $0 != UInt8(ascii: "\n") }
        let answer = try JSONDecoder().decode(Answer.self, from: line)
        unread = Data(unread.dropFirst(line.count + 1))
        if let failure = answer.failure { throw BenchError.worker(name, reason: failure) }
        return answer
    }
}
