// Judge of the registry server: confluent-kafka's client for Python, with its Avro serializers.
import { expect, test } from 'vitest'
import { parseJson } from '../../src/core/json.ts'
import { findPython } from '../support/python.ts'
import { startTestRegistry } from '../support/registry-server.ts'

const python = findPython()
const title = 'confluent-kafka for Python works on our registry'

if ('missing' in python) test.skip(`${title} (skipped: ${python.missing})`)
else
  test(title, async () => {
    const registry = await startTestRegistry()
    const output = await python.value('registry_client.py', registry.url).catch((thrown: unknown) => String(thrown))
    await registry.close()
    expect(parseJson(output)).toEqual({
      registered: 1,
      again: 1,
      next: 2,
      incompatible: [409, 409],
      tested: [true, false, true],
      bytes: '00000000028280808080808020020a68656c6c6f',
      decoded: { id: 9_007_199_254_740_993n, note: 'hello' },
      'decoded with the older schema': { id: 9_007_199_254_740_993n },
      'latest bytes': '00000000020200',
      bill: { total: { cents: 99 } },
      subjects: ['bills-value', 'orders-value', 'shop.Money'],
      versions: [1, 2],
      version: ['orders-value', 2, 2, expect.objectContaining({ name: 'Order', namespace: 'shop' })],
      latest: 2,
      'looked up': 1,
      references: [{ name: 'shop.Money', subject: 'shop.Money', version: 1 }],
      levels: ['FULL_TRANSITIVE', 'NONE'],
      refused: {
        'unknown subject': [404, 40401],
        'unknown version': [404, 40402],
        'unknown id': [404, 40403],
        'no level': [404, 40408],
        'invalid schema': [422, 42201],
        'other type': [422, 42201],
        referenced: [422, 42206],
      },
      deleted: [1, [2], [1, 2]],
    })
  })
