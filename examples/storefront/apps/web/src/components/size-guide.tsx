'use client'

import { Dialog } from './dialog'

const SIZES = [
  { size: 'XS', chest: '82–87', waist: '68–73', arm: '78' },
  { size: 'S', chest: '88–94', waist: '74–80', arm: '80' },
  { size: 'M', chest: '95–101', waist: '81–87', arm: '82' },
  { size: 'L', chest: '102–109', waist: '88–95', arm: '84' },
  { size: 'XL', chest: '110–118', waist: '96–104', arm: '86' },
] as const

export function SizeGuide({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog label="Size guide" onClose={onClose} className="w-[min(92vw,34rem)]">
      <div className="p-7 sm:p-9">
        <h2 className="text-2xl">Size guide</h2>
        <p className="mt-2 mb-6 text-sm text-soft">
          In centimetres, measured on you and not on the garment. Between two sizes, take the larger:
          there will be another layer.
        </p>
        <table className="w-full text-left text-sm tabular-nums">
          <thead className="text-soft">
            <tr className="border-b border-line">
              {['Size', 'Chest', 'Waist', 'Arm'].map((heading) => (
                <th key={heading} scope="col" className="py-2 font-medium">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {SIZES.map(({ size, chest, waist, arm }) => (
              <tr key={size} className="border-b border-line last:border-0">
                <th scope="row" className="py-3 font-semibold">
                  {size}
                </th>
                <td>{chest}</td>
                <td>{waist}</td>
                <td>{arm}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  )
}
