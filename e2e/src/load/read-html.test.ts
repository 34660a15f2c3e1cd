import { expect, test } from 'vitest'
import { readPage } from './read-html.ts'

const html = `<!DOCTYPE html><html lang="en" data-dpl-id="dpl-1" data-api-served-by="shop-api-r3-x"><head>
<link rel="stylesheet" href="/_next/static/css/a.css?dpl=dpl-1" data-precedence="next"/><link rel="icon" href="/icon.svg"/>
<script src="/_next/static/chunks/main.js?dpl=dpl-1&amp;x=1" async=""></script><script src="https://elsewhere.example/x.js"></script>
<script src="//elsewhere.example/y.js"></script><script>inline()</script></head><body>
<form action="/search"><input name="q"/></form>
<form action="" method="POST" encType="multipart/form-data"><input type="hidden" name="$ACTION_REF_1"/>
<input type="hidden" name="$ACTION_1:0" value="{&quot;id&quot;:&quot;4f&quot;,&quot;bound&quot;:&quot;$@1&quot;}"/><input type="hidden" name="slug" value="lamp"/>
<input type="number" name="quantity"/><button type="submit">Add</button></form></body></html>`

test('finds the scripts and stylesheets of the own host, once each and with entities decoded', () => {
  expect(readPage(html).assets.toSorted()).toEqual(['/_next/static/chunks/main.js?dpl=dpl-1&x=1', '/_next/static/css/a.css?dpl=dpl-1'])
})

test('finds which deployment a page is of and who gave its data', () => {
  expect(readPage(html)).toMatchObject({ deploymentId: 'dpl-1', dataServedBy: 'shop-api-r3-x' })
  expect(readPage('<html><body></body></html>')).toMatchObject({ deploymentId: undefined, dataServedBy: undefined, assets: [] })
})

test('takes the fields of the form that carries a Server Action, and fills those that are empty', () => {
  expect(readPage(html).actionFields).toEqual([
    ['$ACTION_REF_1', ''],
    ['$ACTION_1:0', '{"id":"4f","bound":"$@1"}'],
    ['slug', 'lamp'],
    ['quantity', '1'],
  ])
  expect(readPage('<form><input name="q"/></form>').actionFields).toBeUndefined()
})
