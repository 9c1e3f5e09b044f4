internal import Foundation

/// The memory that this process may have.
public enum MachineMemory {
    /// The machine's bytes, or fewer where a control group or a limit of the process says so.
    public static var bytes: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        return ([machine] + controlGroup + [limit(RLIMIT_AS), limit(RLIMIT_DATA)].compactMap(\.self)).reduce(
            machine, min)
    }

    /// What a container may have, in versions 2 and 1 of control groups.
    private static var controlGroup: [Int] {
        ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].compactMap { file in
            (try? String(contentsOfFile: file, encoding: .utf8)).flatMap { Int($0.prefix { $0.isNumber }) }
        }
    }

    private static func limit(_ resource: __rlimit_resource) -> Int? {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0 else { return nil }
        return Int(exactly: limits.rlim_cur)
    }
}
