#!/usr/bin/env node
// Kept in plain, old JavaScript: it must be able to say that Node is too old.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../src/main.mjs', import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= 24) await import(main)
else {
  const node = bundledNode()
  if (node === undefined) {
    console.error(`Plimsoll needs Node 24; this is ${process.version}, and none was installed beside it.`)
    process.exit(70)
  }
  const { status, signal } = spawnSync(node, ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(signal === null ? status : 130)
}

function bundledNode() {
  const root = fileURLToPath(new URL('../../../package.json', import.meta.url))
  try {
    const found = createRequire(root).resolve(`node-${process.platform}-${process.arch}/package.json`).replace(/package\.json$/, 'bin/node')
    return existsSync(found) ? found : undefined
  } catch {
    return undefined // Not installed for this machine.
  }
}
