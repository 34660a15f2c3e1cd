import { expect, signInHere, test } from './visitor.ts'

test('strangers are asked who they are, and known from then on until they leave', async ({ page }) => {
  await page.goto('/orders')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await signInHere(page)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your orders')
  await expect(page.getByRole('banner').getByRole('link', { name: 'Robin' })).toBeVisible()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.goto('/orders')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('a wrong password is told, and the address need not be typed again', async ({ page }) => {
  await page.goto('/sign-in')
  await signInHere(page, 'foul winds')
  await expect(page.getByText('That address and password do not belong together')).toBeVisible()
  await expect(page.getByLabel('E-mail')).toHaveValue('demo@halyard.example')
})
