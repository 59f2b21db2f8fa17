// The handlers of groups: refusals at every version, and a broker that is stopped and started again.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openWire, type Wire } from '../../../test/differential/wire.ts'
import { arbitraryFields, isPresent } from '../../../test/support/arbitrary-message.ts'
import { versionsOf } from '../../../test/support/all-apis.ts'
import type { Api, RequestOf, ResponseOf } from '../../protocol/api.ts'
import { errorCode } from '../../protocol/error-table.ts'
import {
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  readRequestHeader,
} from '../../protocol/frames.ts'
import { createTopics } from '../../protocol/messages/create-topics.ts'
import { joinGroup } from '../../protocol/messages/join-group.ts'
import { offsetCommit } from '../../protocol/messages/offset-commit.ts'
import { offsetFetch } from '../../protocol/messages/offset-fetch.ts'
import { handlers } from '../handlers.ts'
import { type RunningBroker, startBroker } from '../start.ts'
import { memoryFiles } from '../storage/memory-files.ts'

const groupApis = [8, 9, 11, 12, 13, 14, 15, 16, 42, 47].map((key) => handlers.get(key)!)
const frameOf = (chunks: readonly Buffer[]): Buffer => Buffer.concat(chunks).subarray(4)

/** these handlers refuse alike whoever asks */
const nobody = undefined as never

/** all error codes in an answer, wherever they stand */
function errorsIn(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(errorsIn)
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return []
  return Object.entries(value).flatMap(([key, each]) => (key === 'errorCode' ? [each as number] : errorsIn(each)))
}

describe.each(groupApis.map((handler) => ({ name: handler.api.name, handler })))('$name', ({ handler }) => {
  test.each(versionsOf(handler.api))('version %i is refused with the error that is asked for', (version) => {
    const { api } = handler
    const code = errorCode('COORDINATOR_NOT_AVAILABLE')
    const property = fc.property(arbitraryFields(api.request, version), (body) => {
      const header = { version, correlationId: 1, clientId: 'c' }
      const frame = frameOf(encodeRequest(api, header, body as RequestOf<Api>))
      const request = decodeRequest(api, readRequestHeader(frame))
      const refused = handler.refuse!(request, code, nobody)
      const answer = decodeResponse(api, version, frameOf(encodeResponse(api, header, refused)))
      // a field that the version does not have reads as its default: there is no place for an error in it
      const places = Object.entries(answer).filter(([name]) => isPresent(api.response[name]!, version))
      const errors = errorsIn(Object.fromEntries(places))
      expect(errors.filter((each) => each !== code)).toEqual([])
      if (api.response['errorCode'] && isPresent(api.response['errorCode'], version)) expect(errors).toContain(code)
    })
    fc.assert(property, { numRuns: 25 })
  })
})

async function ask<A extends Api>(wire: Wire, api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A>> {
  const reply = await wire.send(api, version, body)
  if (!('answer' in reply)) throw new Error('the broker closed the connection')
  return reply.answer as ResponseOf<A>
}

async function withBroker(broker: RunningBroker, work: (wire: Wire) => Promise<void>): Promise<void> {
  const wire = await openWire('127.0.0.1', broker.port)
  try {
    await work(wire)
  } finally {
    wire.close()
    await broker.close()
  }
}

describe('a broker that is stopped and started again', () => {
  test.each(['process', 'disk'] as const)('knows offsets and members, durability %s', async (durability) => {
    const files = memoryFiles()
    const start = () => startBroker({ files, durability, port: 0 })
    const topics = [{ name: 't', partitions: [{ partitionIndex: 0, committedOffset: 42n, committedMetadata: 'note' }] }]
    await withBroker(await start(), async (wire) => {
      const topic = { name: 't', numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] }
      await ask(wire, createTopics, 2, { topics: [topic], timeoutMs: 1000, validateOnly: false })
      const { topics: told } = await ask(wire, offsetCommit, 5, { groupId: 'g', topics })
      expect(told[0]!.partitions[0]!.errorCode).toBe(0)
    })
    await withBroker(await start(), async (wire) => {
      const answer = await ask(wire, offsetFetch, 5, { groupId: 'g', topics: null })
      expect(answer.topics).toMatchObject([{ name: 't', partitions: [{ committedOffset: 42n, metadata: 'note' }] }])
    })
  })

  test('answers joins that wait before it stops', async () => {
    const broker = await startBroker({ files: memoryFiles(), durability: 'memory', port: 0 })
    const [one, two] = [await openWire('127.0.0.1', broker.port), await openWire('127.0.0.1', broker.port)]
    const body = {
      groupId: 'g',
      memberId: '',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.alloc(6) }],
    }
    await ask(one, joinGroup, 3, body)
    const waiting = ask(two, joinGroup, 3, body)
    while (broker.broker.groups.describe('g').state !== 'PreparingRebalance')
      await new Promise((done) => setImmediate(done))
    await broker.close()
    expect((await waiting).errorCode).toBe(errorCode('NOT_COORDINATOR'))
    one.close()
    two.close()
  })
})
