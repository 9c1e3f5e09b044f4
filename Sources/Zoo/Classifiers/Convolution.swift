extension ClassifierArchitecture {
    /// A square convolution.
    public struct Convolution: Hashable, Codable, Sendable {
        /// What is assumed around the image.
        public enum Padding: String, Codable, Sendable {
            /// Nothing: the kernel stays inside, and `n` places become `⌊(n − kernel) / stride⌋ + 1`.
            case valid
            /// Zeros, `(kernel − 1) / 2` on each side: `n` places become `⌈n / stride⌉`.
            case same
        }

        /// Output channels.
        public var channels: Int
        /// The side of the kernel; odd where zeros are added.
        public var kernel: Int
        /// The step between neighbouring places.
        public var stride: Int
        public var padding: Padding
        /// Whether the input is added to the output.
        public var hasSkip: Bool

        public init(channels: Int, kernel: Int, stride: Int = 1, padding: Padding = .valid, hasSkip: Bool = false) {
            self.channels = channels
            self.kernel = kernel
            self.stride = stride
            self.padding = padding
            self.hasSkip = hasSkip
        }

        /// Zeros on each side.
        var zeros: Int { padding == .same ? (kernel - 1) / 2 : 0 }

        /// Places after the convolution, of `side` before.
        func side(after side: Int) -> Int { (side + 2 * zeros - kernel) / stride + 1 }

        /// Why the convolution cannot read `inputs` channels of these sides, if it cannot.
        func flaw(reading inputs: Int, sides: [Int]) -> String? {
            if !sizes.contains(channels) { return "expected channels in \(sizes), got \(channels)" }
            if let size = [kernel, stride].first(where: { !(1...256).contains($0) }) {
                return "expected a kernel and a stride in \(1...256), got \(size)"
            }
            if padding == .same, kernel.isMultiple(of: 2) { return "expected an odd kernel to pad, got \(kernel)" }
            if let side = sides.first(where: { $0 + 2 * zeros < kernel }) {
                return "expected a side of at least \(kernel), got \(side)"
            }
            if hasSkip, inputs != channels || sides.map(side(after:)) != sides {
                return "expected the same shape before and after a skip, "
                    + "got \([inputs] + sides) and \([channels] + sides.map(side(after:)))"
            }
            return nil
        }
    }
}
