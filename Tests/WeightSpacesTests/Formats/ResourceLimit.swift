import Foundation
import Glibc
import Testing

/// Lowers what this process may use of `resource`; for exit tests, whose process ends soon.
func limit(_ resource: __rlimit_resource, to amount: Int) {
    let resource = __rlimit_resource_t(resource.rawValue)
    var limits = rlimit()
    getrlimit(resource, &limits)
    limits.rlim_cur = rlim_t(amount)
    precondition(setrlimit(resource, &limits) == 0, "expected to set a limit of \(amount), got errno \(errno)")
}

/// Lets this process have `amount` bytes more of private memory than it has now.
func limitMemory(toFurther amount: Int) throws {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmData:") })
    let kilobytes = try #require(Int(line.filter(\.isNumber)))
    limit(RLIMIT_DATA, to: kilobytes << 10 + amount)
}

/// Ends this process when it computes for more than `seconds` before the next call; other processes do not count.
func limitProcessorTime(perRound seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    precondition(
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil) == 0,
        "expected to set a timer, got errno \(errno)")
}
