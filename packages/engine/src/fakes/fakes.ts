/** Small real implementations of the engine's sockets, all in memory. They pass the same contracts as the real ones. */
export { fakeDriver, type FakeBehaviour, type FakeDriver, type FakeExec } from './fake-driver.ts'
export { fakePlace, type FakePlace } from './fake-place.ts'
export { fakePlatform, fakeWorkspace, type FakePlatform, type FakePlatformOptions, type FakeWorkspace } from './fake-platform.ts'
export { fakeEdge, type FakeEdge } from './fake-edge.ts'
export { memoryJournal, type MemoryJournal } from './memory-journal.ts'
export { memoryLeases, type MemoryLeases } from './memory-leases.ts'
export { manualClock, type ManualClock } from './manual-clock.ts'
export type { FaultTime } from './faults.ts'
