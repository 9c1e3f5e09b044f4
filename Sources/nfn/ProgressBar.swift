import Foundation
import Synchronization

/// How far long work has come, how fast it goes and how long it will take.
///
/// On a terminal one line is redrawn; elsewhere a line is written now and then.
final class ProgressBar: Sendable {
    private struct State {
        /// What was done when the work began, which says nothing about the rate.
        var start: (count: Int, time: ContinuousClock.Instant)?
        var drawn: ContinuousClock.Instant?
    }

    private let label: String
    private let unit: String
    private let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    init(_ label: String, total: Int, unit: String) {
        self.label = label
        self.total = total
        self.unit = unit
    }

    /// Shows that `count` of the total are done, unless something was shown a moment ago.
    ///
    /// - Parameter note: what else there is to say, such as a loss.
    func update(_ count: Int, note: String = "") {
        state.withLock { state in
            let now = ContinuousClock.now
            let start = state.start ?? (count, now)
            state.start = start
            let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
            if count < total, let drawn = state.drawn, now - drawn < pause { return }
            state.drawn = now
            write(line(count, note, done: count - start.count, in: now - start.time))
        }
    }

    /// Leaves the last line where it is; what is printed next comes below it.
    func finish() {
        if isTerminal { FileHandle.standardError.write(Data("\n".utf8)) }
    }

    private func line(_ count: Int, _ note: String, done: Int, in duration: Duration) -> String {
        var parts = ["\(label) \(count)/\(total)"]
        if isTerminal {
            let filled = total > 0 ? 24 * count / total : 24
            parts[0] =
                "\(label) \(String(repeating: "█", count: filled))\(String(repeating: "░", count: 24 - filled)) "
                + "\(count)/\(total)"
        }
        let rate = Double(done) / max(duration / .seconds(1), 1e-3)
        if done > 0 {
            parts.append("\(rate < 10 ? String(format: "%.1f", rate) : String(Int(rate))) \(unit)/s")
            if count < total { parts.append("\(Self.clock(Double(total - count) / rate)) left") }
        }
        if !note.isEmpty { parts.append(note) }
        return parts.joined(separator: ", ")
    }

    private func write(_ line: String) {
        FileHandle.standardError.write(Data((isTerminal ? "\r\(line)\u{1B}[K" : "\(line)\n").utf8))
    }

    private static func clock(_ seconds: Double) -> String {
        let seconds = Int(seconds.rounded(.up))
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        return (hours > 0 ? "\(hours):\(String(format: "%02d", minutes))" : "\(minutes)")
            + String(format: ":%02d", seconds % 60)
    }
}
