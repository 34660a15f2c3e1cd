const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

export const formatMoney = (cents: number): string => euros.format(cents / 100)
