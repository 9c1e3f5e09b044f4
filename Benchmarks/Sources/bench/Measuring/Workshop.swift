import Foundation

/// Where workers come from: this program, and the peers' Python.
struct Workshop {
    /// The Python that can import the reference implementation.
    let python: String
    /// Where caches and what workers complain about go.
    let folder: URL
    private let log: FileHandle

    /// glibc's allocator keeping what is freed instead of giving it back to the kernel.
    private static let tunables =
        "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000:glibc.malloc.top_pad=268435456"
    /// Seconds for a worker to get ready; `torch.compile` takes minutes.
    private static let patience = 900.0

    init(python: String, folder: URL) throws {
        self.python = python
        self.folder = folder
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "workers.log")
        try Data().write(to: file)
        log = try FileHandle(forWritingTo: file)
    }

    /// Ours, on a case, a size of a growth curve or `fitting`.
    func ours(_ name: String, threads: Int) throws -> Worker {
        try start(
            name,
            .init(arguments: [CommandLine.arguments[0], "work", name, "--threads", "\(threads)"]))
    }

    /// A peer's counterpart of a case.
    func peer(
        _ name: String, threads: Int, isTuned: Bool = false, isCompiled: Bool = false, firstLine: Data? = nil
    ) throws -> Worker {
        var command = Worker.Command(
            arguments: [python, "Benchmarks/peers.py", name, "--threads", "\(threads)"],
            environment: [
                "OMP_NUM_THREADS": "\(threads)", "PYTHONDONTWRITEBYTECODE": "1",
                "TORCHINDUCTOR_CACHE_DIR": folder.appending(path: "inductor").path,
                // No pool of processes that compile: they would stay.
                "TORCHINDUCTOR_COMPILE_THREADS": "1",
            ], firstLine: firstLine)
        if isTuned { command.environment["GLIBC_TUNABLES"] = Self.tunables }
        if isCompiled { command.arguments.append("--compile") }
        return try start(name, command)
    }

    private func start(_ name: String, _ command: Worker.Command) throws -> Worker {
        try Worker(name, command, limit: Self.patience, log: log)
    }
}
