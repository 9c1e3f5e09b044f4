import Glibc

/// Lowers what this process may use of `resource`; for exit tests, whose process ends soon.
func limit(_ resource: __rlimit_resource, to amount: Int) {
    let resource = __rlimit_resource_t(resource.rawValue)
    var limits = rlimit()
    getrlimit(resource, &limits)
    limits.rlim_cur = rlim_t(amount)
    precondition(setrlimit(resource, &limits) == 0, "expected to set a limit of \(amount), got errno \(errno)")
}
