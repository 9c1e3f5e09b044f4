import Testing
import WeightSpaces

@testable import Zoo

struct NetworkArchitectureTests {
    @Test("the activation is known where there is a sound definition of a known kind")
    func hiddenActivation() throws {
        let siren = try NetworkArchitecture(SIREN(widths: [2, 4, 1]))
        #expect(siren.hiddenActivation == "sine")
        for activation in ClassifierArchitecture.Activation.allCases {
            let classifier = try NetworkArchitecture(ClassifierArchitecture.smallCNN(activation: activation))
            #expect(classifier.hiddenActivation == activation.rawValue)
        }
        for (kind, definition) in [("siren", "{}"), ("classifier", siren.definition), ("other", siren.definition)] {
            let unknown = NetworkArchitecture(name: "", kind: kind, definition: definition, space: siren.space)
            #expect(unknown.hiddenActivation == nil)
        }
        #expect(try NetworkArchitecture(SampleNetwork(widths: [2, 3, 1])).hiddenActivation == nil)
    }
}
