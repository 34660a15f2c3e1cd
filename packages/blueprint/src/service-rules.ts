import { checkCommands, checkImage } from './source-rules.ts'
import type { Inventory, ServiceEntry } from './inventory.ts'
import type { Remedy } from './remedy.ts'
import type { Report } from './report.ts'
import { titleOf } from './service-shape.ts'
import { checkOverlap } from './worker-overlap.ts'
import { numberOf, textOf, valueOf, type YamlNode } from './yaml-tree.ts'

/** What the table of fields cannot say: how the keys of one service go together. */
export function checkServices(inventory: Inventory, report: Report): void {
  for (const service of inventory.services) {
    for (const check of [checkRuntime, checkScaling, checkDisk, checkFreePlan, checkEffect, checkSubdomain, checkOverlap]) check(service, report)
    checkCommands(service, inventory, report)
    checkImage(service, report)
    checkBranch(service, inventory, report)
  }
}

const webOnly = ['healthCheckPath', 'domains', 'domain', 'renderSubdomainPolicy', 'ipAllowList', 'maintenanceMode']

function checkRuntime({ form, node, type, runtime }: ServiceEntry, report: Report): void {
  if (runtime === 'static' && form !== 'T' && form !== undefined) {
    report.add('static-runtime', valueOf(node, 'runtime') ?? node, `runtime: static does not go with type: ${type}`, 'write type: web')
  }
  if (form === 'S' && valueOf(node, 'runtime') === undefined && valueOf(node, 'buildSource') === undefined) {
    report.add('missing-key', node, `${titleOf(node)} needs "runtime"`, 'add runtime: node')
  }
}

function checkScaling({ node }: ServiceEntry, report: Report): void {
  const scaling = valueOf(node, 'scaling')
  if (scaling?.is !== 'map') return
  const min = numberOf(scaling, 'minInstances')
  const max = numberOf(scaling, 'maxInstances')
  if (min !== undefined && max !== undefined && min > max) {
    report.add('scaling-limits', valueOf(scaling, 'minInstances') ?? scaling, `minInstances ${min} is more than maxInstances ${max}`, 'swap them, or raise maxInstances')
  }
  const targets = ['targetCPUPercent', 'targetMemoryPercent']
  if (!targets.some((key) => scaling.entries.has(key))) {
    report.add('scaling-limits', scaling, 'scaling needs a target', `add ${targets[0]}: 70`)
  }
  const fixed = valueOf(node, 'numInstances')
  if (fixed !== undefined) report.add('scaling-wins', fixed, 'numInstances has no effect beside scaling', 'remove the line', { do: 'remove' })
}

/** Render's own directories: a disk may lie below them, not over them. */
const takenByRender = ['/', '/opt', '/opt/render', '/opt/render/project', '/opt/render/project/src', '/home', '/home/render', '/etc', '/etc/secrets']

function checkDisk({ node }: ServiceEntry, report: Report): void {
  const disk = valueOf(node, 'disk')
  if (disk?.is !== 'map') return
  report.add('disk-downtime', disk, 'with a disk, Render stops the old instance before it starts the new one', 'keep files in object storage if a few seconds of outage per release matter')
  const several = severalInstances(node)
  if (several !== undefined) report.add('disk-scale', several, 'a service with a disk cannot have more than one instance', 'remove the disk, or stay at one instance')
  const mount = valueOf(disk, 'mountPath')
  const path = textOf(disk, 'mountPath')?.replace(/(.)\/+$/, '$1')
  if (mount !== undefined && path !== undefined && takenByRender.includes(path)) {
    report.add('disk-mount', mount, `Render uses "${path}" itself`, 'mount below it or elsewhere, e.g. /var/data')
  }
}

function severalInstances(node: YamlNode): YamlNode | undefined {
  const scaling = valueOf(node, 'scaling')
  if (scaling !== undefined) return scaling
  return (numberOf(node, 'numInstances') ?? 1) > 1 ? valueOf(node, 'numInstances') : undefined
}

function checkFreePlan({ node, type, form }: ServiceEntry, report: Report): void {
  const plan = valueOf(node, 'plan')
  if (form !== 'S' || plan === undefined || textOf(node, 'plan') !== 'free') return
  if (type !== 'web') report.add('free-plan', plan, `the free plan is for web services, and this is type: ${type}`, 'write plan: starter')
  const excluded = [valueOf(node, 'preDeployCommand'), valueOf(node, 'disk'), severalInstances(node), valueOf(node, 'maintenanceMode')]
  for (const found of excluded) {
    if (found !== undefined) report.add('free-plan', found, `the free plan has no ${lastKey(found)}`, 'write plan: starter, or remove it')
  }
}

function checkEffect({ node, form, type, runtime }: ServiceEntry, report: Report): void {
  const none = (keys: readonly string[], why: string, ...[hint, remedy]: readonly [hint: string, remedy?: Remedy]) => {
    for (const key of keys) {
      const found = valueOf(node, key)
      if (found !== undefined) report.add('key-without-effect', found, `"${key}" has no effect on ${why}`, hint, remedy)
    }
  }
  const onRender = 'remove the line; on Render only web services have it'
  if (type === 'pserv' || type === 'worker') none(webOnly, titleOf(node), onRender, { do: 'remove' })
  if (form === 'T' || form === 'C') none(['preDeployCommand'], titleOf(node), 'put it before the build or start command with &&')
  const containers = runtime === 'docker' || runtime === 'image'
  if (containers) none(['startCommand'], `runtime: ${runtime}`, 'write dockerCommand', { do: 'rename', key: 'dockerCommand' })
  if (containers) none(['buildCommand'], `runtime: ${runtime}`, 'build steps belong in the Dockerfile')
  if (!containers && runtime !== undefined) none(['dockerCommand', 'dockerContext', 'dockerfilePath'], `runtime: ${runtime}`, 'write runtime: docker, or remove the line')
}

function checkSubdomain({ node }: ServiceEntry, report: Report): void {
  const policy = valueOf(node, 'renderSubdomainPolicy')
  if (policy === undefined || textOf(node, 'renderSubdomainPolicy') !== 'disabled') return
  if (valueOf(node, 'domains') !== undefined || valueOf(node, 'domain') !== undefined) return
  report.add('subdomain-policy', policy, 'without a domain of its own the service could not be reached', 'add domains: [www.example.com], or remove the line')
}

function checkBranch({ node }: ServiceEntry, { root }: Inventory, report: Report): void {
  const branch = valueOf(node, 'branch')
  const generation = textOf(valueOf(root, 'previews'), 'generation')
  if (branch === undefined || generation === undefined || generation === 'off') return
  report.add('branch-previews', branch, 'previews would build this branch in place of their own', 'remove the line')
}

function lastKey({ path }: YamlNode): string {
  return path.slice(path.lastIndexOf('.') + 1)
}
