import Foundation

/// The processor time used up so far on this machine, by all processes and by some of them.
struct ProcessorTime {
    private let total: Double
    private let own: Double
    private let instant = ContinuousClock.now

    /// - Parameter processes: the numbers of those that are to be left out of the others.
    init(of processes: [Int32]) throws {
        let tick = 1 / Double(sysconf(Int32(_SC_CLK_TCK)))
        // user nice system idle iowait irq softirq steal; what runs on the host in our stead counts as others.
        let machine = try Self.numbers(in: "/proc/stat", after: "cpu").prefix(8)
        guard machine.count == 8 else { throw BenchError.unreadable(file: "/proc/stat") }
        total = (machine.reduce(0, +) - machine[3] - machine[4]) * tick
        own = try processes.reduce(0) { sum, process in
            // Behind the command's name: state, ten more fields, then utime and stime.
            let fields = try Self.numbers(in: "/proc/\(process)/stat", after: ")")
            return sum + (fields[11] + fields[12]) * tick
        }
    }

    /// How many processors the other processes kept busy since an earlier time.
    func others(since earlier: ProcessorTime) -> Double {
        max(0, (total - earlier.total) - (own - earlier.own)) / ((instant - earlier.instant) / .seconds(1))
    }

    /// The numbers in a file's first line behind a mark; zero for words.
    private static func numbers(in file: String, after mark: String) throws -> [Double] {
        let text = try String(contentsOfFile: file, encoding: .utf8)
        guard let line = text.split(separator: "\n").first, let start = line.range(of: mark, options: .backwards)
        else { throw BenchError.unreadable(file: file) }
        return line[start.upperBound...].split(separator: " ").map { Double($0) ?? 0 }
    }
}
