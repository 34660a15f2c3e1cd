import { readImageReference } from '@plimsoll/model'
import type { Inventory, ServiceEntry } from './inventory.ts'
import { nearest } from './nearest.ts'
import type { Report } from './report.ts'
import { nativeRuntimes } from './service-fields.ts'
import { textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** Keys that a build source decides for the services that use it. */
const decidedBySource = [
  'runtime', 'repo', 'branch', 'image', 'registryCredential', 'buildCommand', 'buildFilter', 'dockerContext', 'dockerfilePath',
  'previews', 'pullRequestPreviewsEnabled', 'previewPlan',
]

/** Build sources themselves: one origin each, and a build command where the runtime needs one. */
export function checkBuildSources({ buildSources }: Inventory, report: Report): void {
  for (const { node } of buildSources) {
    const git = valueOf(node, 'git')
    const image = valueOf(node, 'image')
    if (git !== undefined && image !== undefined) report.add('build-source', image, 'a build source is either git or image', 'remove one of them')
    if (git === undefined) continue
    const runtime = textOf(git, 'runtime')
    if (isNative(runtime) && valueOf(git, 'buildCommand') === undefined) lacks(git, { key: 'buildCommand', runtime }, report)
    for (const key of ['baseDir', 'dockerfilePath', 'registryCredential']) {
      const found = valueOf(git, key)
      if (found !== undefined && runtime !== 'docker') report.add('build-source', found, `"${key}" goes with runtime: docker only`, 'write runtime: docker, or remove the line')
    }
  }
}

/** Native runtimes are told how to build and start; a build source takes over the first half. */
export function checkCommands(service: ServiceEntry, inventory: Inventory, report: Report): void {
  const { node, form } = service
  if (form !== 'S' && form !== 'C') return
  const source = checkSourceLink(service, inventory, report)
  const runtime = source === undefined ? service.runtime : textOf(valueOf(source, 'git'), 'runtime')
  if (!isNative(runtime)) return
  if (source === undefined && valueOf(node, 'buildCommand') === undefined) lacks(node, { key: 'buildCommand', runtime }, report)
  if (valueOf(node, 'startCommand') === undefined) lacks(node, { key: 'startCommand', runtime }, report)
}

/** An image is run as it is; everything else is built from a repository. */
export function checkImage({ node, form, runtime }: ServiceEntry, report: Report): void {
  if (form !== 'S' && form !== 'C') return
  const image = valueOf(node, 'image')
  const repo = valueOf(node, 'repo')
  if (image !== undefined && repo !== undefined) report.add('image-source', repo, 'a service has either an image or a repo', 'remove one of them')
  if (runtime === 'image' && image === undefined) {
    report.add('image-source', valueOf(node, 'runtime') ?? node, 'runtime: image needs an image', 'add image: { url: … }')
  }
  const url = valueOf(image, 'url')
  const written = textOf(image, 'url')
  if (url !== undefined && written !== undefined && readImageReference(written) === undefined) {
    report.add('image-source', url, `"${written}" names no image`, 'write it as in docker.io/library/nginx:1.29 or ghcr.io/acme/web@sha256:…')
  }
  if (image !== undefined && runtime !== undefined && runtime !== 'image') {
    report.add('image-source', image, `an image is not run with runtime: ${runtime}`, 'write runtime: image, or remove the image')
  }
}

const examples = { buildCommand: 'pnpm install --frozen-lockfile && pnpm build', startCommand: 'node dist/main.js' }

function lacks(node: YamlNode, { key, runtime }: { key: keyof typeof examples; runtime: string }, report: Report): void {
  report.add('missing-command', node, `runtime: ${runtime} needs "${key}"`, `add ${key}: ${runtime === 'node' ? examples[key] : '…'}`)
}

function isNative(runtime: string | undefined): runtime is string {
  return runtime !== undefined && (nativeRuntimes as readonly string[]).includes(runtime)
}

/** The build source that a service names, if it is there. */
function checkSourceLink({ node }: ServiceEntry, { buildSources }: Inventory, report: Report): YamlNode | undefined {
  const link = valueOf(node, 'buildSource')
  const wanted = textOf(node, 'buildSource')
  if (link === undefined) return undefined
  for (const key of decidedBySource) {
    const found = valueOf(node, key)
    if (found !== undefined) report.add('build-source', found, `"${key}" is decided by the build source`, 'remove the line, or remove buildSource')
  }
  const source = buildSources.find(({ name }) => name === wanted)
  if (source === undefined && wanted !== undefined) {
    const near = nearest(wanted, buildSources.flatMap(({ name }) => name ?? []))
    report.add('dangling-reference', link, `there is no build source "${wanted}"`, near === undefined ? 'list it under buildSources:' : `did you mean "${near}"?`)
  }
  return source?.node ?? link
}
