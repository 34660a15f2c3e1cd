import { offerPlace, type PlaceOffer } from './offer-place.ts'
import type { RenderPlaceParts } from './render-place.ts'

/** Render, which is loaded before an app lives there, and asked for nothing before one is released or looked at. */
export function renderOffer(parts: RenderPlaceParts): PlaceOffer {
  return offerPlace({ name: 'render', wasUsed: async () => false, make: async () => (await import('./render-place.ts')).renderPlace(parts) })
}
