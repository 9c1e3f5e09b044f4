import ArgumentParser
import Experiments
import Foundation
import Graphs
import NeuralFunctionals
import WeightSpaces
import Zoo

/// How the program ends: 0 done, 64 wrong usage, 65 bad data, 74 a file that cannot be read or written, 1 the rest.
enum ExitStatus: Int32 {
    case failure = 1
    case usage = 64
    case data = 65
    case files = 74

    /// The status for an error that a command meets while it runs, `nil` for those of parsing its command line.
    init?(_ error: any Error) {
        switch error {
        case is FileError: self = .files
        case is FormatError, is ONNXError, is GraphError, is FamilyError, is SpecificationError, is FunctionalError,
            is ImageError, is INRError, is SplitError, is TrainingError,
            is WeightSpaceError, is ZooError, is ZooNotSound, is ClassifierError, is ScalingError, is ImportError,
            is NotEmbedded:
            self = .data
        case is ValidationError: self = .usage
        case is Interruption, is NotCertified: self = .failure
        default: return nil
        }
    }

    /// Prints one line that says what was wrong, and ends the program.
    static func exit(after error: any Error) -> Never {
        if let status = ExitStatus(error) {
            FileHandle.standardError.write(Data("nfn: \(error)\n".utf8))
            leave(with: status.rawValue)
        }
        let status = NFN.exitCode(for: error)
        let message = NFN.fullMessage(for: error)
        let file = status.isSuccess ? FileHandle.standardOutput : .standardError
        if !message.isEmpty { file.write(Data("\(message)\n".utf8)) }
        leave(with: status.rawValue)
    }

    /// Ends the program at once: libtorch would take its thousands of registered operators back one by one.
    static func leave(with status: Int32 = 0) -> Never {
        fflush(nil)
        _exit(status)
    }
}
