import Foundation

/// What the figures were measured on.
struct Machine: Encodable {
    let processor: String
    let processors: Int

    init() {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let model = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        processor = model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown processor"
        processors = ProcessInfo.processInfo.activeProcessorCount
    }
}
