// The platform of DESIGN.md, whole, and the example of this repository.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadText } from '../../test/support/load-files.ts'
import { canonicalText } from '../avro/canonical.ts'
import type { Schema } from '../avro/schema.ts'
import { loadPlatform } from './load.ts'
import type { Platform } from './platform.ts'

const golden = join(import.meta.dirname, 'golden')

const fixed = (name: string): string => JSON.stringify({ type: 'fixed', name, namespace: 'shop', size: 8 })
const files = {
  'schemas/order-placed.avsc': `{ "type": "record", "name": "OrderPlaced", "namespace": "shop", "fields": [{ "name": "id", "type": "Id" }] }`,
  'schemas/payment-settled.avsc': fixed('PaymentSettled'),
  'schemas/id.avsc': fixed('Id'),
  'certs/ca.pem': '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n',
}
const env = { KAFKA_USER: 'shop', KAFKA_PASSWORD: 'pw1', SR_USER: 'reader', SR_PASSWORD: 'pw2' }

/** A platform for people to read: places as line:column, schemas in canonical form. */
function printed(platform: Platform): string {
  const plain: unknown = JSON.parse(
    JSON.stringify(platform, (key, value: unknown) => {
      if (key === 'folder') return undefined
      if (value instanceof RegExp) return String(value)
      if (value instanceof Map) return Object.fromEntries(value)
      if (key === 'schema') return canonicalText(value as Schema)
      const isPlace = typeof value === 'object' && value !== null && 'line' in value && 'column' in value
      return isPlace ? `${value.line}:${value.column}` : value
    }),
  )
  return stringify(plain, { lineWidth: 0 })
}

test.each(['local', 'staging'])('the shop of the design loads for %s', async (environment) => {
  const text = readFileSync(join(golden, 'shop.yaml'), 'utf8')
  const { platform, findings } = await loadText(text, { environment, files, env: environment === 'local' ? {} : env })
  expect(findings).toEqual([])
  await expect(printed(platform!)).toMatchFileSnapshot(join(golden, `shop.${environment}.yaml`))
})

test.each(['local', 'staging'])('the example platform loads for %s', async (environment) => {
  const variables = ['KAFKA_USER', 'KAFKA_PASSWORD', 'REGISTRY_USER', 'REGISTRY_PASSWORD']
  const { platform, findings } = await loadPlatform({
    file: 'platform.yaml',
    cwd: process.cwd(),
    environment,
    env: Object.fromEntries(variables.map((name) => [`STAGING_${name}`, 'x'])),
  })
  expect(findings).toEqual([])
  expect(platform?.subjects.map(({ name }) => name)).toEqual([
    'shop.Currency',
    'shop.Money',
    'orders.placed-value',
    'orders.cancelled-value',
    'payments.settled-value',
  ])
  expect(platform?.services.map(({ name, dir }) => [name, dir])).toEqual([
    ['orders', 'examples/services/orders'],
    ['billing', 'examples/services/billing'],
  ])
})
