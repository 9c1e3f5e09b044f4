import Testing

@testable import Zoo

@Suite("Descriptions of SIRENs") struct SIRENDescriptionTests {
    @Test("settings are read, after a data set's name where there is one") func settings() throws {
        let dws = try SIRENDescription(parsing: "dws")
        #expect(dws.omega == 30 && dws.hiddenOmega == 30 && dws.publication == .dws)
        #expect(dws.convention == .init(isColumnFirst: true, shift: 0.5, colours: 0...1))
        let nfn = try SIRENDescription(parsing: "nfn,hidden-omega=12")
        #expect(nfn.convention == .init() && nfn.hiddenOmega == 12 && nfn.publication == .nfn)
        let own = try SIRENDescription(
            parsing: "omega=6,hidden-omega=2,scale=2,shift=-1,colours=0:255,coordinates=0:1,order=columns")
        #expect((own.omega, own.hiddenOmega) == (6, 2) && own.publication == nil)
        #expect(
            own.convention
                == .init(isColumnFirst: true, coordinates: 0...1, scale: 2, shift: -1, colours: 0...255))
    }

    @Test(
        "what says nothing is refused in one line that says what can be said",
        arguments: [
            "", "mnist", "omega", "omega=", "omega=0", "omega=-3", "omega=nan", "omega=inf", "omega=1e40",
            "omega=1e-45",
            "hidden-omega=1e300", "omega=30,omega=20", "dws,order=rows,order=rows", "colours=1:0", "colours=1",
            "order=xy", "shift=1e30", "scale=0", "dws,,", "omega=30,dws", "width=3", "coordinates=0:0",
        ])
    func refusals(text: String) {
        #expect {
            try SIRENDescription(parsing: text)
        } throws: {
            $0 is SIRENDescriptionError && !"\($0)".contains("\n") && "\($0)".contains("expected")
        }
    }

    @Test("paths of the published data sets tell class, image, split and copy") func paths() {
        func facts(_ path: String, of set: PublishedSIRENs) -> PublishedSIRENs.Facts? { set.facts(ofPath: path) }
        #expect(
            facts("a/mnist_png_training_5_1234/checkpoints/model_final", of: .dws)
                == .init(label: 5, image: 1234, split: .train))
        #expect(
            facts("fmnist_png_testing_8_108/checkpoints/model_final", of: .dws)
                == .init(label: 8, image: 60_108, split: .test))
        #expect(facts("mnist_png_5_1234/model_final", of: .dws) == nil)
        #expect(
            facts("randinit_smaller_7s/net44999", of: .nfn) == .init(label: 7, image: 44_999, split: .train))
        #expect(
            facts("x/randinit_smaller_aug3_7s/net45000", of: .nfn)
                == .init(label: 7, image: 45_000, split: .validation, fit: 4))
        #expect(facts("randinit_smaller_0s/net50000", of: .nfn)?.split == .test)
        #expect(facts("randinit_test_0s/net3", of: .nfn)?.split == .test)
        #expect(facts("randinit_val_10s/net3", of: .nfn) == .init(label: 10, image: 3, split: .validation))
        #expect(facts("randinit_train_1s/mlp3", of: .nfn) == nil && facts("net3", of: .nfn) == nil)
        #expect(facts("randinit_train_1s/net99999999999999999999", of: .nfn) == nil)
    }
}
