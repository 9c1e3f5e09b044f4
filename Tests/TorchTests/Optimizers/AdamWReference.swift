/// AdamW for one number, as its paper writes it (arXiv:1711.05101, algorithm 2).
struct AdamWReference {
    var betas: (Double, Double)
    var epsilon: Double
    var weightDecay: Double
    var parameter: Double
    var mean = 0.0
    var meanSquare = 0.0
    var stepCount = 0

    mutating func step(gradient: Double, learningRate: Double) {
        stepCount += 1
        mean = betas.0 * mean + (1 - betas.0) * gradient
        meanSquare = betas.1 * meanSquare + (1 - betas.1) * gradient * gradient
        var (firstCorrection, secondCorrection) = (1.0, 1.0)
        for _ in 0..<stepCount {
            firstCorrection *= betas.0
            secondCorrection *= betas.1
        }
        let direction = mean / (1 - firstCorrection)
        let scale = (meanSquare / (1 - secondCorrection)).squareRoot() + epsilon
        parameter -= learningRate * (direction / scale + weightDecay * parameter)
    }
}
