// Takes the pictures of every page of the console anew: npm run pictures
import { join } from 'node:path'
import { install, node24, root, run } from './toolchain.mjs'

await install()
process.exitCode = (await run(node24(), ['--disable-warning=ExperimentalWarning', join(root, 'apps/console/test/take-pictures.ts')])).status
