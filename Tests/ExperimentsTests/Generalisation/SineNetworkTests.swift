import Foundation
import TestSupport
import Testing
import Torch
import Zoo

@testable import Experiments

@Suite("Signs of sine neurons", .oneThread) struct SineNetworkTests {
    private func withPopulation(_ body: (WeightPopulation, INRZoo, URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let zoo = try makeSmallZoo(in: folder.appending(path: "zoo"))
            let population = try WeightPopulation(
                zoo.zoo, target: "psnr", where: nil, split: .init(validation: 0.2, test: 0.3))
            try body(population, zoo, folder)
        }
    }

    @Test("SIRENs with other signs show the same pictures; with other signs in one parameter alone, others")
    func pictures() throws {
        try withPopulation { population, zoo, _ in
            var random = RandomSource(seed: 1)
            let flipped = try population.rescaled(using: &random)
            func pictures(_ parameters: [Tensor]) -> Tensor {
                let shapes = zoo.siren.parameterShapes.map { [zoo.count] + $0 }
                return zoo.siren.render(
                    zip(parameters, shapes).map { $0.to(.float64).reshaped($1) },
                    at: zoo.grid.coordinates(dtype: .float64))
            }
            let expected = pictures(population.stacks[0].parameters)
            expectClose(pictures(flipped.stacks[0].parameters), expected, relativeError: 1e-12)
            for parameter in population.stacks[0].parameters.indices.dropLast() {
                var half = population.stacks[0].parameters
                half[parameter] = flipped.stacks[0].parameters[parameter]
                #expect(relativeError(pictures(half), expected) > 1e-2, "parameter \(parameter)")
            }
        }
    }

    @Test("a scale-aware functional predicts the same of flipped networks, one that is not does not")
    func predictions() throws {
        try withPopulation { population, _, folder in
            func difference(isScaleAware: Bool) throws -> Double {
                let options = TrainingOptions(steps: 20, batch: 16, warmUp: 5, validationInterval: 10)
                let plan = GeneralisationStudy.Plan(
                    trunk: .init(depth: 2, channels: 8, matrixChannels: 4, frequencies: 0), functional: options,
                    perceptrons: options, isScaleAware: isScaleAware)
                let result = try GeneralisationStudy(
                    of: population, .init(networks: "SIRENs", target: "psnr", recipe: "", command: ""), plan: plan,
                    in: folder.appending(path: "aware \(isScaleAware)")
                ).run()
                let methods = Dictionary(uniqueKeysWithValues: result.methods.map { ($0.name, $0.predictions) })
                let expected = try #require(methods["ensemble"])
                let found = try #require(methods["ensemble, neurons rescaled"])
                #expect(Set(expected).count > 1)
                return relativeError(Tensor(found), Tensor(expected))
            }
            let (aware, plain) = (try difference(isScaleAware: true), try difference(isScaleAware: false))
            #expect(aware < 1e-6)
            #expect(plain > 1e-3)
        }
    }
}
