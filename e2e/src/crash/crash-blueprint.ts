import type { WorldPlace } from './world-place.ts'

const web = { check: 'node --check shop-server.mjs', command: 'SHOP_API_ORIGIN=http://$API node shop-server.mjs' }
const api = { check: 'node --check shop-server.mjs', command: 'node shop-server.mjs' }
const mailer = { check: 'node --check crash/worker.mjs', command: 'node crash/worker.mjs' }
const nightly = { check: 'node --check crash/cron.mjs', command: 'node crash/cron.mjs' }

const site = `  - type: web
    name: site
    runtime: static
    buildCommand: "true"
    staticPublishPath: crash/site
`

/** An app with one of everything that its place has, whose release takes a second or two. Its programs tell `witness` what they do, and keep with it what all releases share. */
export function crashBlueprint({ program, hasSites }: Pick<WorldPlace, 'program' | 'hasSites'>, witness: string): string {
  const told = `      - { key: CRASH_WITNESS, value: ${JSON.stringify(witness)} }\n`
  const shared = `      - { key: SHOP_DATA, value: ${JSON.stringify(witness)} }\n`
  return `databases:
  - name: records
services:
  - type: web
    name: web
${program(web)}    healthCheckPath: /readyz
    maxShutdownDelaySeconds: 10
    envVars:
${shared}      - key: API
        fromService: { type: web, name: api, property: hostport }
  - type: web
    name: api
    preDeployCommand: node crash/migrate.mjs
${program(api)}    healthCheckPath: /readyz
    maxShutdownDelaySeconds: 10
    envVars:
${told}${shared}      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
  - type: worker
    name: mailer
${program(mailer)}    envVars:
${told}  - type: cron
    name: nightly
    schedule: "* * * * *"
${program(nightly)}    envVars:
${told}${hasSites ? site : ''}`
}
