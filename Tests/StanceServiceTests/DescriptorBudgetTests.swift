import StanceService
import Testing

@Suite("The budget of descriptors")
struct DescriptorBudgetTests {
  @Test(
    "leaves the connections as they are where there is room, and holds as many back as photos need")
  func connections() throws {
    let roomy = try DescriptorBudget(wanted: 1024, descriptors: 1 << 20, photos: 3)
    #expect(roomy.connections == 1024 && roomy.turnedAway == 128)
    let common = try DescriptorBudget(wanted: 1024, descriptors: 1024, photos: 3)
    #expect(common.connections == 1024 - 128 - 48 - 24 && common.turnedAway == 128)
    let more = try DescriptorBudget(wanted: 1024, descriptors: 1024, photos: 17)
    #expect(more.connections < common.connections)
    let withVideos = try DescriptorBudget(wanted: 1024, descriptors: 1024, photos: 3, videos: 2)
    #expect(withVideos.connections == common.connections - 128)
    // Where there are few, videos get a part of them only.
    #expect(
      try DescriptorBudget(wanted: 9, descriptors: 160, photos: 3, videos: 9).connections >= 1)
    for descriptors in [90, 200, 256, 4096, 100_000] {
      let budget = try DescriptorBudget(wanted: 100_000, descriptors: descriptors, photos: 3)
      #expect(budget.connections >= 1 && budget.turnedAway >= 1)
      #expect(budget.connections + budget.turnedAway + 24 < descriptors)
    }
  }

  @Test("that is not enough for one connection is refused with the remedy")
  func tooFew() {
    let error = #expect(throws: ServiceError.self) {
      try DescriptorBudget(wanted: 1024, descriptors: 64, photos: 3)
    }
    #expect(error?.description.contains("ulimit -n") == true)
  }
}
