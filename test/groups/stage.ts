// Where scenarios of groups are played: several clients, each with its own connection, send raw requests at chosen versions; what is
// answered is written down in a form that is the same on every broker: ids by the order of their first appearance, lists whose order
// is free sorted, errors by their names, bytes as text.
import type { Api, RequestOf, ResponseOf } from '../../src/protocol/api.ts'
import { errorName } from '../../src/protocol/error-table.ts'
import { createPartitions } from '../../src/protocol/messages/create-partitions.ts'
import { createTopics } from '../../src/protocol/messages/create-topics.ts'
import { deleteTopics } from '../../src/protocol/messages/delete-topics.ts'
import { openWire, type Reply, type Wire } from '../differential/wire.ts'

export interface Ground {
  readonly port: number
  /** resolves when what was sent before has surely been read, and answered if it does not wait */
  readonly arrive: () => Promise<void>
  /** lets time pass for the broker */
  readonly pass: (ms: number) => Promise<void>
  /** stops the broker, and starts it again on its port with its data */
  readonly restart: () => Promise<void>
}

/** A request that may wait for its answer. */
export interface Sent<A extends Api> {
  /** Writes its answer down, or what `see` makes of it. */
  answer(see?: (answer: ResponseOf<A>) => ResponseOf<A>): Promise<ResponseOf<A>>
}

export interface Client {
  readonly name: string
  /** Sends a request and writes its answer down, or what `see` makes of it. */
  ask<A extends Api>(
    api: A,
    version: number,
    body: RequestOf<A>,
    see?: (answer: ResponseOf<A>) => ResponseOf<A>,
  ): Promise<ResponseOf<A>>
  /** Sends a request, and writes down whether it waits; its answer is written down when it is asked for. */
  send<A extends Api>(api: A, version: number, body: RequestOf<A>): Promise<Sent<A>>
  /** the connection breaks */
  cut(): Promise<void>
}

export interface Stage {
  client(name: string): Promise<Client>
  pass(ms: number): Promise<void>
  /** all connections end: clients have to be made anew */
  restart(): Promise<void>
  createTopic(name: string, partitions: number): Promise<void>
  /** `partitions` is the new number of all */
  growTopic(name: string, partitions: number): Promise<void>
  deleteTopic(name: string): Promise<void>
}

export interface Scenario {
  /** the name of its golden, too */
  readonly name: string
  readonly play: (stage: Stage) => Promise<void>
}

/** Plays a scenario; the answer is a line of JSON for each thing that was seen. */
export async function play({ play: act }: Pick<Scenario, 'play'>, ground: Ground): Promise<string[]> {
  const lines: string[] = []
  const wires: Wire[] = []
  const normal = normaliser()
  const open = async (name: string): Promise<Client> => {
    const wire = await openWire('127.0.0.1', ground.port, name)
    wires.push(wire)
    return clientOn(wire, name, ground, (step) => lines.push(JSON.stringify(normal({ client: name, ...step }))))
  }
  try {
    await act({ client: open, pass: ground.pass, restart: ground.restart, ...topicsOn(ground) })
  } finally {
    for (const wire of wires) wire.close()
  }
  return lines
}

function answerIn<A extends Api>(reply: Reply): ResponseOf<A> {
  if (!('answer' in reply)) throw new Error('the broker closed the connection')
  return reply.answer as ResponseOf<A>
}

function clientOn(wire: Wire, name: string, { arrive }: Ground, tell: (step: object) => void): Client {
  return {
    name,
    async ask(api, version, body, see = (answer) => answer) {
      const answer = answerIn<typeof api>(await wire.send(api, version, body))
      tell({ api: api.name, version, answer: see(answer) })
      return answer
    },
    async send(api, version, body) {
      let isAnswered = false
      const reply = wire.send(api, version, body).then((answer) => {
        isAnswered = true
        return answer
      })
      reply.catch(() => undefined) // told where the answer is asked for
      await arrive()
      tell({ api: api.name, version, waits: !isAnswered })
      return {
        async answer(see = (answer) => answer) {
          const answer = answerIn<typeof api>(await reply)
          tell({ api: api.name, version, answer: see(answer) })
          return answer
        },
      }
    },
    async cut() {
      wire.close()
      await arrive()
    },
  }
}

function topicsOn({ port, arrive }: Ground): Pick<Stage, 'createTopic' | 'growTopic' | 'deleteTopic'> {
  const asAdmin = async <A extends Api>(api: A, version: number, body: RequestOf<A>): Promise<ResponseOf<A>> => {
    const admin = await openWire('127.0.0.1', port, 'admin')
    const reply = await admin.send(api, version, body).finally(() => admin.close())
    await arrive()
    return answerIn<A>(reply)
  }
  return {
    async createTopic(name, numPartitions) {
      const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }
      const { topics } = await asAdmin(createTopics, 2, { topics: [topic], timeoutMs: 10_000, validateOnly: false })
      const error = errorName(topics[0]!.errorCode)
      if (error !== 'NONE' && error !== 'TOPIC_ALREADY_EXISTS') throw new Error(`no topic: ${error}`)
    },
    async growTopic(name, count) {
      const topics = [{ name, count, assignments: null }]
      const { results } = await asAdmin(createPartitions, 1, { topics, timeoutMs: 10_000, validateOnly: false })
      const error = errorName(results[0]!.errorCode)
      if (error !== 'NONE') throw new Error(`no more partitions: ${error}`)
    },
    async deleteTopic(name) {
      await asAdmin(deleteTopics, 1, { topicNames: [name], timeoutMs: 10_000 })
    },
  }
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** these lists are sets or maps to the broker */
const unordered = new Set(['members', 'groups', 'topics', 'partitions', 'results'])

function normaliser(): (value: unknown, key?: string) => unknown {
  const ids = new Map<string, string>()
  const text = (value: string): string =>
    value.replace(new RegExp(`([^\\s"]*)-(${uuid.source})`, 'g'), (whole, owner: string) => {
      const known = ids.get(whole)
      if (known !== undefined) return known
      const count = [...ids.keys()].filter((each) => each.startsWith(`${owner}-`)).length
      ids.set(whole, `${owner}-#${count + 1}`)
      return ids.get(whole)!
    })
  const normal = (value: unknown, key = ''): unknown => {
    if (key === 'errorCode') return errorName(value as number)
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'string') return text(value)
    if (Buffer.isBuffer(value)) return text(value.toString('latin1'))
    if (Array.isArray(value)) {
      const items = value.map((each) => normal(each))
      return unordered.has(key) ? items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items
    }
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, normal(each, name)]))
  }
  return normal
}
