// Benches of this project: npm run bench:release, or node scripts/bench.mjs NAME [--check]
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { install, node24, root, run } from './toolchain.mjs'

const [name = '', ...rest] = process.argv.slice(2)
const entry = join(root, `bench/${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(entry)) {
  const names = readdirSync(join(root, 'bench')).filter((file) => /^[a-z-]+\.ts$/.test(file) && !['bar.ts', 'render-bars.ts'].includes(file))
  console.error(`There is no bench "${name}". There is: ${names.map((file) => file.replace('.ts', '')).join(', ')}`)
  process.exit(2)
}
await install()
process.exitCode = (await run(node24(), ['--disable-warning=ExperimentalWarning', entry, ...rest])).status
