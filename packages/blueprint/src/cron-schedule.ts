interface CronField {
  readonly what: string
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const cronFields: readonly CronField[] = [
  { what: 'minute', min: 0, max: 59 },
  { what: 'hour', min: 0, max: 23 },
  { what: 'day of the month', min: 1, max: 31 },
  { what: 'month', min: 1, max: 12, names: months },
  { what: 'day of the week', min: 0, max: 7, names: days },
]

/** What is wrong with a five-field cron expression, or undefined when it is sound. Nicknames such as `@daily` are not. */
export function faultOfSchedule(schedule: string): string | undefined {
  const parts = schedule.trim().split(/\s+/)
  if (parts.length !== cronFields.length) return `must have five fields (minute hour day month weekday), not ${parts.length}`
  for (const [index, field] of cronFields.entries()) {
    const part = parts[index] ?? ''
    if (!part.split(',').every((item) => isSound(item, field))) {
      return `has "${part}" as ${field.what}, which is not *, ${field.min}-${field.max}, a list, a range or a step`
    }
  }
  return undefined
}

function isSound(item: string, field: CronField): boolean {
  const [range = '', step, ...rest] = item.split('/')
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false
  if (range === '*') return true
  const [from, to, ...more] = range.split('-').map((bound) => numberIn(bound, field))
  if (more.length > 0 || from === undefined) return false
  return range.includes('-') ? to !== undefined && from <= to : true
}

function numberIn(bound: string, field: CronField): number | undefined {
  const named = field.names?.indexOf(bound.toLowerCase()) ?? -1
  if (named >= 0) return named + (field.what === 'month' ? 1 : 0)
  if (!/^\d{1,2}$/.test(bound)) return undefined
  const number = Number(bound)
  return number >= field.min && number <= field.max ? number : undefined
}
