import { z } from 'zod'
import { appNameSchema } from './names.ts'

/**
 * What somebody may do, each more than the one before: `viewer` sees, `releaser` also releases and goes back, `admin` does everything. As the
 * scopes of a token they are what others call `read`, `release` and `admin`.
 */
export const roles = ['viewer', 'releaser', 'admin'] as const
export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

/** A role in one app, or with `*` in every one, those to come included, and in Plimsoll itself. */
export const grantSchema = z.object({ app: z.union([z.literal('*'), appNameSchema]), role: roleSchema })
export type Grant = z.infer<typeof grantSchema>

/**
 * What a question needs of whoever asks: nothing, that they are known, or a role. Where the question is about one app the role counts in that app,
 * else in Plimsoll itself.
 */
export type Needs = 'nothing' | 'to be known' | Role

/** The most that `grants` give in `app`; without one, in Plimsoll itself. Undefined: nothing. */
export function roleIn(grants: readonly Grant[], app?: string): Role | undefined {
  const given = grants.filter((grant) => grant.app === '*' || (app !== undefined && grant.app === app))
  return roles.findLast((role) => given.some((grant) => grant.role === role))
}

/** Whether `role` is as much as `needed`, or more. */
export function isAsMuchAs(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && roles.indexOf(role) >= roles.indexOf(needed)
}

/** What both give: a token may never do more than whoever made it. */
export function withinBoth(one: readonly Grant[], other: readonly Grant[]): readonly Grant[] {
  const apps = [...new Set([...one, ...other].map(({ app }) => app))]
  return apps.flatMap((app): Grant[] => {
    const given = [one, other].map((grants) => roleIn(grants, app === '*' ? undefined : app))
    const least = roles.find((role) => given.includes(role))
    return least === undefined || given.includes(undefined) ? [] : [{ app, role: least }]
  })
}
