internal import CTorch

/// The functions of libtorch, which is loaded when the first of them is called.
var libtorch: ct_table { Libtorch.loaded.functions }

/// A libtorch that was loaded.
struct Libtorch: Sendable {
    let functions: ct_table

    /// The threads that it would use; it uses the one that calls it.
    let threadCount: Int

    static let loaded: Libtorch = {
        let functions = ct_open().pointee
        requireSameRelease(compiled: functions.version_compiled(), loaded: functions.version_loaded())
        functions.reuse_memory()
        let count = Int(functions.thread_count())
        // On this very thread, which has just learnt of them; those that compute later learn of one.
        functions.use_one_thread()
        return Libtorch(functions: functions, threadCount: count)
    }()

    /// Traps where headers and library are of different versions, which would corrupt memory.
    static func requireSameRelease(compiled: UInt64, loaded: UInt64) {
        guard compiled >> 40 == loaded >> 40 else {
            fatalError(
                "libtorch \(describe(loaded)) was loaded, but this program was built for \(describe(compiled)): "
                    + "run `make setup` and build again")
        }
    }

    /// The version in the upper three bytes, such as `2.13.0`.
    static func describe(_ version: UInt64) -> String {
        "\(version >> 56).\(version >> 48 & 0xff).\(version >> 40 & 0xff)"
    }
}

typealias ErrorMessage = UnsafeMutablePointer<CChar>

/// Calls into libtorch; a failure there is a caller's mistake (shapes, types), and traps with libtorch's message.
@inline(__always)
func checked<Result>(_ call: (UnsafeMutablePointer<ErrorMessage?>) -> Result) -> Result {
    var message: ErrorMessage?
    let result = call(&message)
    if let message { fatalError("libtorch: \(String(cString: message))") }
    return result
}
