import { addToBag, expect, signInHere, test } from './visitor.ts'

test('from the door to an order that is confirmed', async ({ page }) => {
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Honest goods for weather.')
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Galley' }).click()
  await expect(page).toHaveURL(/category=galley/)
  const shelf = page.getByRole('region', { name: 'Products' })
  await expect(shelf.getByRole('article')).toHaveCount(3)

  await shelf.getByRole('link', { name: 'Enamel Mug' }).click()
  await expect(page).toHaveTitle('Enamel Mug — Halyard')
  await page.getByRole('button', { name: 'Add to bag' }).click()
  await page.getByRole('link', { name: 'See the bag' }).click()
  await expect(page).toHaveURL(/\/cart$/)
  await page.getByRole('button', { name: 'One more' }).click()
  await expect(page.getByLabel('Quantity')).toHaveText('2')

  await page.getByRole('button', { name: 'Sign in and order' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await signInHere(page)
  await expect(page).toHaveURL(/\/cart$/)
  await page.getByRole('button', { name: 'Place the order' }).click()

  const thanks = page.getByRole('status').filter({ hasText: 'on the packing bench' })
  await expect(thanks).toBeVisible()
  const number = /Order (\d+)/.exec(await thanks.innerText())?.[1] ?? 'none'
  const order = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: `Order ${number}`, exact: true }) })
  await expect(order).toContainText('€28.00')
  await expect(page.getByRole('link', { name: 'Bag, 0 items' })).toBeVisible()
  await expect(async () => {
    await page.reload()
    await expect(order).toContainText('confirmed by mail', { timeout: 500 })
  }).toPass()
})

test('a size is chosen, and what is in the bag can be taken out again', async ({ page }) => {
  await addToBag(page, 'oilskin-jacket', 'M')
  await expect(page.getByRole('link', { name: 'Bag, 1 item', exact: true })).toBeVisible()
  await page.goto('/cart')
  await expect(page.getByText('Size M')).toBeVisible()
  await page.getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByText('Nothing in it yet')).toBeVisible()
})
