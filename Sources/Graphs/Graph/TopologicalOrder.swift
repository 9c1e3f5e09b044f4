/// Puts nodes into an order in which each comes after those whose results it reads.
///
/// Nodes that are in such an order already keep it.
struct TopologicalOrder {
    private enum State { case unseen, open, done }

    private let nodes: [Node]
    private let sources: [[Int]]
    private var states: [State]
    private var order: [Int] = []

    /// The nodes in order.
    ///
    /// - Throws: ``Cycle`` when there is none.
    static func sorted(_ nodes: [Node]) throws(Cycle) -> [Node] {
        var order = TopologicalOrder(nodes)
        for index in nodes.indices { try order.visit(index) }
        return order.order.map { nodes[$0] }
    }

    /// A node needs, through others, its own result.
    struct Cycle: Error {
        let node: Node
    }

    private init(_ nodes: [Node]) {
        self.nodes = nodes
        var writers: [String: Int] = [:]
        for (index, node) in nodes.enumerated() {
            for case let name? in node.outputs { writers[name] = index }
        }
        sources = nodes.map { node in node.reads.compactMap { writers[$0] }.sorted() }
        states = Array(repeating: .unseen, count: nodes.count)
    }

    /// Appends the node at `start` after everything that it needs, without recursion.
    private mutating func visit(_ start: Int) throws(Cycle) {
        guard states[start] == .unseen else { return }
        states[start] = .open
        var path = [(node: start, next: 0)]
        while let (node, next) = path.last {
            guard next < sources[node].count else {
                states[node] = .done
                order.append(node)
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let source = sources[node][next]
            switch states[source] {
            case .done: break
            case .open: throw Cycle(node: nodes[source])
            case .unseen:
                states[source] = .open
                path.append((source, 0))
            }
        }
    }
}
