import type { Metadata } from 'next'
import Image from 'next/image'
import Link from 'next/link'

export const dynamic = 'force-static'
export const metadata: Metadata = { title: 'About' }

const PROMISES = [
  { title: 'Made to be mended', text: 'Every piece comes apart with hand tools, and we stock the parts for ten years.' },
  { title: 'Few and good', text: 'Twelve things. When we find a better one, it replaces one of them.' },
  { title: 'Out by the tide', text: 'Ordered before noon, on the afternoon boat. Carriage is on us.' },
] as const

export default function AboutPage() {
  return (
    <section className="shell pt-10 sm:pt-14">
      <div className="grid items-center gap-10 lg:grid-cols-2 lg:gap-16">
        <div>
          <h1 className="text-4xl sm:text-6xl">A shop at the end of the quay.</h1>
          <div className="mt-6 max-w-prose space-y-4 text-lg leading-relaxed text-soft">
            <p>
              Halyard began as a chandler’s counter: rope by the metre, paraffin by the litre, and advice
              you had not asked for. People kept taking the lantern home.
            </p>
            <p>
              So we kept what worked ashore as well as it does afloat, asked the makers to leave out the
              plastic, and put the rest of the shop into boxes.
            </p>
          </div>
          <Link href="/" className="button mt-8">
            See the twelve
          </Link>
        </div>
        <div className="relative aspect-[4/3] overflow-hidden rounded-3xl bg-line">
          <Image
            src="/harbour.webp"
            alt="A small boat under a low sun, leaving harbour"
            fill
            sizes="(min-width: 64rem) 40rem, 95vw"
            className="object-cover object-[70%]"
          />
        </div>
      </div>
      <dl className="mt-20 grid gap-8 border-t border-line pt-12 md:grid-cols-3 lg:gap-16">
        {PROMISES.map(({ title, text }) => (
          <div key={title}>
            <dt className="font-display text-2xl">{title}</dt>
            <dd className="mt-2 leading-relaxed text-soft">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
