public import Foundation
public import Torch
internal import WeightSpaces

/// A population of networks in a folder: weights in safetensors shards that stay on disk until they are used, and a catalog
/// of what is known about each network.
///
/// A zoo can be read at any time, also while it is being made; then it has the networks of the pieces that are done.
public struct Zoo: Sendable {
    /// Where the zoo is.
    public let folder: URL
    /// How its networks were made.
    public let origins: [ZooOrigin]
    /// The shapes of networks that there are.
    public let architectures: [NetworkArchitecture]
    /// The number of networks.
    public let count: Int
    /// Pieces that are yet to be made.
    public let missingPieces: Int

    let catalog: Catalog
    private let stacks: [ZooStack]
    /// The number of each stack's first network.
    private let firsts: [Int]

    /// Opens a zoo.
    ///
    /// - Throws: `FileError`, `FormatError`; ``ZooError`` when the catalog is damaged, or a shard is not as it says.
    public init(contentsOf folder: URL) throws {
        let catalog = try Catalog(of: folder)
        if case .broken(let expected, let found) = try CatalogSeal.state(in: folder) {
            throw ZooError.checksum(file: catalog.file, expected: expected, found: found)
        }
        let contents = try catalog.contents()
        if let flaw = try catalog.misplacedNetworks().first {
            throw ZooError.catalog(file: catalog.file, problem: flaw)
        }
        let files = try contents.shards.mapValues { try SafetensorsFile(folder.appending(path: $0.file)) }
        var stacks: [ZooStack] = []
        var firsts: [Int] = []
        var count = 0
        for stack in contents.stacks {
            guard let file = files[stack.shard], let architecture = contents.architectures[stack.architecture] else {
                throw ZooError.catalog(file: catalog.file, problem: "a stack without shard or architecture")
            }
            stacks.append(try ZooStack(architecture, rows: stack.rows, in: file, prefix: stack.prefix))
            firsts.append(count)
            count += stack.rows
        }
        self.folder = folder
        self.catalog = catalog
        self.stacks = stacks
        self.firsts = firsts
        origins = contents.origins
        architectures = contents.architectures.sorted { $0.key < $1.key }.map(\.value)
        self.count = count
        missingPieces = origins.reduce(0) { $0 + $1.pieces } - contents.shards.count
    }

    /// The number of networks of an architecture.
    public func count(of architecture: NetworkArchitecture) -> Int {
        stacks.reduce(0) { $1.architecture == architecture ? $0 + $1.rows : $0 }
    }

    /// The architecture of a network.
    public func architecture(of network: Int) -> NetworkArchitecture { place(of: network).stack.architecture }

    /// The parameters of some networks of one shape, in the order of ``NetworkArchitecture/parameters``.
    ///
    /// - Input: numbers of networks, in any order.
    /// - Output: float32 `[networks, shape…]` for each parameter.
    /// - Traps: when there is no such network, or their shapes differ.
    public func parameters(at networks: [Int]) -> [Tensor] {
        let places = networks.map(place)
        guard let architecture = places.first?.stack.architecture else { return [] }
        for place in places {
            precondition(
                place.stack.architecture.space == architecture.space,
                "expected networks of one shape, got \(architecture.name) and \(place.stack.architecture.name)")
        }
        return architecture.parameters.enumerated().map { index, parameter in
            let values: [Float] = rows(at: places, elements: parameter.shape.reduce(1, *)) { stack, row, buffer in
                stack.copyRow(row, ofParameter: index, to: buffer)
            }
            return Tensor(values, shape: [networks.count] + parameter.shape)
        }
    }

    /// Rows `[networks, shape…]` of an array that belongs to the networks.
    ///
    /// - Throws: ``ZooError`` when there is none.
    func companions<Element: BitwiseCopyable>(
        _ name: String, _ dtype: StoredDType, shape: [Int], at networks: [Int]
    ) throws -> [Element] {
        try rows(at: networks.map(place), elements: shape.reduce(1, *)) { stack, row, buffer in
            guard stack.copyRow(row, ofCompanion: name, dtype, shape, to: buffer) else {
                throw ZooError.tensor(
                    file: folder.relativePath, name: name, expected: "\(dtype.rawValue) \(shape)", found: nil)
            }
        }
    }

    /// Whether such an array belongs to every network.
    func hasCompanions(_ name: String) -> Bool { stacks.allSatisfy { $0.hasCompanion(name) } }

    /// The checksum of every network's weights.
    var checksums: [UInt32] { stacks.flatMap { $0.checksums() } }

    /// Requires every weight to be a finite number.
    ///
    /// - Throws: ``ZooError/notFinite(file:network:parameter:)``.
    public func requireFinite() throws {
        for (number, stack) in stacks.enumerated() {
            guard let flaw = try stack.firstFlaw() else { continue }
            throw ZooError.notFinite(
                file: stack.file.url.relativePath, network: firsts[number] + flaw.row, parameter: flaw.parameter)
        }
    }

    private func rows<Element: BitwiseCopyable>(
        at places: [(stack: ZooStack, row: Int)], elements: Int,
        _ copy: (ZooStack, Int, UnsafeMutableRawBufferPointer) throws -> Void
    ) rethrows -> [Element] {
        try [Element](unsafeUninitializedCapacity: places.count * elements) { buffer, initializedCount in
            for (position, place) in places.enumerated() {
                let row = UnsafeMutableBufferPointer(rebasing: buffer[position * elements..<(position + 1) * elements])
                try copy(place.stack, place.row, UnsafeMutableRawBufferPointer(row))
            }
            initializedCount = buffer.count
        }
    }

    /// The stack that a network is in, and its row there.
    private func place(of network: Int) -> (stack: ZooStack, row: Int) {
        precondition((0..<count).contains(network), "expected a network in 0..<\(count), got \(network)")
        var (low, high) = (0, firsts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if firsts[middle] <= network { low = middle } else { high = middle }
        }
        return (stacks[low], network - firsts[low])
    }
}
