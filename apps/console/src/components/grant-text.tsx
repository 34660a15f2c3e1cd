import type { Grant } from '@plimsoll/model'

/** What somebody may do, and where. */
export function GrantText({ grants }: { grants: readonly Grant[] }) {
  if (grants.length === 0) return <>nothing</>
  return <>{grants.map(({ app, role }) => `${role} of ${app === '*' ? 'all apps' : app}`).join(', ')}</>
}
