/** All that the page does by script, and does not need: a button to copy a command, and everything unfolded on paper. */
export const script = `
for (const code of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', 'Copy the command')
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(code)
      button.textContent = 'Selected'
    }
    setTimeout(() => { button.textContent = 'Copy' }, 2000)
  })
  code.after(button)
}
let folded = []
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')]
  for (const each of folded) each.open = true
})
addEventListener('afterprint', () => { for (const each of folded) each.open = false })
addEventListener('hashchange', openTarget)
function openTarget() {
  const target = location.hash === '' ? null : document.getElementById(location.hash.slice(1))
  if (target?.tagName === 'DETAILS') target.open = true
}
openTarget()
`
