import Foundation
import Glibc
import Testing

/// Lets this process have `amount` bytes more of private memory than it has now; for exit tests, whose process ends soon.
func limitMemory(toFurther amount: Int) throws {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmData:") })
    let kilobytes = try #require(Int(line.filter(\.isNumber)))
    var limits = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limits)
    limits.rlim_cur = rlim_t(kilobytes << 10 + amount)
    try #require(setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limits) == 0)
}
