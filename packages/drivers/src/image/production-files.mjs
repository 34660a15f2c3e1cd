// Copies what programs need at run time, and nothing else, to two directories, which are an image's `/app` together:
//
//   node production-files.mjs TARGET MEMORY FILE|DIRECTORY...
//
// TARGET/installed/app gets what programs reach in `node_modules`, and TARGET/built/app the rest: so the packages, which are most of an image, are
// a layer that a change of the repository's own code leaves as it was, and that is not sent to a registry again.
//
// A FILE is a program, and what its imports reach comes along (found by @vercel/nft, which Next.js uses too), with the data files of
// the repository's own packages among them: SQL, templates. Next.js's server in `.next/standalone` brings its own tree, and
// gets `static` and `public`; a build without one (a DIRECTORY `.next`) comes with what it says that its pages reach. A DIRECTORY is copied as it is. Everything keeps its place relative to the repository's root.
// Times and modes follow from the content and from git's two modes, so that the same files always make the same image layer. MEMORY
// is a directory that may be kept from build to build.
import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, lutimesSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import module, { createRequire } from 'node:module'
import path from 'node:path'

const standalone = '/standalone/'
const typed = /(?<!\.d)\.[cm]?ts$/
const longAgo = Date.UTC(2000, 0) / 1000
const root = process.cwd()
const [target = '', memory = '', ...wanted] = process.argv.slice(2)

const isInstalled = (file) => /(?:^|\/)node_modules\//.test(file)
const layerOf = (file) => (isInstalled(file) ? 'installed' : 'built')

/** Where a file goes, below TARGET → where it lies, relative to the root. */
const plan = new Map()
const programs = []
for (const name of wanted) {
  if (name.includes(standalone)) await addStandalone(name)
  else if (path.posix.basename(name) === '.next') await addNextBuild(name)
  else if (await isDirectory(name) && !(await hasProgram(name))) await addTree(name, { keep: mayShip, layer: 'built' })
  else {
    await addLinksTo(name)
    programs.push(createRequire(path.join(root, 'here.js')).resolve(path.resolve(name)))
  }
}
if (programs.length > 0) await addTraced(programs)
carryOut()

/** Next.js leaves `static` and `public` out of its tree, and copies some of what only its build needs into it. */
async function addStandalone(server) {
  const build = server.slice(0, server.indexOf(standalone))
  const place = path.posix.dirname(server)
  const tree = `${build}/standalone`
  const unused = /\.nft\.json$|\/\.next\/(?:cache|trace|types|diagnostics)$|\/\.next\/server\/.*\.map$|\/node_modules\/(?:\.pnpm\/typescript@[^/]+|typescript)$/
  await addTree(tree, { keep: (file) => mayShip(file) && !unused.test(file.slice(tree.length)) })
  await addTree(`${build}/static`, { to: `${place}/${path.posix.basename(build)}/static` })
  await addTree(path.posix.join(path.posix.dirname(build), 'public'), { to: `${place}/public`, keep: mayShip })
}

/** What `next start` serves: the build, `public`, and the files that Next.js has written down for each page, links among them. */
async function addNextBuild(build) {
  const home = path.posix.dirname(build)
  const unused = /^\/(?:cache|trace|trace-build|types|diagnostics|standalone|dev)$|\.nft\.json$/
  await addTree(build, { keep: (file) => mayShip(file) && !unused.test(file.slice(build.length)), layer: 'built' })
  await addTree(path.posix.join(home, 'public'), { keep: mayShip, layer: 'built' })
  for (const entry of await readdir(home)) {
    if (entry === 'package.json') plan.set(`built/app/${path.posix.join(home, entry)}`, path.posix.join(home, entry))
    if (!/^next\.config\.[cm]?[jt]s$/.test(entry)) continue
    plan.set(`built/app/${path.posix.join(home, entry)}`, path.posix.join(home, entry))
    if (entry.endsWith('js')) programs.push(path.resolve(home, entry))
  }
  // Which of their files it loads hangs on settings, and is in no list.
  for (const name of ['next', 'react', 'react-dom']) await addPackage(home, name)
  for (const list of await filesBelow(build, (file) => file.endsWith('.nft.json'))) await addListed(list)
}

/** All of an installed package, and the way to it. */
async function addPackage(home, name) {
  for (let at = home; ; at = path.posix.dirname(at)) {
    const place = path.posix.join(at, 'node_modules', name)
    if (await isDirectory(place)) {
      await addLinksTo(place)
      return addTree(path.relative(root, await realpath(place)), { layer: 'installed' })
    }
    if (at === '.') return undefined
  }
}

async function addListed(list) {
  const { files } = JSON.parse(await readFile(list, 'utf8'))
  for (const each of files) {
    const file = path.posix.join(path.posix.dirname(list), each)
    // What lies outside of the repository is no file of it.
    if (file.startsWith('../') || !mayShip(file) || /\/\.next\/cache\//.test(file)) continue
    if (!(await lstat(file).then((found) => found.isFile() || found.isSymbolicLink(), () => false))) continue
    await addLinksTo(file)
    if (await isDirectly(file)) plan.set(`${layerOf(file)}/app/${file}`, file)
  }
}

/** Package managers lay links where programs look for packages: a path that leads through one needs it, and what it leads to. */
async function addLinksTo(file) {
  const words = file.split('/')
  for (let length = 1; length <= words.length; length += 1) {
    const at = words.slice(0, length).join('/')
    if (!(await lstat(at).then((found) => found.isSymbolicLink(), () => false))) continue
    plan.set(`${layerOf(`${at}/`)}/app/${at}`, at)
    const real = path.relative(root, await realpath(at))
    return addLinksTo([real, ...words.slice(length)].join('/'))
  }
  if (await isDirectly(file)) plan.set(`${layerOf(file)}/app/${file}`, file)
}

/** Whether the file lies where its path says, and not behind a link. */
async function isDirectly(file) {
  return path.relative(root, await realpath(path.posix.dirname(file))) === path.posix.dirname(file).replace(/^\.$/, '') && (await stat(file)).isFile()
}

async function filesBelow(directory, fits) {
  const found = await readdir(directory, { recursive: true })
  return found.map((file) => `${directory}/${file}`).filter(fits)
}

async function addTraced(files) {
  const { nodeFileTrace } = createRequire(import.meta.url)('@vercel/nft')
  // Node goes by "exports" where a package has them; tracing "main" as well would take most packages twice.
  const options = { base: root, processCwd: root, exportsOnly: true, readFile: readPlain, cache: {} }
  const own = await nodeFileTrace(files, { ...options, ignore: isInstalled })
  const mine = [...own.fileList].filter((file) => !isInstalled(file))
  const boundary = [...own.reasons].flatMap(([file, { ignored }]) => (ignored ? file : [])).sort()
  const installed = await remembered(boundary, async () => [...(await nodeFileTrace(files, options)).fileList].filter(isInstalled).sort())
  for (const file of [...mine, ...installed]) plan.set(`${layerOf(file)}/app/${file}`, file)
  const runsTypes = mine.some((file) => typed.test(file))
  for (const home of new Set(await Promise.all(mine.map(packageOf)))) {
    if (home !== '') await addTree(home, { keep: (file) => belongs(file, runsTypes) })
  }
}

/** The tracer reads JavaScript, and Node runs TypeScript of the repository's own as well. Null for what is no file. */
async function readPlain(file) {
  const content = await readFile(file).catch(() => null)
  if (content === null || !typed.test(file) || file.includes('/node_modules/')) return content
  try {
    return module.stripTypeScriptTypes(String(content))
  } catch {
    // What this Node cannot read it cannot run either, if it ever comes to that.
    return content
  }
}

/** Reading thousands of installed files takes seconds; they follow from what the program imports and from the lockfile. */
async function remembered(boundary, trace) {
  const lock = await readFile('pnpm-lock.yaml').catch(() => '')
  const name = createHash('sha256').update(JSON.stringify([1, process.version, boundary])).update(lock).digest('hex')
  const file = path.join(memory, `${name}.json`)
  try {
    const known = JSON.parse(await readFile(file, 'utf8'))
    await Promise.all(known.map((one) => lstat(one)))
    return known
  } catch {
    // Not remembered, or installed differently since.
  }
  const found = await trace()
  await mkdir(memory, { recursive: true })
  await writeFile(file, JSON.stringify(found))
  return found
}

/** The directory of the package that a file of the repository belongs to; empty for the repository's own. */
async function packageOf(file) {
  for (let at = path.posix.dirname(file); at !== '.'; at = path.posix.dirname(at)) {
    if (await lstat(`${at}/package.json`).then(() => true, () => false)) return at
  }
  return ''
}

/** What code loads at run time without an import lies in its own package: everything but sources, tests and settings of tools. */
function belongs(file, runsTypes) {
  const name = path.posix.basename(file)
  if (!mayShip(file) || name === 'node_modules' || name === '.next') return false
  if (/\.map$|\.d\.[cm]?ts$|\.tsbuildinfo$|\.(?:md|mdx|log|lock)$|^tsconfig.*\.json$|^turbo\.json$|Dockerfile$|\.config\.[^.]+$/.test(name)) return false
  if (/^(?:tests?|e2e|fixtures|coverage)$/.test(name) || (name.startsWith('.') && name !== '.env.production')) return false
  return runsTypes || !/\.(?:[cm]?ts|[jt]sx)$/.test(name)
}

/** False for repositories, caches, tests, and values of somebody's machine. */
function mayShip(file) {
  const name = path.posix.basename(file)
  return !/^(?:\.git|\.turbo|\.DS_Store|__(?:tests|mocks|fixtures|snapshots)__)$|^\.env$|^\.env\.(?:.*\.)?local$|^\.env\.(?:development|test)$|\.(?:test|spec|stories)\.[cm]?[jt]sx?$|\.snap$/.test(name)
}

async function addTree(from, { to = from, keep = () => true, layer }) {
  for (const entry of await readdir(from, { withFileTypes: true }).catch(() => [])) {
    const [child, place] = [`${from}/${entry.name}`, `${to}/${entry.name}`]
    if (!keep(child)) continue
    if (entry.isDirectory()) await addTree(child, { to: place, keep, layer })
    else plan.set(`${layer ?? layerOf(place)}/app/${place}`, child)
  }
}

async function isDirectory(name) {
  return stat(name).then((found) => found.isDirectory(), () => false)
}

/** `node dist` runs `dist/index.js`. */
async function hasProgram(name) {
  return (await readdir(name)).some((file) => /^(?:package\.json|index\.[cm]?js)$/.test(file))
}

/** One by one, without waiting: for thousands of small files that takes a third of the time. */
function carryOut() {
  // Both layers are there even if one stays empty: what an image copies has to be.
  const directories = new Set(['installed', 'installed/app', 'built', 'built/app'])
  let bytes = 0
  for (const directory of directories) mkdirSync(path.join(target, directory), { recursive: true })
  for (const [to, from] of [...plan].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const directory = path.dirname(to)
    if (!directories.has(directory)) mkdirSync(path.join(target, directory), { recursive: true })
    for (let at = directory; !directories.has(at); at = path.dirname(at)) directories.add(at)
    bytes += carry(from, path.join(target, to))
  }
  for (const directory of [...directories].sort().reverse()) utimesSync(path.join(target, directory), longAgo, longAgo)
  console.log(`${plan.size} files, ${(bytes / 1e6).toFixed(1)} MB`)
}

function carry(from, to) {
  const found = lstatSync(from)
  if (found.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to)
    lutimesSync(to, longAgo, longAgo)
    return 0
  }
  const content = readFileSync(from)
  writeFileSync(to, content)
  chmodSync(to, (found.mode & 0o111) === 0 ? 0o644 : 0o755)
  // Servers tell browsers a file's time and size in place of its content, so another content must have another time.
  const time = longAgo + (createHash('sha256').update(content).digest().readUInt32BE(0) % 2 ** 28)
  utimesSync(to, time, time)
  return found.size
}
