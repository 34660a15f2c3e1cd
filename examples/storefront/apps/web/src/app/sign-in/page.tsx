import type { Metadata } from 'next'
import { returnPath } from '@/shop/return-path'
import { SignInForm } from './sign-in-form'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next } = await searchParams
  return (
    <section className="shell grid justify-center pt-12 sm:pt-20">
      <div className="w-[min(26rem,calc(100vw-2.5rem))]">
        <h1 className="text-4xl sm:text-5xl">Come aboard</h1>
        <p className="mt-3 mb-8 text-soft">
          Have a look around as <span className="text-ink">demo@halyard.example</span>, password{' '}
          <span className="text-ink">fair winds</span>.
        </p>
        <SignInForm next={returnPath(next)} />
      </div>
    </section>
  )
}
