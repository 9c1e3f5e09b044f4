import Foundation
import Testing

/// Kills runs of a command at random moments, spread over what a whole run takes.
struct Killing {
    /// How many runs are killed.
    let trials: Int

    /// Runs a command to its end and tells how long that took.
    func duration(_ arguments: [String], in folder: URL) throws -> Duration {
        let start = ContinuousClock.now
        let outcome = try BuiltProgram.run(arguments, in: folder)
        try #require(outcome.status == 0, "\(outcome.complaint)")
        return ContinuousClock.now - start
    }

    /// Kills a run at a random moment within one of ``trials`` equal parts of what a whole run takes.
    ///
    /// - Parameter whole: how long a whole run takes, which other tests beside this one decide; corrected by a run that
    ///   ended before its moment.
    /// - Returns: whether the run was killed before its end.
    func kill(
        _ arguments: [String], in folder: URL, _ trial: Int, of whole: inout Duration,
        when condition: () -> Bool = { true }
    ) throws -> Bool {
        let moment = whole * ((Double(trial) + .random(in: 0..<1)) / Double(trials))
        let start = ContinuousClock.now
        let isKilled = try BuiltProgram(arguments, in: folder).kill(after: moment, when: condition)
        if !isKilled { whole = min(whole, ContinuousClock.now - start) }
        return isKilled
    }
}
