import type { Diagnostic } from '@plimsoll/model'

interface RuleEntry {
  readonly severity: Diagnostic['severity']
  /** What the rule holds, in one sentence, for lists of rules. */
  readonly holds: string
}

const error = (holds: string): RuleEntry => ({ severity: 'error', holds })
const warning = (holds: string): RuleEntry => ({ severity: 'warning', holds })
const info = (holds: string): RuleEntry => ({ severity: 'info', holds })

/** Every rule a Blueprint is held to. The one place that decides what is an error. */
export const blueprintRules = {
  // The text.
  'yaml-syntax': error('The file is one YAML document that can be read.'),
  'yaml-tag': warning('YAML tags are not understood by Render and change how a value is read.'),
  'yaml-boolean': warning('Words that older YAML reads as true or false (on, off, yes, no) are written in quotes.'),
  'yaml-number': warning('A number that YAML would write differently (1.10, 0123) is written in quotes.'),
  'duplicate-key': error('A key is written once; of two, YAML readers silently drop one.'),
  'merge-key': warning('Render documents no merge keys (<<).'),

  // The shape.
  'unknown-key': error('Only keys of the specification are used.'),
  'missing-key': error('Required keys are there.'),
  'wrong-kind-key': error('A key belongs to the kind of service it is written on.'),
  'wrong-type': error('A value has the type its key asks for.'),
  'empty-value': error('A key has a value.'),
  'boolean-value': error('An environment variable is text or a number, never true or false without quotes.'),
  'unknown-value': error('Of a fixed set of values, one is used.'),
  'out-of-range': error('A number lies within its limits.'),
  'unknown-service-type': error('A service has a type that exists.'),
  'malformed-value': error('Paths, schedules and addresses are well-formed.'),
  'deprecated-key': warning('Keys have their present name.'),
  'deprecated-value': warning('Values have their present spelling.'),
  'template-key': warning('Template metadata on variables (description, required, …) is not part of the specification.'),

  // Names and references.
  'duplicate-name': error('Services, databases, groups, environments and projects each have names of their own.'),
  'dangling-reference': error('A reference names something in this file.'),
  'reference-type': error('fromService gives the type of the service it names.'),
  'reference-property': error('A reference asks for something that its target has.'),
  'reference-form': error('fromService has either property or envVarKey.'),
  'reference-cycle': error('Variables do not refer to each other in a circle.'),
  'cross-environment': error('Services are wired within one environment.'),

  // Environment variables.
  'env-forms': error('A variable has one source.'),
  'env-exclusive': error('value, generateValue: true and sync: false exclude each other.'),
  'env-without-value': warning('A variable has a value or says where it comes from.'),
  'duplicate-env-key': error('A variable is set once in a list.'),
  'group-literal-only': error('Variables of a group are values, not references.'),
  'group-sync-false': error('sync: false is dropped by Render inside a group.'),
  'group-linked-twice': warning('A group is linked once.'),
  'group-overlap': warning('Groups linked to one service set different variables; which of them wins is unstable on Render.'),

  // Services.
  'worker-overlap': error('PLIMSOLL_WORKER_OVERLAP stands on a worker and is "true" or "false".'),
  'static-runtime': error('runtime: static goes with type: web.'),
  'missing-command': error('Services with a native runtime say how they are built and started.'),
  'image-source': error('runtime: image has an image and no repository; other runtimes have no image.'),
  'build-source': error('A service with a buildSource leaves what the source decides to it.'),
  'scaling-limits': error('scaling has minInstances ≤ maxInstances and at least one target.'),
  'scaling-wins': warning('numInstances has no effect beside scaling.'),
  'disk-scale': error('A service with a disk has one instance.'),
  'disk-mount': error('A disk is mounted at an absolute path that Render does not use itself.'),
  'disk-downtime': info('A disk switches zero-downtime deploys off on Render.'),
  'key-without-effect': warning('A key does something for the service it is written on.'),
  'free-plan': error('The free plan is for web services, without instances, disks and pre-deploy commands.'),
  'free-private-target': warning('A free web service cannot be reached over the private network on Render.'),
  'subdomain-policy': error('The onrender.com name is switched off only where there is another one.'),
  'branch-previews': warning('A fixed branch makes previews build the wrong code.'),
  'region-split': warning('Services that talk to each other are in one region.'),

  // Databases.
  'disk-size': error('A database disk has 1 GB or a multiple of 5 GB.'),
  'open-database': info('A database without ipAllowList takes connections from everywhere.'),

  // Advice from real failures.
  'node-env-build': warning('NODE_ENV=production in envVars also holds during the build, where it skips devDependencies.'),
  'corepack-enable': warning('corepack enable fails on Render, where /usr/bin is read-only.'),
  'no-interpolation': warning('Values are taken as they are written; ${NAME} is not replaced.'),
  'host-no-scheme': warning('host and hostport carry no scheme, so they are no URL.'),
  'public-from-private': warning('Browsers cannot reach private addresses.'),
  'literal-secret': warning('Secrets are not written into the file.'),
} as const satisfies Record<string, RuleEntry>

export type BlueprintRule = keyof typeof blueprintRules
