import Foundation
import Synchronization

/// The user's wish to end (Ctrl-C), which long work looks out for at places where it can be taken up again.
///
/// Work that comes to no such place within a moment is ended where it is. What that loses is what `kill -9` loses: files are
/// replaced as wholes (`AtomicFile`), so what was stored is taken up again.
struct Interruption: Error, CustomStringConvertible {
    let description = Self.message.description

    private static let message: StaticString =
        "interrupted; give the same command again to continue, with --resume where it has that option"
    private static let isRequested = Atomic(false)
    /// Posted once it is.
    private nonisolated(unsafe) static let request = {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
        return semaphore
    }()
    /// How long work may take to come to a place where it can be taken up again, in seconds.
    private static let patience = 0.7

    /// Notes the first signal instead of ending the program, which ends within a second; a second one ends it at once.
    static func watch() {
        _ = (isRequested.load(ordering: .relaxed), request)
        Thread.detachNewThread {
            while sem_wait(request) != 0 {}
            Thread.sleep(forTimeInterval: patience)
            end(saying: message)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&signals, number)
            signal(number) { _ in
                if Interruption.isRequested.exchange(true, ordering: .relaxed) {
                    Interruption.end(
                        saying: "interrupted again, and ended at once; --resume goes on from what was stored")
                }
                sem_post(Interruption.request)
            }
        }
        // The program that started this one may have blocked them.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// - Throws: the interruption once it was requested.
    @Sendable static func check() throws {
        if isRequested.load(ordering: .relaxed) { throw Interruption() }
    }

    /// Ends the program with one line, as a signal handler may.
    private static func end(saying text: StaticString) -> Never {
        for part in ["nfn: ", text, "\n"] as [StaticString] {
            _ = write(STDERR_FILENO, part.utf8Start, part.utf8CodeUnitCount)
        }
        _exit(ExitStatus.failure.rawValue)
    }
}
