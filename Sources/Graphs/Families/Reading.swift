/// How the network in a checkpoint computes, as far as is known.
struct Reading {
    /// The network.
    let graph: Graph
    /// Who says so.
    let source: GraphSource
    /// What in it is not given.
    var assumptions: [Assumption] = []
}
