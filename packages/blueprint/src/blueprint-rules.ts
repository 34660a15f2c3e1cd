import type { Diagnostic } from '@plimsoll/model'

interface RuleEntry {
  readonly severity: Diagnostic['severity']
  /** What the rule holds, in one sentence, for lists of rules. */
  readonly holds: string
  /** Why it matters: what goes wrong where it does not hold. */
  readonly why: string
  /** True when some of its faults have a remedy. */
  readonly mends?: true
}

const error = (holds: string, why: string): RuleEntry => ({ severity: 'error', holds, why })
const warning = (holds: string, why: string): RuleEntry => ({ severity: 'warning', holds, why })
const info = (holds: string, why: string): RuleEntry => ({ severity: 'info', holds, why })
const mending = (entry: RuleEntry): RuleEntry => ({ ...entry, mends: true })

/** Every rule a Blueprint is held to. The one place that decides what is an error. */
export const blueprintRules = {
  // The text.
  'file-size': error('The file is no larger than a Blueprint can be.', 'What is larger is no Blueprint, and reading it would take many times its size.'),
  'yaml-syntax': error('The file is one YAML document that can be read.', 'Nothing at all is released from a file that cannot be read.'),
  'yaml-tag': warning('YAML tags are not understood by Render and change how a value is read.', 'The value that arrives is not the one that was written.'),
  'yaml-boolean': mending(warning('Words that older YAML reads as true or false (on, off, yes, no) are written in quotes.', 'Readers disagree about them, so the same file means two things.')),
  'yaml-number': mending(warning('A number that YAML would write differently (1.10, 0123) is written in quotes.', 'The program gets 1.1 where 1.10 was written.')),
  'duplicate-key': error('A key is written once; of two, YAML readers silently drop one.', 'Whole lists of services have vanished this way.'),
  'merge-key': warning('Render documents no merge keys (<<).', 'What is merged in may not be there on Render.'),

  // The shape.
  'unknown-key': mending(error('Only keys of the specification are used.', 'Render refuses the whole file for one key that it does not know.')),
  'missing-key': mending(error('Required keys are there.', 'Render refuses the whole file without them.')),
  'wrong-kind-key': error('A key belongs to the kind of service it is written on.', 'Render refuses the file, or the key does nothing.'),
  'wrong-type': mending(error('A value has the type its key asks for.', 'Render refuses the whole file for it.')),
  'empty-value': mending(error('A key has a value.', 'Render refuses a key without a value.')),
  'boolean-value': mending(error('An environment variable is text or a number, never true or false without quotes.', 'Render refuses it: variables have no booleans.')),
  'unknown-value': mending(error('Of a fixed set of values, one is used.', 'Render refuses every other value.')),
  'out-of-range': error('A number lies within its limits.', 'Render refuses numbers beyond them.'),
  'unknown-service-type': mending(error('A service has a type that exists.', 'Render refuses the file with an unknown type.')),
  'malformed-value': error('Paths, schedules and addresses are well-formed.', 'Render refuses them, or they never match anything.'),
  'deprecated-key': mending(warning('Keys have their present name.', 'The published schema refuses old names already; only the sync still takes them.')),
  'deprecated-value': mending(warning('Values have their present spelling.', 'The published schema refuses old spellings already; only the sync still takes them.')),
  'template-key': mending(warning('Template metadata on variables (description, required, …) is not part of the specification.', 'It does nothing, and the published schema refuses it.')),

  // Names and references.
  'duplicate-name': error('Services, databases, groups, environments and projects each have names of their own.', 'A name is an identity: two entries of one name describe one thing twice.'),
  'dangling-reference': mending(error('A reference names something in this file.', 'The sync fails on a name that leads nowhere.')),
  'reference-type': mending(error('fromService gives the type of the service it names.', 'The sync looks for a service of that type, and finds none.')),
  'reference-property': error('A reference asks for something that its target has.', 'The sync fails, or the variable stays empty.'),
  'reference-form': error('fromService has either property or envVarKey.', 'Of both, one is ignored; without either there is no value.'),
  'reference-cycle': error('Variables do not refer to each other in a circle.', 'None of them ever gets a value.'),
  'cross-environment': error('Services are wired within one environment.', 'Render wires nothing across environments.'),

  // Environment variables.
  'env-forms': error('A variable has one source.', 'Render refuses a variable that says two things.'),
  'env-exclusive': error('value, generateValue: true and sync: false exclude each other.', 'Which of them holds is not defined.'),
  'env-without-value': warning('A variable has a value or says where it comes from.', 'The program starts without it.'),
  'duplicate-env-key': mending(error('A variable is set once in a list.', 'Which of the two values the program gets is not defined.')),
  'group-literal-only': error('Variables of a group are values, not references.', 'Render refuses references in groups.'),
  'group-sync-false': error('sync: false is dropped by Render inside a group.', 'The variable silently does not exist.'),
  'group-linked-twice': mending(warning('A group is linked once.', 'The second link does nothing, and hides which one is meant.')),
  'group-overlap': warning('Groups linked to one service set different variables; which of them wins is unstable on Render.', 'The value changes when a group is made anew.'),

  // Services.
  'worker-overlap': error('PLIMSOLL_WORKER_OVERLAP stands on a worker and is "true" or "false".', 'Anything else says nothing, and old and new workers work as if it were not there.'),
  'static-runtime': error('runtime: static goes with type: web.', 'Render knows static sites as type: web only.'),
  'missing-command': error('Services with a native runtime say how they are built and started.', 'There is nothing to build or to start.'),
  'image-source': error('runtime: image has an image and no repository; other runtimes have no image.', 'Render cannot tell which of the two to run.'),
  'build-source': error('A service with a buildSource leaves what the source decides to it.', 'Render refuses a service that decides it too.'),
  'scaling-limits': error('scaling has minInstances ≤ maxInstances and at least one target.', 'Without them nothing can be scaled, and Render refuses it.'),
  'scaling-wins': mending(warning('numInstances has no effect beside scaling.', 'The number of instances is not the one that was written.')),
  'disk-scale': error('A service with a disk has one instance.', 'Render refuses a disk that several instances would share.'),
  'disk-mount': error('A disk is mounted at an absolute path that Render does not use itself.', 'Render refuses it, because the disk would cover the program.'),
  'disk-downtime': info('A disk switches zero-downtime deploys off on Render.', 'Each deploy is an outage of some seconds.'),
  'key-without-effect': mending(warning('A key does something for the service it is written on.', 'Whoever reads the file believes something that is not so.')),
  'free-plan': error('The free plan is for web services, without instances, disks and pre-deploy commands.', 'Render refuses the free plan for anything else.'),
  'free-private-target': warning('A free web service cannot be reached over the private network on Render.', 'Requests to it time out.'),
  'subdomain-policy': error('The onrender.com name is switched off only where there is another one.', 'Nobody could reach the service.'),
  'branch-previews': warning('A fixed branch makes previews build the wrong code.', 'The preview shows another change than the one that is looked at.'),
  'region-split': warning('Services that talk to each other are in one region.', 'The private network ends at the region, so names do not resolve.'),

  // Databases.
  'disk-size': mending(error('A database disk has 1 GB or a multiple of 5 GB.', 'Render refuses other sizes.')),
  'open-database': info('A database without ipAllowList takes connections from everywhere.', 'A password that leaks is all that somebody needs.'),

  // Advice from real failures.
  'node-env-build': mending(warning('NODE_ENV=production in envVars also holds during the build, where it skips devDependencies.', 'The build ends with "tsc: not found", or "turbo", "vite", "prisma".')),
  'corepack-enable': mending(warning('corepack enable fails on Render, where /usr/bin is read-only.', 'The build ends with EROFS.')),
  'no-interpolation': warning('Values are taken as they are written; ${NAME} is not replaced.', 'The program gets the text ${NAME}.'),
  'host-no-scheme': warning('host and hostport carry no scheme, so they are no URL.', 'What parses it as a URL fails, or compares it with an origin in vain.'),
  'public-from-private': mending(warning('Browsers cannot reach private addresses.', 'Pages load, and every request that they make fails.')),
  'literal-secret': warning('Secrets are not written into the file.', 'Everybody who can read the repository has it, for as long as its history lasts.'),
} as const satisfies Record<string, RuleEntry>

export type BlueprintRule = keyof typeof blueprintRules
