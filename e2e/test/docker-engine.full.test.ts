import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { whyNoDockerLab } from '@plimsoll/drivers/stand-in'
import { describe, expect, onTestFinished, test } from 'vitest'
import { titleOf } from '../src/crash/crash-case.ts'
import { faultsOf } from '../src/crash/crash-report.ts'
import type { JudgedCase } from '../src/crash/run-matrix.ts'

const missing = whyNoDockerLab()
const run = promisify(execFile)

/** Each away for two seconds: while something runs that is asked for, before the switch and after it. */
const titles = ['forward: engine at driver.start web after', 'forward: engine at driver.stop mailer after', 'forward: engine with live-restore at edge.shift before']

describe.skipIf(missing !== undefined)(`an engine of our own${missing === undefined ? '' : ` (${missing})`}`, () => {
  test('which is away for seconds in the middle of a release costs no release', { timeout: 900_000 }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'plimsoll-engine-away-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    const [program, results] = [fileURLToPath(new URL('../src/crash/main.ts', import.meta.url)), join(directory, 'results.json')]
    // In a process of its own, which can be in the network of the engine.
    const words = ['--on', 'docker', '--only', titles.join(','), '--results', results, '--page', join(directory, 'page.md')]
    await run(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...words], { timeout: 840_000 }).catch((error: unknown) => error)
    const judged = JSON.parse(await readFile(results, 'utf8')) as JudgedCase[]
    expect(judged.map((one) => ({ title: titleOf(one.case), outcome: one.outcome, problem: one.problem, faults: faultsOf(one) }))).toEqual(titles.map((title) => ({ title, outcome: 'completed', problem: undefined, faults: [] })))
  })
})
