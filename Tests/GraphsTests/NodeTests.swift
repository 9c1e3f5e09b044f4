import Testing

@testable import Graphs

@Suite("Nodes")
struct NodeTests {
    @Test("a setting of another kind is refused by name")
    func wrongKind() throws {
        let node = Node("Conv", inputs: ["x", "w"], outputs: ["y"], attributes: ["group": .text("2")])
        #expect(throws: GraphError.attribute("group", node: "Conv", expected: "an integer")) {
            try node.integer("group", default: 1)
        }
        #expect(try node.integer("absent", default: 3) == 3)
    }
}
