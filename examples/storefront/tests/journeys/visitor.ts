import { expect, test as base } from '@playwright/test'
import { demo } from '../shop.ts'

export { expect } from '@playwright/test'

/** A test with a page that has nothing to complain of: no error in its console, none that nobody caught, no request of its own that failed. */
export const test = base.extend({
  page: async ({ page, baseURL }, use) => {
    const complaints: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('response', (response) => {
      if (response.status() >= 400 && response.url().startsWith(baseURL ?? '')) complaints.push(`${response.status()} ${response.url()}`)
    })
    await use(page)
    expect(complaints, 'what the page complained of').toEqual([])
  },
})

type Page = Parameters<Parameters<typeof test>[2]>[0]['page']

export async function addToBag(page: Page, slug: string, size?: string): Promise<void> {
  await page.goto(`/products/${slug}`)
  if (size !== undefined) await page.getByText(size, { exact: true }).click()
  await page.getByRole('button', { name: 'Add to bag' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'In your bag' })).toBeVisible()
}

/** Fills in the form that is on the page. */
export async function signInHere(page: Page, password: string = demo.password): Promise<void> {
  await page.getByLabel('E-mail').fill(demo.email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}
