import Foundation

/// This process's memory, from /proc.
enum ProcessMemory {
    /// What it holds.
    static func resident() throws -> Double { try field("VmRSS") }

    /// The most that it ever held.
    static func peak() throws -> Double { try field("VmHWM") }

    /// What it holds apart from files, which the kernel can drop at any time.
    static func anonymous() throws -> Double { try field("RssAnon") }

    /// A field of the process's status, in MB.
    private static func field(_ name: String) throws -> Double {
        let file = "/proc/self/status"
        let line = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix("\(name):") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { throw BenchError.unreadable(file: file) }
        return kilobytes / 1024
    }
}
