/** An app with one of everything, whose release takes a second or two: `data` is a directory that its releases share, `notes` the file that its programs write what they do into. */
export function crashBlueprint({ data, notes }: { readonly data: string; readonly notes: string }): string {
  const noted = `      - { key: CRASH_NOTES, value: ${JSON.stringify(notes)} }\n`
  return `databases:
  - name: records
services:
  - type: web
    name: web
    runtime: node
    buildCommand: node --check shop-server.mjs
    startCommand: SHOP_API_ORIGIN=http://$API node shop-server.mjs
    healthCheckPath: /readyz
    maxShutdownDelaySeconds: 10
    envVars:
      - { key: SHOP_DATA, value: ${JSON.stringify(data)} }
      - key: API
        fromService: { type: web, name: api, property: hostport }
  - type: web
    name: api
    runtime: node
    buildCommand: node --check shop-server.mjs
    preDeployCommand: node crash/migrate.mjs
    startCommand: node shop-server.mjs
    healthCheckPath: /readyz
    maxShutdownDelaySeconds: 10
    envVars:
${noted}      - { key: SHOP_DATA, value: ${JSON.stringify(data)} }
      - key: DATABASE_URL
        fromDatabase: { name: records, property: connectionString }
  - type: worker
    name: mailer
    runtime: node
    buildCommand: node --check crash/worker.mjs
    startCommand: node crash/worker.mjs
    envVars:
${noted}  - type: cron
    name: nightly
    runtime: node
    schedule: "* * * * *"
    buildCommand: node --check crash/cron.mjs
    startCommand: node crash/cron.mjs
    envVars:
${noted}  - type: web
    name: site
    runtime: static
    buildCommand: "true"
    staticPublishPath: crash/site
`
}
