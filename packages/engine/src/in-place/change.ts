import { z } from 'zod'

const things = ['service', 'database', 'keyvalue', 'group', 'variable', 'link', 'project', 'environment', 'member', 'disk', 'domain'] as const

/** One difference between what a Blueprint wants and what is there: names, and never the value of a variable. */
export const changeSchema = z.object({
  is: z.enum(['create', 'update']),
  what: z.enum(things),
  /** Of the service, database or group; for a variable, disk or domain whose it is, for a link the group, for a member where it belongs. */
  name: z.string(),
  /** The fields that differ; the keys of variables; for a link the service, for members which they are. */
  fields: z.array(z.string()).default([]),
  /** Services that meet it only with their next deploy. */
  services: z.array(z.string()).default([]),
})
export type Change = z.infer<typeof changeSchema>

const words: Readonly<Record<Change['what'], string>> = { service: 'service', database: 'database', keyvalue: 'key-value service', group: 'group of variables', variable: 'variable', link: 'link', project: 'project', environment: 'environment', member: 'member', disk: 'disk of', domain: 'domain' }

/** The change as a person is told of it. */
export function changeText({ is, what, name, fields }: Change): string {
  if (what === 'variable') return `${is === 'create' ? 'adds' : 'changes'} ${fields.join(', ')} of ${name}`
  if (what === 'link') return `links the group ${name} to ${fields.join(', ')}`
  if (what === 'domain') return `adds the domain ${fields.join(', ')} to ${name}`
  if (what === 'member') return is === 'create' ? `puts ${fields.join(', ')} into the environment ${name}` : `takes ${fields.join(', ')} out of the environment ${name}`
  const which = fields.length === 0 ? '' : ` (${fields.join(', ')})`
  return `${is === 'create' ? 'creates' : 'changes'} the ${words[what]} ${name}${which}`
}

export function isSameChange(one: Change, other: Change): boolean {
  return one.is === other.is && one.what === other.what && one.name === other.name && one.fields.join('\n') === other.fields.join('\n')
}
