// The port of a service's producer on kafkajs, for tests of what stands before it.
import { Kafka, KafkaJSError, logLevel } from 'kafkajs'
import { onTestFinished } from 'vitest'
import { EvplatError } from '../../src/core/errors.ts'
import type { DriverProducer, OutRecord, Placed } from '../../src/kafka/driver/port.ts'

/** Connects; ends with the test. A broker that is gone is told after a try or two. */
export async function kafkajsProducer(bootstrap: string): Promise<DriverProducer> {
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 1 } })
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1, retry: { retries: 1 } })
  await producer.connect()
  onTestFinished(() => producer.disconnect())
  let pending = 0
  const send = async (record: OutRecord): Promise<Placed> => {
    const { topic, partition, key, value, headers, timestamp = Date.now() } = record
    const message = {
      key,
      value,
      timestamp: String(timestamp),
      headers: Object.fromEntries(headers) as Record<string, Buffer>,
    }
    const size = value?.length ?? 0
    pending += size
    try {
      const messages = [{ ...message, ...(partition !== undefined && { partition }) }]
      const [placed] = await producer.send({ topic, acks: -1, messages })
      return { topic, partition: placed!.partition, offset: Number(placed!.baseOffset), timestamp }
    } catch (thrown) {
      if (!(thrown instanceof KafkaJSError)) throw thrown
      throw new EvplatError('broker-unreachable', 'no broker took the record', { cause: thrown })
    } finally {
      pending -= size
    }
  }
  return {
    send,
    get pendingBytes() {
      return pending
    },
    close: () => producer.disconnect(),
  }
}
