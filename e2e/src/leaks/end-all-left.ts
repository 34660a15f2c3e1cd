import { leftBehind, type LeftProcess } from './left-behind.ts'

/** Ends, by id, every process of `home` and tells which there were; for the end of a test that has failed already. */
export async function endAllLeft(home: string): Promise<LeftProcess[]> {
  const left = await leftBehind(home)
  for (const { pid } of left) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone between the look and the signal: that is what was wanted.
    }
  }
  return left
}
