import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UserConfig } from '@plimsoll/testing/config'
import { describe, expect, test } from 'vitest'
import { quarantineFile } from '../../src/suites/judge/quarantine.ts'
import { removeSuites, runCommand } from '../../src/suites/run/run-command.ts'
import { askSuites, clock, git, processes, put, repository, temporary, type Asked, type Stage } from './suite-world.ts'

type SuiteText = NonNullable<UserConfig['suites']>[number]

const passes = (name: string) => `<testcase name="${name}" file="a.test.js"/>`
const fails = (name: string) => `<testcase name="${name}" file="a.test.js"><failure message="expected 1 to be 2"/></testcase>`
const written = (...cases: readonly string[]) => `echo '<testsuites>${cases.join('')}</testsuites>' > "$PLIMSOLL_REPORT"`
/** Another answer each time that it runs. */
const inTurn = (...runs: readonly string[]) => ['echo x >> runs', 'echo "$@" >> words', 'case $(wc -l < runs) in', ...runs.map((run, index) => `${index + 1}) ${run} ;;`), `*) ${runs.at(-1) ?? ''} ;; esac`].join('\n')

async function ask(script: string, further: Partial<SuiteText> = {}, more: { readonly config?: UserConfig; readonly stage?: Partial<Stage>; readonly files?: Readonly<Record<string, string>> } = {}): Promise<Asked & { readonly root: string }> {
  const root = more.stage?.root ?? (await repository({ 'suite.sh': script, ...more.files }))
  const asked = await askSuites({ ...more.config, suites: [{ name: 'api', command: 'sh suite.sh', report: { format: 'junit' }, ...further }] }, { ...more.stage, root })
  expect([asked.standing, asked.left]).toEqual([0, []])
  return { ...asked, root }
}

describe.concurrent('a suite', () => {
  test('is told where its services and databases are, and passes with what it reports', async () => {
    const script = `
      echo "$PLIMSOLL_SHOP_API_URL $PLIMSOLL_SHOP_API_INNER_URL $PLIMSOLL_MAIN_DATABASE_URL $PLIMSOLL_MAIN_DATABASE_URLS $PLIMSOLL_WORKERS"
      ${written('<testcase name="answers" classname="health" time="0.5"/>', '<testcase name="later"><skipped/></testcase>')}`
    const asked = await ask(script, { needs: { services: ['shop-api'], databases: ['main'] }, workers: 2 }, {
      stage: { services: [{ name: 'shop-api', url: 'http://127.0.0.1:4000', address: { host: '127.0.0.1', port: 5000 } }], databases: ['main'] },
    })
    expect(asked.findings['suites.api']).toEqual([{ is: 'pass', finding: '1 test of suite api passed, 1 skipped by the suite itself' }])
    expect(asked.runs).toMatchObject([{ name: 'api', is: 'passed', tests: [{ name: 'health › answers', is: 'passed', tookMs: 500, attempts: 1 }, { name: 'later', is: 'skipped' }] }])
    expect(asked.runs[0]?.log).toEqual(['http://127.0.0.1:4000 http://127.0.0.1:5000 postgresql://u:p@127.0.0.1:5432/main_1 ["postgresql://u:p@127.0.0.1:5432/main_1_spare_1","postgresql://u:p@127.0.0.1:5432/main_1_spare_2"] 2'])
  })

  test('that needs no service and no database is run without a copy, and before one stands', async () => {
    const alone = await ask(`echo "$PLIMSOLL_API_URL|$CI"; ${written(passes('a'))}`, { needs: { services: [] } }, { stage: { services: [{ name: 'api', url: 'http://127.0.0.1:4000' }] } })
    expect([alone.raised, alone.runs[0]?.is, alone.runs[0]?.log]).toEqual([0, 'passed', ['|1']])
    expect(alone.after['suites.api']).toEqual([])
    for (const needs of [{}, { services: ['api'] }, { services: [], databases: ['main'] }]) {
      const asked = await ask(written(passes('a')), { needs }, { stage: { services: [{ name: 'api' }], databases: ['main'] } })
      expect([asked.raised, asked.runs[0]?.is, asked.after['suites.api']]).toEqual([1, 'passed', ['boot.start']])
    }
  })

  test('that needs a browser is told which, and how its pages reach the copy; how one signs in is told to all', async () => {
    const signIn = { service: 'api', path: '/sessions' }
    const asked = await ask('echo "$PLIMSOLL_BROWSER|$PLIMSOLL_HOST_RULES|$PLIMSOLL_SIGN_IN"', { report: undefined, needs: { browser: true } }, {
      config: { signIn }, stage: { browser: '/bin/chromium', publicAddresses: new Map([['shop.example:443', { host: '127.0.0.1', port: 1 }], ['api.example:443', { host: '127.0.0.1', port: 2 }]]) },
    })
    expect(asked.runs[0]?.log).toEqual(['/bin/chromium|MAP shop.example:443 127.0.0.1:1, MAP api.example:443 127.0.0.1:2|{"service":"api","path":"/sessions","fields":{}}'])
  })

  test('that fails twice has failed, and says which test, and how', async () => {
    const asked = await ask(written(passes('a'), fails('b')))
    expect(asked.raised).toBe(2)
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail', finding: '1 of 2 tests of suite api failed: a.test.js › b', reproduce: 'sh suite.sh', evidence: [{ title: 'a.test.js › b', text: 'expected 1 to be 2' }, { title: 'The last lines that it printed' }] }])
    expect(asked.runs).toMatchObject([{ is: 'failed', tests: [{ is: 'passed', attempts: 2 }, { is: 'failed', attempts: 2 }] }])
  })

  test('that fails, and passes with a fresh copy, is flaky, and blocks', async () => {
    const asked = await ask(inTurn(written(passes('a'), fails('b (1+1)')), written(passes('b (1+1)'))), { only: ['{files}', '-t', '{names}'] })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail', finding: '1 of 2 tests of suite api failed in one run and passed in another: a.test.js › b (1+1)' }])
    expect(asked.runs).toMatchObject([{ is: 'failed', tests: [{ is: 'passed', attempts: 1 }, { is: 'flaky', attempts: 2, message: 'expected 1 to be 2' }] }])
    expect(await readFile(join(asked.root, 'words'), 'utf8')).toBe('\na.test.js -t b \\(1\\+1\\)\n')
  })

  test('is asked once more and no more, and not at all where it says so', async () => {
    expect((await ask(inTurn(written(fails('a')), written(fails('a')), written(passes('a'))))).runs).toMatchObject([{ tests: [{ is: 'failed' }] }])
    expect((await ask(inTurn(written(fails('a')), written(passes('a'))), { retries: 0 })).runs).toMatchObject([{ tests: [{ is: 'failed', attempts: 1 }] }])
  })

  test('that fails as a whole says nothing about its tests', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const asked = await ask(written(passes('ok'), ...names.map(fails)))
    expect(asked.raised).toBe(1)
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'inconclusive', finding: expect.stringContaining('6 of 7 tests failed') }])
  })

  test('without a report is judged by its exit status', async () => {
    expect((await ask('exit 0', { report: undefined })).findings['suites.api']).toMatchObject([{ is: 'pass' }])
    expect((await ask('exit 3', { report: undefined })).findings['suites.api']).toMatchObject([{ is: 'fail', finding: expect.stringContaining('(its exit status)'), evidence: [{ text: 'It ended with status 3' }, {}] }])
  })

  test('has tests whose names are the same on every machine', async () => {
    const asked = await ask('echo "<testsuites><testcase name=\\"a\\" file=\\"$PWD/a.test.js\\"/></testsuites>" > "$PLIMSOLL_REPORT"')
    expect(asked.runs).toMatchObject([{ tests: [{ name: 'a.test.js › a', is: 'passed' }] }])
  })

  test('that ends with a failure although no test failed has failed', async () => {
    expect((await ask(`${written(passes('a'))}; exit 1`)).findings['suites.api']).toMatchObject([{ is: 'fail', evidence: [{ text: 'It ended with status 1, although no test in its report failed' }, {}] }])
  })
})

describe.concurrent('a suite gets a verdict with a name', () => {
  test.each<{ readonly which: string; readonly script: string; readonly further: Partial<SuiteText>; readonly problem: string }>([
    { which: 'that writes no report', script: 'echo "no such file"; exit 1', further: {}, problem: 'it ended with status 1, and it wrote no report' },
    { which: 'that leaves the report of an earlier run', script: 'true', further: { report: { format: 'junit', file: 'old.xml' } }, problem: 'it ended with status 0, and it wrote no report' },
    { which: 'whose report is cut off', script: `printf '<testsuites><testcase name="a"/>' > "$PLIMSOLL_REPORT"`, further: {}, problem: 'it ended with status 0, and its report cannot be read as junit: it ends before <testsuites> does' },
    { which: 'that hangs', script: 'sleep 600', further: { limitMs: 300 }, problem: 'it had not ended after 0.3 s, and was ended' },
    { which: 'that fills the disk', script: 'head -c 3000000 /dev/zero > "$TMPDIR/a"; sleep 600', further: { limitBytes: 1_048_576 }, problem: 'it wrote more than 1 MB, and was ended' },
    { which: 'that never stops printing', script: 'yes', further: { limitBytes: 1_048_576 }, problem: 'it wrote more than 1 MB, and was ended' },
    { which: 'whose directory is not there', script: 'true', further: { cwd: 'apps/gone' }, problem: 'its directory apps/gone is not there, or cannot be entered' },
    { which: 'that needs a database that nobody has', script: 'true', further: { needs: { databases: ['orders'] } }, problem: 'it needs the database orders, which render.yaml does not have' },
  ])('$which', async ({ script, further, problem }) => {
    const asked = await ask(`export LEFT=$PWD; ${script}`, further, { files: { 'old.xml': `<testsuites>${passes('a')}</testsuites>` } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail', finding: `Suite api gave no answer: ${problem}` }])
    expect(asked.runs).toMatchObject([{ is: 'broken', problem }])
    expect(await processes.find('LEFT', asked.root)).toEqual([])
  })

  test('that goes on in the background, where it is ended', async () => {
    const asked = await ask('LEFT=$PWD setsid sleep 600 & exit 0')
    expect(asked.runs).toMatchObject([{ is: 'broken', problem: 'it ended with status 0, while sleep went on in the background, and it wrote no report' }])
    expect(await processes.find('LEFT', asked.root)).toEqual([])
  }, 60_000)

  test('that needs a service that the Blueprint does not have, and is not run', async () => {
    const asked = await ask('true', { needs: { services: ['api', 'mailer'] } }, { stage: { services: [{ name: 'api' }] } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail', finding: 'Suite api needs mailer, which render.yaml does not have' }])
    expect(asked.raised).toBe(0)
  })

  test('that needs a browser where there is none, and is not called passed', async () => {
    const asked = await ask('true', { needs: { browser: true } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'skipped', finding: 'No browser was found' }])
    expect(asked.runs).toMatchObject([{ is: 'skipped', tests: [] }])
  })

  test('whose caller gives up is ended with all that it started', async ({ expect }) => {
    const root = await repository({ 'suite.sh': 'echo ready > ready; LEFT=$PWD sleep 600' })
    const given = new AbortController()
    const asked = askSuites({ suites: [{ name: 'api', command: 'sh suite.sh' }] }, { root }, given.signal)
    asked.catch(() => undefined)
    await expect.poll(() => processes.find('LEFT', root), { timeout: 20_000 }).toHaveLength(1)
    given.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    expect(await processes.find('LEFT', root)).toEqual([])
  })
})

test('what suites left that nobody came back to is ended and removed', async () => {
  const [scratch, directory] = [await temporary(), await temporary()]
  const run = { command: 'LEFT=$PWD setsid sleep 600', words: [], cwd: directory, environment: { PATH: process.env['PATH'] ?? '' }, directory, limitMs: 60_000, limitBytes: 1_048_576 }
  const ended = runCommand(run, { clock, processes, scratch }, new AbortController().signal)
  await expect.poll(async () => (await processes.find('LEFT', directory)).length, { timeout: 20_000 }).toBe(1)
  await removeSuites({ processes, scratch }, new AbortController().signal)
  expect(await processes.find('LEFT', directory)).toEqual([])
  await expect(access(scratch)).rejects.toThrow('ENOENT')
  await ended
})

describe.concurrent('a quarantine', () => {
  const entry = (more: string) => ({ [quarantineFile]: `- test: a.test.js › b\n  owner: Ada\n  reason: clock\n  issue: "#7"\n${more}` })
  const now = () => Date.parse('2026-11-20T12:00:00Z')

  test('excuses a test until its end, and shows it', async () => {
    const asked = await ask(written(passes('a'), fails('b')), {}, { files: entry('  since: 2026-11-10\n'), stage: { now } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'pass', finding: '1 test of suite api passed' }, { is: 'fail', weight: 'advice', finding: 'In quarantine, and did not pass: a.test.js › b (Ada, until 2026-11-24)' }])
    expect(asked.findings['suites.quarantine']).toMatchObject([{ is: 'pass', finding: '1 in quarantine: a.test.js › b (Ada, until 2026-11-24)' }])
  })

  test('that has ended excuses nothing, and blocks', async () => {
    const asked = await ask(written(fails('b')), {}, { files: entry('  since: 2026-11-01\n'), stage: { now } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail' }])
    expect(asked.findings['suites.quarantine']).toMatchObject([{ is: 'fail', finding: 'The quarantine of a.test.js › b ended on 2026-11-15' }])
  })

  test('with mistakes excuses nothing, and says where they are', async () => {
    const asked = await ask(written(fails('b')), {}, { files: entry('  sinse: 2026-11-10\n'), stage: { now } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail' }])
    expect(asked.findings['suites.quarantine']).toMatchObject([{ is: 'fail', evidence: [{ text: `${quarantineFile}:1:3 [0].since: is missing\n${quarantineFile}:5:10 [0].sinse: is no setting that is known` }] }])
  })

  test('holds five tests at most', async () => {
    const many = Array.from({ length: 6 }, (_, index) => `- { test: t${index}, owner: Ada, reason: clock, issue: "#7", since: 2026-11-10 }`).join('\n')
    const asked = await ask(written(passes('a')), {}, { files: { [quarantineFile]: many }, stage: { now } })
    expect(asked.findings['suites.quarantine']).toMatchObject([{ is: 'fail', finding: '6 tests are in quarantine, and at most 5 may be (5, or 2 % of all)' }])
  })
})

describe.concurrent('tests that are new since what is live', () => {
  async function withHistory(script: string): Promise<Partial<Stage> & { readonly root: string }> {
    const root = await repository({ 'suite.sh': script, 'old.test.js': '' })
    await git(root, 'init', '-q')
    await git(root, 'add', '.')
    await git(root, 'commit', '-qm', 'live')
    const liveCommit = (await git(root, 'rev-parse', 'HEAD')).trim()
    await put(root, { 'a.test.js': 'new' })
    return { root, liveCommit }
  }

  test('are run again, and a failure among those runs blocks', async () => {
    const stage = await withHistory(inTurn(written(passes('a')), written(passes('a')), written(fails('a')), written(passes('a'))))
    const asked = await ask('', { only: ['{files}'] }, { stage, config: { repeat: { times: 3 } } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail', finding: '1 of 1 test of suite api failed in one run and passed in another: a.test.js › a' }])
    expect(asked.runs).toMatchObject([{ tests: [{ is: 'flaky', attempts: 4 }] }])
    expect((await readFile(join(stage.root, 'words'), 'utf8')).split('\n').slice(1, 4)).toEqual(['a.test.js', 'a.test.js', 'a.test.js'])
  })

  test('are flaky when one of those runs breaks by itself', async () => {
    const stage = await withHistory(inTurn(written(passes('a')), 'exit 4', written(passes('a'))))
    const asked = await ask('', {}, { stage, config: { repeat: { times: 2 } } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'fail', evidence: [{ text: 'Run again: it ended with status 4, and it wrote no report' }] }])
  })

  test('pass when all their runs do, and others are run once', async () => {
    const stage = await withHistory(inTurn(written(passes('a'), '<testcase name="o" file="old.test.js"/>')))
    const asked = await ask('', { only: ['{files}'] }, { stage, config: { repeat: { times: 2 } } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'pass', finding: '2 tests of suite api passed; 1 of them, new or changed since what is live, passed 2 more times' }])
    expect(asked.raised).toBe(3)
  })

  test('are run as often as time allows, and it is said how often that was', async () => {
    const stage = await withHistory(inTurn(written(passes('a')), 'sleep 600'))
    const asked = await ask('', {}, { stage, config: { repeat: { times: 2, limitMs: 300 } } })
    expect(asked.findings['suites.api']).toMatchObject([{ is: 'pass', finding: expect.stringMatching(/passed 0 more times \(2 did not fit into 0\.3 s\)$/) }])
  })
})

describe.concurrent('seed commands', () => {
  const seed = { reference: 'echo "reference $DATABASE_URL" >> seeded', scenario: 'echo "scenario $DATABASE_URL $PLIMSOLL_MAIN_DATABASE_URL" >> seeded' }

  test('fill the database of the services, and then that of each worker', async () => {
    const asked = await ask(written(passes('a')), { needs: { databases: ['main'] } }, { config: { seed }, stage: { databases: ['main'] } })
    const url = (name: string) => `postgresql://u:p@127.0.0.1:5432/${name}`
    expect((await readFile(join(asked.root, 'seeded'), 'utf8')).trim().split('\n')).toEqual([
      `reference ${url('main_1')}`, `scenario ${url('main_1')} ${url('main_1')}`,
      `reference ${url('main_1_spare_1')}`, `scenario ${url('main_1_spare_1')} ${url('main_1_spare_1')}`,
    ])
  })

  test('that fail are the reason that a suite gives no answer', async () => {
    const asked = await ask('touch ran', {}, { config: { seed: { reference: 'echo "no table"; exit 2' } } })
    expect(asked.runs).toMatchObject([{ is: 'broken', problem: 'the seed command "echo "no table"; exit 2" ended with status 2: no table' }])
    await expect(access(join(asked.root, 'ran'))).rejects.toThrow('ENOENT')
  })
})

test('what tests did is remembered, and told with its interval', async () => {
  const root = await repository({ 'suite.sh': inTurn(written(passes('a')), written(fails('a')), written(passes('a'))) })
  const stage = { root, historyFile: join(root, 'kept/history.json') }
  await ask('', {}, { stage })
  const asked = await ask('', {}, { stage })
  expect(asked.findings['suites.api']).toMatchObject([{ evidence: [{ text: 'expected 1 to be 2\nFlaky in 1 of 2 runs (95 % interval: 9.5–90.5 %)' }] }])
})
