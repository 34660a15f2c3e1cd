import { z } from 'zod'

/** Text that a database keeps: PostgreSQL refuses the character NUL wherever it stands. */
export const withoutNul = z.string().regex(/^[^\0]*$/, 'must not contain the character NUL')
