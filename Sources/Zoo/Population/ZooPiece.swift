public import Torch
public import WeightSpaces

/// Networks on their way into one shard of a zoo.
public struct ZooPiece {
    /// Networks of one architecture.
    public struct Stack {
        public let architecture: NetworkArchitecture
        /// `[networks, shape…]` for each of the architecture's parameters, float32.
        public let parameters: [Tensor]
        /// One row per network; a column is called `run`.
        public let facts: ZooTable
        /// Other arrays `[networks, …]` that belong to the networks.
        public let companions: [StoredTensor]

        /// - Traps: when the parameters are not the architecture's, or there is not one row of facts per network.
        public init(
            _ architecture: NetworkArchitecture, parameters: [Tensor], facts: ZooTable, companions: [StoredTensor] = []
        ) {
            let (expected, found) = (
                architecture.parameters.map { [facts.rows.count] + $0.shape }, parameters.map(\.shape)
            )
            precondition(found == expected, "expected parameters of shapes \(expected), got \(found)")
            precondition(facts.columns.contains("run"), "expected a column called run, got \(facts.columns)")
            self.architecture = architecture
            self.parameters = parameters
            self.facts = facts
            self.companions = companions
        }
    }

    public let stacks: [Stack]

    public init(_ stacks: [Stack]) { self.stacks = stacks }
}
