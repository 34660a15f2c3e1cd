import { ask, cartWith, signIn, stockOf } from '../shop.ts'
import { expect, test } from './visitor.ts'

test('a review is written, and stands on the page', async ({ page }) => {
  await page.goto('/products/stoneware-bowl')
  const words = `Deep enough for two. ${Date.now()}`
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('Stars').selectOption('4')
  await page.getByLabel('How did it do?').fill(words)
  await page.getByRole('button', { name: 'Post' }).click()
  await expect(page.getByText('Thank you, it is posted')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: words })).toContainText('Ada')
})

test('stock that somebody else takes changes while one looks', async ({ page }) => {
  const token = await signIn()
  const cart = await cartWith('beeswax-candles')
  await page.goto('/products/beeswax-candles')
  const stock = await stockOf('beeswax-candles')
  await expect(page.getByText(words(stock)).first()).toBeVisible()
  await ask('/v1/orders', { token, json: { cartId: cart.id } })
  await expect(page.getByText(words(stock - 1)).first()).toBeVisible()
})

test('a closer look and the sizes open, and close again', async ({ page }) => {
  await page.goto('/products/fishermans-sweater')
  for (const [button, dialog] of [['Look closer', /Sweater/], ['Size guide', /[Ss]ize/]] as const) {
    await page.getByRole('button', { name: button }).click()
    const opened = page.getByRole('dialog', { name: dialog })
    await expect(opened).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(opened).toBeHidden()
  }
})

test('every page of the menu has its heading', async ({ page }) => {
  await page.goto('/')
  for (const [link, heading] of [['Deals', 'On the slate'], ['About', /./], ['Shop', 'Honest goods for weather.']] as const) {
    await page.getByRole('banner').getByRole('link', { name: link, exact: true }).filter({ visible: true }).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  }
})

function words(stock: number): string {
  return stock <= 10 ? `Only ${stock} left` : `${stock} in stock`
}
