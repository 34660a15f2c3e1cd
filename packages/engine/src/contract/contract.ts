/** Suites that every implementation of a socket passes, real or fake. For test files: they import vitest. */
export { describeDriver } from './describe-driver.ts'
export type { DriverProgram, DriverUnderTest } from './driver-under-test.ts'
export { startAndWait } from './driver-under-test.ts'
export { waitUntil } from './wait-until.ts'
export { describePlatform } from './describe-platform.ts'
export type { PlatformUnderTest } from './platform-under-test.ts'
