public import Zoo

extension DemoReport {
    /// How well the networks draw their images.
    public struct Fitting: Sendable {
        /// The median over all networks, in decibels.
        public var psnrMedian: Double
        /// What 95 of 100 networks reach, in decibels.
        public var psnrFifthPercentile: Double
        /// Images beside what their networks draw.
        public var samples: [(original: Image, rendered: Image, psnr: Double)]

        /// The figures and some samples.
        public init(
            psnrMedian: Double, psnrFifthPercentile: Double,
            samples: [(original: Image, rendered: Image, psnr: Double)]
        ) {
            self.psnrMedian = psnrMedian
            self.psnrFifthPercentile = psnrFifthPercentile
            self.samples = samples
        }
    }

    /// How well the images' classes are read from the weights.
    public struct Classification: Sendable {
        /// The functional's share of right answers on test networks.
        public var accuracy: Double
        /// The same for an MLP on flattened weights.
        public var mlpAccuracy: Double
        /// The classes in the confusion matrix's order.
        public var classNames: [String]
        /// How often the row's class was taken for the column's.
        public var confusion: [[Int]]
        /// The functional's accuracy on validation networks.
        public var curve: Curve
        /// The MLP's accuracy on validation networks, over the same quantity.
        public var mlpCurve: Curve

        /// - Traps: when `confusion` has not one row and one column per class, or the curves run over two quantities.
        public init(
            accuracy: Double, mlpAccuracy: Double, classNames: [String], confusion: [[Int]], curve: Curve,
            mlpCurve: Curve
        ) {
            precondition(
                ([confusion.count] + confusion.map(\.count)).allSatisfy { $0 == classNames.count },
                "expected \(classNames.count) rows and columns, got \(confusion.map(\.count))")
            precondition(
                curve.abscissa == mlpCurve.abscissa,
                "expected curves over one quantity, got \(curve.abscissa) and \(mlpCurve.abscissa)")
            self.accuracy = accuracy
            self.mlpAccuracy = mlpAccuracy
            self.classNames = classNames
            self.confusion = confusion
            self.curve = curve
            self.mlpCurve = mlpCurve
        }
    }

    /// How well the weights are rewritten so that the picture changes.
    public struct Editing: Sendable {
        /// What the edit is called, such as `dilation`.
        public var editName: String
        /// The mean squared error between edited and target pictures, on test networks.
        public var mse: Double
        /// The same when the weights are left as they are.
        public var identityMSE: Double
        /// The error on validation networks.
        public var curve: Curve
        /// What a network draws before and after the edit, and what it should draw.
        public var samples: [(inr: Image, edited: Image, target: Image)]

        /// The figures and some samples.
        public init(
            editName: String, mse: Double, identityMSE: Double, curve: Curve,
            samples: [(inr: Image, edited: Image, target: Image)]
        ) {
            self.editName = editName
            self.mse = mse
            self.identityMSE = identityMSE
            self.curve = curve
            self.samples = samples
        }
    }

    /// The measured symmetry, as relative errors in float64.
    public struct Certificate: Sendable {
        /// `‖f(g·v) − g·f(v)‖ / ‖f(v)‖` of the editor, the largest seen.
        public var equivarianceError: Double
        /// `‖f(g·v) − f(v)‖ / ‖f(v)‖` of the classifier, the largest seen.
        public var invarianceError: Double
        /// The same for permutations that are no symmetry, the smallest seen.
        public var negativeControlError: Double

        /// What the symmetries may cost in rounding.
        static let largestError = 1e-10
        /// What a permutation that is no symmetry must change.
        static let smallestControl = 1e-3

        /// The three errors.
        public init(equivarianceError: Double, invarianceError: Double, negativeControlError: Double) {
            self.equivarianceError = equivarianceError
            self.invarianceError = invarianceError
            self.negativeControlError = negativeControlError
        }
    }
}
