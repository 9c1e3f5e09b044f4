import Foundation
import Synchronization

/// The user's wish to end (Ctrl-C), which long work looks out for at places where it can be taken up again.
struct Interruption: Error, CustomStringConvertible {
    let description = "interrupted; give the same command again to continue, with --resume where it has that option"

    private static let isRequested = Atomic(false)

    /// Notes the first signal instead of ending the program; a second one ends it.
    static func watch() {
        _ = isRequested.load(ordering: .relaxed)
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&signals, number)
            signal(number) { number in
                Interruption.isRequested.store(true, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
        }
        // The program that started this one may have blocked them.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// - Throws: the interruption once it was requested.
    static func check() throws {
        if isRequested.load(ordering: .relaxed) { throw Interruption() }
    }
}
