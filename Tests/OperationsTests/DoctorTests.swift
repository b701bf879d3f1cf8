import Testing

@testable import Operations

/// What the doctor judges by itself. What it asks the server is tested with the built binary.
@Suite struct DoctorTests {
    @Test func `clocks are only apart by what the question's own time cannot explain`() {
        #expect(Doctor.apart(1_000, 1_500, 2_000) == 0)
        #expect(Doctor.apart(1_000, 1_000, 1_000) == 0)
        #expect(Doctor.apart(1_000, 200, 2_000) == 800)
        #expect(Doctor.apart(1_000, 5_000, 2_000) == 3_000)
    }

    /// GiB of size, MiB free, nearly full.
    private static let disks: [(UInt64, UInt64, Bool)] = [
        (100, 6144, false), (100, 5119, true), (8, 1025, false), (8, 1023, true),
        (20_000, 21_504, false), (20_000, 19_456, true), (0, 0, true),
    ]

    @Test func `a disk is nearly full by its size, within bounds`() {
        for (size, free, isNearlyFull) in Self.disks {
            let disk = Disk(size: size << 30, free: free << 20)
            #expect(disk.isNearlyFull == isNearlyFull, "\(size) GiB, \(free) MiB free")
        }
    }

    @Test func `a disk that is not there is an error, not an empty one`() {
        #expect(throws: OperationError.self) { try Disk(at: "/nowhere/at/all") }
        #expect(Disk.isOf("/nowhere/at/all", started: 0) == false)
    }

    @Test func `cures that differ are told each once`() {
        let text = Phrase.each([.startWorkers, .restartWorkers]).english
        #expect(text == "kabinet workers; restart kabinet workers")
    }
}
