extension Demonstration {
    /// The figures of a demo, as `metrics.json` holds them.
    public struct Metrics: Sendable, Codable {
        /// The fitted networks.
        public struct Fit: Sendable, Codable {
            public let networks: Int
            /// The median quality.
            public let psnr: Double
            public let psnrFifthPercentile: Double
            public let seconds: Double

            private enum CodingKeys: String, CodingKey {
                case networks, seconds
                case psnr = "psnr_db"
                case psnrFifthPercentile = "psnr_db_5th_percentile"
            }
        }

        /// Reading classes from weights, over test networks.
        public struct Classify: Sendable, Codable {
            public let accuracy: Double
            public let perceptronAccuracy: Double
            public let seconds: Double
            public let perceptronSeconds: Double

            private enum CodingKeys: String, CodingKey {
                case accuracy, seconds
                case perceptronAccuracy = "mlp_accuracy"
                case perceptronSeconds = "mlp_seconds"
            }
        }

        /// Editing weights, over test networks.
        public struct Edit: Sendable, Codable {
            public let error: Double
            public let identityError: Double
            public let seconds: Double

            private enum CodingKeys: String, CodingKey {
                case seconds
                case error = "mse"
                case identityError = "identity_mse"
            }
        }

        /// The symmetry of both functionals, in float64.
        public struct Symmetry: Sendable, Codable {
            public let equivarianceError: Double
            public let invarianceError: Double
            /// The smaller one of both functionals.
            public let negativeControlError: Double

            private enum CodingKeys: String, CodingKey {
                case equivarianceError = "equivariance_error"
                case invarianceError = "invariance_error"
                case negativeControlError = "negative_control_error"
            }
        }

        public let inr: Fit
        public let classify: Classify
        public let edit: Edit
        public let certificate: Symmetry
    }
}
