import Foundation

/// Why there is nothing to report.
enum BenchError: Error, CustomStringConvertible {
    /// Other processes used the processor.
    case busy(what: String, kept: Int, needed: Int, others: Double)
    /// A worker that the figures cannot do without gave up.
    case worker(String, reason: String)
    case unknownCase(String, known: [String])
    case noData
    case unreadable(file: String)

    var description: String {
        switch self {
        case .busy(let what, let kept, let needed, let others):
            """
            the machine is busy: \(what): \(kept) of \(needed) blocks were quiet, and other processes used about \
            \(String(format: "%.2f", others)) processors; nothing is reported
            """
        case .worker(let name, let reason): "\(name): \(reason)"
        case .unknownCase(let name, let known): "unknown case '\(name)'; there are \(known.joined(separator: ", "))"
        case .noData: "set NFN_DATA to a folder with mnist/, MNIST's original files"
        case .unreadable(let file): "\(file) is not as it is on Linux"
        }
    }
}
