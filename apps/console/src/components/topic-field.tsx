import { topics, topicTitles, type Topic } from '@plimsoll/model'

/** Of what somebody wants to hear. */
export function TopicField({ chosen = topics }: { chosen?: readonly Topic[] }) {
  return (
    <fieldset className="col-span-full min-w-0">
      <legend className="mb-1 text-[0.8125rem] font-medium">It is told when</legend>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {topics.map((topic) => (
          <label key={topic} className="flex min-h-9 cursor-pointer items-center gap-2 py-1">
            <input type="checkbox" name="topics" value={topic} defaultChecked={chosen.includes(topic)} className="size-4 shrink-0 accent-busy" />
            {topicTitles[topic]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
