import TestSupport
import Testing
import Torch

@testable import Zoo

@Suite("Fitting", .oneThread)
struct INRFittingTests {
    let grid = PixelGrid(height: 8, width: 8)

    private func fitted(
        _ recipe: FittingRecipe, _ images: [Int], attempt: Int = 0
    ) throws -> (parameters: [Tensor], psnr: [Double]) {
        let set = discs(count: 8)
        let signal = images.flatMap { set.signal(of: $0..<$0 + 1) }
        return try INRFitting(recipe: recipe, grid: grid).fit(
            Tensor(signal, shape: [images.count, grid.count, 1]),
            images.map { .init(image: $0, attempt: attempt) })
    }

    @Test("fitting raises the PSNR above 30 dB with either recipe, also when a step sees half of the pixels")
    func fits() throws {
        var paper = FittingRecipe.paper(widths: [2, 16, 16, 1], omega: 8)
        var smooth = FittingRecipe.smooth(widths: [2, 16, 16, 1], omega: 3)
        paper.steps = 150
        smooth.steps = 300
        smooth.pixelsPerStep = 32
        for var recipe in [paper, smooth] {
            #expect(try fitted(recipe, [0, 1, 2]).psnr.allSatisfy { $0 > 30 })
            recipe.steps = 1
            #expect(try fitted(recipe, [0, 1, 2]).psnr.allSatisfy { $0 < 15 })
        }
    }

    @Test("a network depends on its image, its attempt and the seed, not on the batch that it is in")
    func independentOfBatch() throws {
        var recipe = FittingRecipe.smooth(widths: [2, 4, 4, 1])
        recipe.steps = 5
        let (together, alone) = (try fitted(recipe, [2, 5, 7]).parameters, try fitted(recipe, [5]).parameters)
        for (together, alone) in zip(together, alone) {
            let row = together.narrowed(0, to: 1..<2)
            #expect(row.elements(as: Float.self) == alone.elements(as: Float.self))
        }
        let again = try fitted(recipe, [5], attempt: 1).parameters
        recipe.seed = 1
        let reseeded = try fitted(recipe, [5]).parameters
        for other in [again, reseeded] { #expect((other[0] - alone[0]).magnitude.mean.item > 1e-2) }
    }

    @Test("fitting is Adam on the mean squared error of what the networks draw")
    func followsTheRecipe() throws {
        let images = [0, 1, 2]
        var recipe = FittingRecipe.paper(widths: [2, 9, 5, 1], omega: 6, hiddenOmega: 3)
        recipe.steps = 0
        let start = try fitted(recipe, images).parameters
        recipe.steps = 5
        let found = try fitted(recipe, images).parameters
        let pictures = Tensor(discs(count: 8).signal(of: 0..<3), shape: [3, grid.count, 1]).to(.float64)
        var networks = Networks(parameters: start.map { $0.to(.float64) })
        var optimizer = AdamW(for: networks, betas: (recipe.beta1, recipe.beta2))
        for step in 0..<recipe.steps {
            let variables = networks.parameters.map(\.asVariable)
            let drawn = recipe.siren.render(variables, at: grid.coordinates(dtype: .float64))
            let error = (drawn - pictures).squared.mean([1, 2]).sum
            optimizer.step(
                &networks, gradients: gradients(of: error, withRespectTo: variables),
                learningRate: recipe.learningRate(atStep: step))
        }
        for (found, (expected, start)) in zip(found, zip(networks.parameters, start)) {
            let start = start.to(.float64)
            expectClose(found.to(.float64) - start, expected - start, relativeError: 1e-3)
        }
    }

    private struct Networks: Module {
        var parameters: [Tensor]

        mutating func visitParameters(_ visit: (String, inout Tensor) throws -> Void) rethrows {
            for index in parameters.indices { try visit("\(index)", &parameters[index]) }
        }
    }

    @Test("initial weights fill their ranges; stratified ones have one neuron in each part of the plane")
    func initialization() {
        let siren = SIREN(widths: [2, 32, 5, 1], omega: 9, hiddenOmega: 3)
        var random = RandomSource(seed: 1)
        let drawn = SIRENInitialization.paper(for: siren).parameters(of: siren, using: &random)
        #expect(drawn.map(\.shape) == siren.parameterShapes)
        for (parameter, bound) in zip(drawn, [0.5, 0.5.squareRoot(), (6.0 / 32).squareRoot() / 3]) {
            let largest = parameter.magnitude.maximum(Array(0..<parameter.rank)).item
            #expect(largest <= bound && largest > 0.8 * bound)
        }
        let initialization = SIRENInitialization(
            layers: [.init(weight: -2...2, bias: 0.25...0.25), .init(weight: 0...1), .init(weight: 0...1)],
            isStratified: true)
        let stratified = initialization.parameters(of: siren, using: &random)
        let weights = stratified[0].elements(as: Float.self)
        let cells = (0..<32).map { [Int((weights[2 * $0] + 2) * 2), Int(weights[2 * $0 + 1] + 2)] }
        #expect(Set(cells).count == 32)
        #expect(cells != cells.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) })
        #expect(stratified[1].elements(as: Float.self).allSatisfy { $0 == 0.25 })
        #expect(stratified[3].elements(as: Float.self).allSatisfy { $0 == 0 })
    }

    @Test("the PSNR of an error of a tenth of the range is 20 dB")
    func peakSignalToNoise() {
        let (a, b) = (Tensor.zeros([2, 3, 1]), Tensor(repeating: 0.2, shape: [2, 3, 1]))
        for psnr in peakSignalToNoiseRatio(a, b) { #expect(abs(psnr - 20) < 1e-5) }
    }
}
