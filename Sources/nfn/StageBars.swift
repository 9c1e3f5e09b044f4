import Synchronization

/// One progress bar after the other, a new one for each stage.
final class StageBars: Sendable {
    private let current = Mutex<(stage: String, bar: ProgressBar)?>(nil)

    @Sendable func update(_ stage: String, _ fraction: Double, _ note: String) {
        current.withLock { current in
            if current?.stage != stage {
                current?.bar.finish()
                current = (stage, ProgressBar(stage, total: 1000, unit: "‰"))
            }
            current?.bar.update(Int(fraction * 1000), note: note)
        }
    }

    func finish() { current.withLock { $0?.bar.finish() } }
}
