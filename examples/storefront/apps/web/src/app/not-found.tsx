import Link from 'next/link'

export const metadata = { title: 'Off the chart' }

export default function NotFound() {
  return (
    <section className="shell flex flex-col items-start gap-5 py-24">
      <h1 className="text-4xl sm:text-5xl">Off the chart.</h1>
      <p className="max-w-md text-lg text-soft">There is nothing at this address, or there is no longer.</p>
      <Link href="/" className="button">
        Back to the shop
      </Link>
    </section>
  )
}
