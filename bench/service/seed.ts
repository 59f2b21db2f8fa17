// Orders for the listener.
import { createEncoder } from '../../src/avro/encode.ts'
import { parseSchema } from '../../src/avro/parse.ts'
import { withSchemaId } from '../../src/avro/wire-format.ts'
import { Producer } from '../../src/kafka/write/producer.ts'
import { withCluster } from '../../test/support/records.ts'
import { order, orderSchema, placed, registerSchemas } from './orders.ts'

/** Writes the first `count` orders over three partitions, and waits until they are acknowledged. */
export async function seed(bootstrap: string, registryUrl: string, count: number): Promise<void> {
  const id = (await registerSchemas(registryUrl)).get(`${placed}-value`)!
  const encode = createEncoder(parseSchema(JSON.stringify(orderSchema)))
  await withCluster(bootstrap, async (cluster) => {
    const producer = await Producer.open(cluster, placed)
    const headers: [] = []
    for (let i = 0; i < count; i++) {
      const value = withSchemaId(id, encode({ ...order(i) }))
      producer.add({ key: Buffer.from(`k${i}`), value, headers, timestamp: Date.now() }, i % 3, i)
      if (i % 5000 === 4999) await producer.flush()
    }
    await producer.flush()
  })
}
