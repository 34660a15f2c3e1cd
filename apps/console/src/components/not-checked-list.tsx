import { concernTitles, type NotChecked } from '@plimsoll/model'

/** What nobody looked at, and why: as loud as what failed. */
export function NotCheckedList({ notChecked }: { notChecked: readonly NotChecked[] }) {
  return (
    <ul className="divide-y divide-line">
      {notChecked.map(({ title, concern, why }) => (
        <li key={`${title} ${why}`} className="px-4 py-2">
          <p className="break-words">{title}</p>
          <p className="text-[0.8125rem] break-words text-ink-soft">{title !== concernTitles[concern] && `${concernTitles[concern]}: `}{why}</p>
        </li>
      ))}
    </ul>
  )
}
