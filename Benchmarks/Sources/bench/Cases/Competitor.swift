import Foundation

/// Who takes the steps of a case.
enum Competitor: String, CaseIterable {
    case ours
    /// PyPI `nfn` as it is.
    case reference
    /// The same with an allocator that keeps freed memory.
    case referenceTuned = "reference_tuned"
    /// The same under `torch.compile`.
    case torchCompile = "torch_compile"
    /// Nothing but the matrix products that the step cannot do without.
    case gemmBound = "gemm_bound"

    /// What the table calls it.
    var title: String {
        switch self {
        case .ours: "ours"
        case .reference: "reference"
        case .referenceTuned: "ref. tuned"
        case .torchCompile: "compiled"
        case .gemmBound: "products"
        }
    }

    /// Whether figures can be given without it.
    var isOptional: Bool { self == .torchCompile }

    /// A worker that is ready to step.
    func worker(for benchmark: Case, threads: Int, from workshop: Workshop) throws -> Worker {
        switch self {
        case .ours: try workshop.ours(benchmark.name, threads: threads)
        case .reference: try workshop.peer(benchmark.name, threads: threads)
        case .referenceTuned: try workshop.peer(benchmark.name, threads: threads, isTuned: true)
        case .torchCompile: try workshop.peer(benchmark.name, threads: threads, isTuned: true, isCompiled: true)
        case .gemmBound:
            try workshop.peer(
                "products", threads: threads, isTuned: true, firstLine: JSONEncoder().encode(benchmark.products()))
        }
    }
}
