/// How fast and how well SIRENs were fitted, ours and by batched products in PyTorch.
struct FittingResult: Encodable {
    /// One fitter.
    struct Fitter: Encodable {
        let name: String
        let msPerStep: Double
        let quartilesMs: [Double]
        let psnr: Double?

        private enum CodingKeys: String, CodingKey {
            case name, psnr
            case msPerStep = "ms_per_network_and_step"
            case quartilesMs = "quartiles_ms"
        }
    }

    /// The pictures that are fitted, and the steps of each.
    static let (pictures, steps) = (512, 200)

    let threads: Int
    var pictures = Self.pictures
    var steps = Self.steps
    /// Ours first.
    let fitters: [Fitter]

    /// The time of the faster peer over ours.
    var ratio: Double? { fitters.dropFirst().map(\.msPerStep).min().map { $0 / fitters[0].msPerStep } }

    /// Measures ours and the peer with batches of two sizes.
    static func measured(threads: Int, in workshop: Workshop, _ alternation: Alternation) throws -> FittingResult {
        let names = ["ours", "fitting-64", "fitting-512"]
        let workers = try names.map { name in
            name == "ours"
                ? try workshop.ours("fitting", threads: threads)
                : try workshop.peer(name, threads: threads, isTuned: true)
        }
        let seconds = try alternation.run(workers, of: "fitting, \(threads) threads")
        return FittingResult(
            threads: threads,
            fitters: try zip(names, zip(workers, seconds)).map { name, measured in
                let time = Spread(of: measured.1) * (1000 / Double(pictures * steps))
                return Fitter(
                    name: name, msPerStep: time.median, quartilesMs: [time.lower, time.upper],
                    psnr: try measured.0.end().psnr)
            })
    }
}
