import path from 'node:path'
import type { ImagePlan, NodeProgram } from './image-plan.ts'

/** Where the script that chooses the production files lies in the build context; see `production-files.mjs`. */
export const productionFilesPath = 'docker/production-files.mjs'

/** The version that the process driver traces with; a test holds the two equal. */
export const tracer = '@vercel/nft@1.11.5'

/** Until a program is told another port. */
export const innerPort = 3000

/**
 * The Dockerfile of one Service, with comments for the people who keep it. Builds on BuildKit of Engine 20.10 and later, in a
 * context that is the repository's root; `file` is where it lies in that. Pure: the same plan gives the same text.
 *
 * Build arguments: `NODE_BASE`, `RUNTIME_BASE`, `RUNTIME_USER`, `REVISION`, `ENVIRONMENT_DIGEST`, `NEXT_DEPLOYMENT_ID` and the plan's public
 * names. Secrets, each optional: `ca` (certificates to trust), `env` (`NAME='value'` lines that the build sees and no image holds).
 */
export function dockerfile(plan: ImagePlan, file = 'Dockerfile'): string {
  const stages = [
    head(plan, file), toolsStage(plan), ...(plan.turbo === undefined ? [] : [pruneStage(plan)]), ...(traces(plan) ? [gatherStage()] : []),
    buildStage(plan), plan.runs.is === 'site' ? siteStage() : runtimeStage(plan, plan.runs),
  ]
  return `${stages.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function head({ service, runs, node }: ImagePlan, file: string): string[] {
  return [
    `# The production image of ${service}. From the root of the repository, with BuildKit:`,
    `#   docker build --file ${file} --tag ${service} .`,
    `# Behind a proxy that has certificates of its own: --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt`,
    '',
    '# What it is built on: any image with a shell, Node and npm. Pin it by digest for builds that never change by themselves.',
    `ARG NODE_BASE=node:${node}-bookworm-slim`,
    ...(runs.is === 'site' ? [] : [
      '# What it runs on: any image with Node in /usr/local/bin or /nodejs/bin. This one has no shell and no package manager.',
      `ARG RUNTIME_BASE=gcr.io/distroless/nodejs${node}-debian12:nonroot`,
    ]),
  ]
}

/** The form that is right on an ordinary machine, with the secret, and on a base that trusts more than Node does. */
const trust = '    [ ! -s /run/secrets/ca ] || export NODE_EXTRA_CA_CERTS=/run/secrets/ca; \\'

/** The store lies on another disk than what is installed from it, so that files cannot be linked. */
const pnpmPlaces = '--store-dir=/cache/pnpm --cache-dir=/cache/pnpm/registry --package-import-method=copy'

function toolsStage(plan: ImagePlan): string[] {
  const tools = [`pnpm@${plan.pnpm}`, ...(plan.turbo === undefined ? [] : [`turbo@${plan.turbo}`])]
  return [
    '# The tools of the build; none of them is in the image.',
    'FROM ${NODE_BASE} AS tools',
    'ENV PATH=/tools/node_modules/.bin:${PATH} \\',
    '    CI=true \\',
    '    NEXT_TELEMETRY_DISABLED=1 \\',
    '    TURBO_TELEMETRY_DISABLED=1 \\',
    '    TURBO_CACHE_DIR=/cache/turbo \\',
    '    pnpm_config_pm_on_fail=ignore \\',
    '    pnpm_config_verify_deps_before_run=false',
    'WORKDIR /repository',
    'RUN --mount=type=secret,id=ca \\',
    '    --mount=type=cache,id=npm,target=/root/.npm \\',
    trust,
    `    npm install --no-audit --no-fund --prefix /tools ${tools.join(' ')}`,
  ]
}

function pruneStage({ target, rootFiles, rootDirectories }: ImagePlan): string[] {
  const own = [...rootFiles, ...rootDirectories].map(shellWord)
  return [
    `# Only ${target.name} and what it depends on${own.length === 0 ? '' : ', and what the root has of its own'}: a change elsewhere does not reach the stages below.`,
    'FROM tools AS pruned',
    'RUN --mount=type=bind,target=/repository,rw \\',
    `    turbo prune ${target.name} --docker --out-dir /pruned${own.length === 0 ? '' : ' && \\'}`,
    ...(own.length === 0 ? [] : [`    cp -a ${own.join(' ')} /pruned/full/`]),
  ]
}

/** A stage of its own is made while packages are installed. */
function gatherStage(): string[] {
  return [
    '# What finds the files that the programs reach, when all is built.',
    'FROM tools AS gather',
    'WORKDIR /gather',
    'RUN --mount=type=secret,id=ca \\',
    '    --mount=type=cache,id=pnpm-store,target=/cache/pnpm \\',
    trust,
    `    pnpm add ${pnpmPlaces} ${tracer}`,
    `COPY ${productionFilesPath} ./`,
  ]
}

function buildStage(plan: ImagePlan): string[] {
  return ['FROM tools AS build', ...installLines(plan), traces(plan) ? 'COPY --from=gather /gather/ /gather/' : `COPY ${productionFilesPath} /gather/`, ...buildLines(plan)]
}

function installLines({ turbo, target }: ImagePlan): string[] {
  const scope = turbo === undefined && target.directory !== '' ? ` --filter ${target.name}...` : ''
  return [
    ...(turbo === undefined ? ['COPY . .'] : ['# The manifests first, so that packages are installed anew only when one of them has changed.', 'COPY --from=pruned /pruned/json/ ./']),
    'RUN --mount=type=secret,id=ca \\',
    '    --mount=type=cache,id=pnpm-store,target=/cache/pnpm \\',
    trust,
    `    pnpm install --frozen-lockfile${scope} ${pnpmPlaces}`,
  ]
}

function buildLines(plan: ImagePlan): string[] {
  const { turbo, nextDirectories, publicNames } = plan
  const names = plan.build === '' || nextDirectories.length === 0 ? publicNames : ['NEXT_DEPLOYMENT_ID', ...publicNames]
  return [
    ...(turbo === undefined ? [] : ['COPY --from=pruned /pruned/full/ ./']),
    ...(plan.build === '' || names.length === 0 ? [] : ['# These become part of the pages. They are no secrets: every browser gets them.', ...names.map((name) => `ARG ${name}`)]),
    ...(plan.build === '' ? [] : [
      '# What the build may see and the image must not hold comes as a file of lines NAME=\'value\': --secret id=env,src=…',
      '# (for Turborepo\'s remote cache: TURBO_TOKEN and TURBO_TEAM). A secret alone makes no build anew; another value here does.',
      'ARG ENVIRONMENT_DIGEST',
    ]),
    ...gatherComment(plan),
    ...buildRun(plan),
  ]
}

/** One step, because each costs the engine a container and a layer. */
function buildRun({ turbo, target, nextDirectories, build, rootDir, runs }: ImagePlan): string[] {
  const wanted = runs.is === 'site' ? [runs.directory] : runs.entries
  const gather = `node /gather/${path.posix.basename(productionFilesPath)} /production /cache/traces ${wanted.join(' ')}`
  if (build === '') return ['RUN --mount=type=cache,id=traces,target=/cache/traces \\', `    ${gather}`]
  return [
    'RUN --mount=type=secret,id=ca \\',
    '    --mount=type=secret,id=env \\',
    ...(turbo === undefined ? [] : ['    --mount=type=cache,id=turbo,target=/cache/turbo \\']),
    '    --mount=type=cache,id=traces,target=/cache/traces \\',
    ...nextDirectories.map((directory) => `    --mount=type=cache,id=next-${slug(target.name)},target=/repository/${directory}/cache,sharing=locked \\`),
    trust,
    '    ( [ ! -s /run/secrets/env ] || { set -a; . /run/secrets/env; set +a; }; \\',
    `      ${rootDir === '' ? '' : `cd ${rootDir} && `}${build} ) && \\`,
    `    ${gather}`,
  ]
}

function gatherComment({ runs }: ImagePlan): string[] {
  if (runs.is === 'site') return ['# Then the published files are put together, with times that follow from their content: the same files make the same layer.']
  return ['# Then only the files that the programs reach are put together, in the places where they lie in the repository, with times that', '# follow from their content: the same files make the same layer.']
}

function runtimeStage(plan: ImagePlan, runs: NodeProgram): string[] {
  // Next.js writes pages that are made anew, and pictures that it has resized, beside its own files.
  const owner = runs.nextServer === undefined && runs.nextApp === undefined ? '' : '--chown=${RUNTIME_USER} '
  return [
    'FROM ${RUNTIME_BASE}',
    '# Any user but root: 1000:1000 is `node` in the images of that name.',
    'ARG RUNTIME_USER=65532:65532',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/nodejs/bin:/usr/sbin:/usr/bin:/sbin:/bin \\',
    '    NODE_ENV=production \\',
    `    HOSTNAME=0.0.0.0${runs.health === undefined ? '' : ` \\\n    PORT=${innerPort}`}`,
    '# The packages and the repository\'s own: two layers, because a change of code leaves the first and larger one as it is.',
    `COPY --from=build ${owner}/production/installed/ /`,
    `COPY --from=build ${owner}/production/built/ /`,
    `WORKDIR /app${runs.cwd === '' ? '' : `/${runs.cwd}`}`,
    'USER ${RUNTIME_USER}',
    ...(runs.health === undefined ? [] : [`EXPOSE ${innerPort}`, `HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ${JSON.stringify(['node', '-e', asksItself(runs.health.path)])}`]),
    'STOPSIGNAL SIGTERM',
    '# Node is the first process and gets every signal. If it starts processes of its own, run it with an init: docker run --init.',
    'ENTRYPOINT []',
    `CMD ${JSON.stringify(['node', ...runs.args])}`,
    ...labels(plan),
  ]
}

function siteStage(): string[] {
  return [
    '# Files and nothing to serve them with. To serve them from a container, copy them into the image of a web server:',
    '#   COPY --from=build /production/built/app/<directory>/ /usr/share/nginx/html/',
    'FROM scratch',
    'COPY --from=build /production/built/ /',
  ]
}

function labels({ service }: ImagePlan): string[] {
  return ['ARG REVISION=unknown', `LABEL org.opencontainers.image.title=${JSON.stringify(service)} \\`, '      org.opencontainers.image.revision=${REVISION}']
}

/** Needs neither a shell nor curl. */
function asksItself(health: string | undefined): string {
  const port = `process.env.PORT||${innerPort}`
  if (health === undefined) return `require('net').connect(${port},'127.0.0.1').on('connect',()=>process.exit(0)).on('error',()=>process.exit(1))`
  return `fetch('http://127.0.0.1:'+(${port})+'${health}',{redirect:'manual'}).then(r=>process.exit(r.status<400?0:1),()=>process.exit(1))`
}

/** False for what is only copied: a site, or a server that Next.js has traced itself. */
function traces({ runs }: ImagePlan): boolean {
  return runs.is === 'program' && runs.entries.some((file) => !file.includes('/standalone/'))
}

function slug(text: string): string {
  return text.replaceAll(/[^\w]+/g, '-').replaceAll(/^-+|-+$/g, '')
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
