import { roles, type Role } from '@plimsoll/model'
import { useId, type InputHTMLAttributes, type SelectHTMLAttributes } from 'react'

const box = 'h-11 w-full rounded-sm border border-line-strong bg-plate px-3 text-ink sm:h-9'

/** A line of a form, with what it is for above it. */
export function Field({ label, hint, ...input }: { label: string; hint?: string } & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[0.8125rem] font-medium">{label}</label>
      <input id={id} className={box} {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })} {...input} />
      {hint !== undefined && <p id={`${id}-hint`} className="mt-1 text-[0.8125rem] text-ink-soft">{hint}</p>}
    </div>
  )
}

export interface Choice {
  readonly value: string
  readonly label: string
}

export function ChoiceField({ label, choices, ...select }: { label: string; choices: readonly Choice[] } & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-[0.8125rem] font-medium">{label}</label>
      <select id={id} className={box} {...select}>
        {choices.map(({ value, label: text }) => <option key={value} value={value}>{text}</option>)}
      </select>
    </div>
  )
}

const roleLabels: Readonly<Record<Role, string>> = { viewer: 'Viewer: sees', releaser: 'Releaser: also goes back, stops and pauses', admin: 'Admin: everything' }
export const roleChoices: readonly Choice[] = roles.map((role) => ({ value: role, label: roleLabels[role] }))

/** All apps first: that is what small teams want. */
export function appChoices(apps: readonly string[]): readonly Choice[] {
  return [{ value: '*', label: 'All apps' }, ...apps.map((name) => ({ value: name, label: name }))]
}
