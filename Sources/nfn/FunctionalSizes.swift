import ArgumentParser
import Experiments
import Foundation

/// How large a functional may be asked for, so that what it would cost can be counted.
enum FunctionalSizes {
    static let largest = 16_384
    private static let deepest = 64

    /// - Throws: `ValidationError` when channels or layers are out of range.
    static func check(_ channels: [(name: String, value: Int)], depth: Int) throws {
        for (name, value) in channels where !(1...largest).contains(value) {
            throw ValidationError("--\(name): expected 1 to \(largest), got \(value)")
        }
        if !(0...deepest).contains(depth) {
            throw ValidationError("--depth: expected at most \(deepest), got \(depth)")
        }
    }
}

extension TrainingCost {
    /// Says what the training costs, unless the machine cannot hold it.
    ///
    /// - Throws: `TrainingError.tooLarge(_:memory:)`.
    func announce() throws {
        try require()
        FileHandle.standardError.write(Data("the \(name) has \(self)\n".utf8))
    }
}
