import TestSupport
import Testing

@testable import Torch

@Suite(.oneThread) struct DeviceTests {
    @Test(arguments: [Device.cpu, .cuda(0), .cuda(3)]) func theDeviceSurvivesTheCrossingToC(_ device: Device) {
        #expect(Device(device.raw) == device)
    }

    @Test func devicesAreDescribedAsTorchDoes() {
        #expect(["\(Device.cpu)", "\(Device.cuda(1))"] == ["cpu", "cuda:1"])
    }

    @Test func aTensorIsMadeOnTheCPUUnlessAskedOtherwise() {
        #expect(Tensor.zeros([1]).device == .cpu)
        #expect(Tensor.zeros([1]).to(.cpu).device == .cpu)
    }

    @Test(arguments: [.cpu] + Device.cudaDevices) func elementsSurviveTheWayToADeviceAndBack(_ device: Device) {
        let there = Tensor([1.0, 2]).to(device)
        #expect(there.device == device)
        #expect((there * 2).to(.cpu).elements() == [2.0, 4])
    }
}
