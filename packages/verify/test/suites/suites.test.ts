import { describe, expect, test } from 'vitest'
import { askSuites, repository } from './suite-world.ts'

const junit = (cases: string) => `<testsuites><testsuite name="s">${cases}</testsuite></testsuites>`
const suite = { name: 'api', report: { format: 'junit' } } as const

describe('a suite', () => {
  test('is told where its services and databases are, and passes with what it reports', async () => {
    const root = await repository({ 'suite.sh': `
      echo "$PLIMSOLL_SHOP_API_URL $PLIMSOLL_SHOP_API_INNER_URL $PLIMSOLL_MAIN_DATABASE_URL $PLIMSOLL_MAIN_DATABASE_URLS $PLIMSOLL_WORKERS"
      echo '${junit('<testcase name="answers" classname="health" time="0.5"/><testcase name="later"><skipped/></testcase>')}' > "$PLIMSOLL_REPORT"` })
    const asked = await askSuites({ suites: [{ ...suite, command: 'sh suite.sh', needs: { services: ['shop-api'], databases: ['main'] }, workers: 2 }] }, {
      root, services: [{ name: 'shop-api', url: 'http://127.0.0.1:4000', address: { host: '127.0.0.1', port: 5000 } }], databases: ['main'],
    })
    expect(asked.findings['suites.api']).toEqual([{ is: 'pass', finding: '1 test of suite api passed, 1 skipped by the suite itself' }])
    expect(asked.runs).toMatchObject([{ name: 'api', is: 'passed', tests: [{ name: 'health › answers', is: 'passed', tookMs: 500, attempts: 1 }, { name: 'later', is: 'skipped' }] }])
    expect(asked.runs[0]?.log).toEqual(['http://127.0.0.1:4000 http://127.0.0.1:5000 postgresql://u:p@127.0.0.1:5432/main_1 ["postgresql://u:p@127.0.0.1:5432/main_1_spare_1","postgresql://u:p@127.0.0.1:5432/main_1_spare_2"] 2'])
    expect(asked.standing).toBe(0)
  })
})
