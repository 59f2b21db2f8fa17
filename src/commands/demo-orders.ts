// Orders for the demo: the same ones every time, in pieces of many lines.

const skus = ['tea-earl-grey', 'tea-sencha', 'cup-white', 'cup-blue', 'kettle']
const currencies = ['EUR', 'USD', 'GBP']
const perPiece = 500

/** A uuid that says which order it is. */
function orderId(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

function order(n: number): string {
  const currency = currencies[n % currencies.length]!
  const lines = Array.from({ length: 1 + (n % 3) }, (_, i) => ({
    sku: skus[(n + i) % skus.length],
    quantity: 1 + ((n + i) % 4),
    price: { minorUnits: 250 + ((n * 37 + i * 11) % 4000), currency },
  }))
  const minorUnits = lines.reduce((sum, line) => sum + line.quantity * line.price.minorUnits, 0)
  const value = {
    orderId: orderId(n),
    customerId: `customer-${n % 97}`,
    placedAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    lines,
    total: { minorUnits, currency },
    ...(n % 10 === 0 && { note: 'gift wrapping, please' }),
  }
  return JSON.stringify({ key: value.customerId, value, headers: [['source', 'demo']] })
}

/** Lines for `produce --input json`. */
export function* demoOrders(count: number): Generator<string> {
  for (let from = 0; from < count; from += perPiece) {
    const piece = Array.from({ length: Math.min(perPiece, count - from) }, (_, i) => order(from + i))
    yield `${piece.join('\n')}\n`
  }
}
