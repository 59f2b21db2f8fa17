// Schemas: planned, proven, registered; judged by the registry itself, asked as any program asks it.
import { expect } from 'vitest'
import { block } from '../support/block.ts'
import type { Scenario, Stage } from './stage.ts'

type Field = Readonly<Record<string, unknown>>

const record = (name: string, ...fields: readonly Field[]): string =>
  `${JSON.stringify({ type: 'record', name, namespace: 'trial', fields }, null, 2)}\n`
const id: Field = { name: 'id', type: 'long' }
const note: Field = { name: 'note', type: ['null', 'string'], default: null }
const email: Field = { name: 'email', type: 'string' }
const city: Field = { name: 'city', type: 'string', default: '' }

const levels = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const
type Level = (typeof levels)[number]

interface Change {
  readonly name: string
  readonly blocked?: { readonly code: string; readonly message: string }
}

/**
 * Changes one after the other, each of what the level has accepted so far, and the levels that refuse it. `city` goes and comes back
 * with another type: only who compares with all versions sees that.
 */
const steps: readonly {
  readonly change: (fields: readonly Field[]) => readonly Field[]
  readonly refusedBy: readonly Level[]
}[] = [
  { change: () => [id, city], refusedBy: [] },
  { change: (fields) => [...fields, note], refusedBy: [] },
  {
    change: (fields) => [...fields, email],
    refusedBy: ['BACKWARD', 'BACKWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'],
  },
  {
    change: (fields) => fields.filter((field) => field !== id),
    refusedBy: ['FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'],
  },
  { change: (fields) => fields.filter((field) => field !== city), refusedBy: [] },
  {
    change: (fields) => [...fields, { ...city, type: 'int', default: 0 }],
    refusedBy: ['BACKWARD_TRANSITIVE', 'FORWARD_TRANSITIVE', 'FULL_TRANSITIVE'],
  },
]

const evolution: Scenario = {
  name: 'schemas evolve under every level: what plan passes, apply does, and the registry refuses what plan blocks',
  slug: 'levels',
  play: async (stage) => {
    const topicOf = (level: Level): string => `levels.${level.toLowerCase()}`
    await stage.declare(
      `topics:\n${levels
        .map((level) => `  ${topicOf(level)}: { value: { schema: levels/${level}.avsc, compatibility: ${level} } }\n`)
        .join('')}`,
    )
    const accepted = new Map<Level, readonly Field[]>(levels.map((level) => [level, []]))
    const count = new Map<Level, number>(levels.map((level) => [level, 0]))
    const writeFields = (level: Level, fields: readonly Field[]): Promise<void> =>
      stage.write(`levels/${level}.avsc`, record(level, ...fields))
    for (const { change, refusedBy } of steps) {
      const next = new Map(levels.map((level) => [level, change(accepted.get(level)!)]))
      for (const level of levels) await writeFields(level, next.get(level)!)
      const { changes } = await stage.json<{ changes: Change[] }>('schemas plan')
      const blocked = new Map(changes.flatMap(({ name, blocked: why }) => (why ? [[name, why]] : [])))
      expect([...blocked].map(([name, { code }]) => [name, code])).toEqual(
        levels.filter((level) => refusedBy.includes(level)).map((level) => [`${topicOf(level)}-value`, 'incompatible']),
      )
      if (blocked.size > 0) expect((await stage.run('apply --yes')).code).toBe(3)
      for (const level of refusedBy) {
        const subject = `${topicOf(level)}-value`
        const schema = record(level, ...next.get(level)!)
        const { status, body } = await stage.ask('POST', `/subjects/${subject}/versions`, { schema })
        const said = (body as { message: string }).message.includes(blocked.get(subject)!.message.split('\n')[0]!)
        expect([status, said]).toEqual([409, true])
        await writeFields(level, accepted.get(level)!)
      }
      expect(await stage.run('apply --yes')).toMatchObject({ code: 0, stderr: '' })
      for (const level of levels.filter((one) => !refusedBy.includes(one))) {
        accepted.set(level, next.get(level)!)
        count.set(level, count.get(level)! + 1)
      }
      for (const level of levels) {
        const versions = Array.from({ length: count.get(level)! }, (_, i) => i + 1)
        expect((await stage.ask('GET', `/subjects/${topicOf(level)}-value/versions`)).body).toEqual(versions)
        const { body } = await stage.ask('GET', `/config/${topicOf(level)}-value`)
        expect(body).toEqual({ compatibilityLevel: level })
      }
      expect((await stage.run('plan --detailed-exitcode')).code).toBe(0)
    }
  },
}

const money = (...more: readonly Field[]): string =>
  record('Money', { name: 'cents', type: 'long' }, { name: 'currency', type: 'string' }, ...more)
const line = record('Line', { name: 'sku', type: 'string' }, { name: 'price', type: 'trial.Money' })
const bill = record(
  'Bill',
  id,
  { name: 'total', type: 'Money' },
  { name: 'lines', type: { type: 'array', items: 'Line' } },
)

async function latest(stage: Stage, subject: string): Promise<{ version: number; references?: unknown; id: number }> {
  return (await stage.ask('GET', `/subjects/${subject}/versions/latest`)).body as { version: number; id: number }
}

const references: Scenario = {
  name: 'references evolve in one batch: a field more in the type that others use',
  slug: 'refs',
  play: async (stage) => {
    await stage.write('refs/money.avsc', money())
    await stage.write('refs/line.avsc', line)
    await stage.write('refs/bill.avsc', bill)
    await stage.declare(block`
      topics:
        refs.bills: { value: { schema: refs/bill.avsc, compatibility: FULL } }
      schemas: { dir: refs }
    `)
    expect(await stage.done('schemas apply --yes')).toBe(block`
      refs in local (cluster CLUSTER)

        + subject trial.Money
            schema  registered

        + subject trial.Line
            schema      registered
            references  trial.Money

        + subject refs.bills-value
            compatibility  FULL
            schema         registered
            references     trial.Money, trial.Line

      Plan: 3 to create, 0 unchanged.
      Applied: 3 done.
    `)
    const money1 = { name: 'trial.Money', subject: 'trial.Money', version: 1 }
    const line1 = { name: 'trial.Line', subject: 'trial.Line', version: 1 }
    expect((await latest(stage, 'trial.Line')).references).toEqual([money1])
    expect((await latest(stage, 'refs.bills-value')).references).toEqual([money1, line1])
    await stage.done('topics apply --yes')
    const first = '{"id":1,"total":{"cents":5,"currency":"EUR"},"lines":[]}'
    expect(await stage.done('produce refs.bills', `${first}\n`)).toBe('1 record written to refs.bills\n')

    await stage.write('refs/money.avsc', money({ name: 'scale', type: 'int', default: 2 }))
    const plan = block`
      refs in local (cluster CLUSTER)

        ~ subject trial.Money
            schema  new version
              + field scale: int = 2

        ~ subject trial.Line
            schema      new version
            references  trial.Money (version 1) -> trial.Money

        ~ subject refs.bills-value
            schema      new version
            references  trial.Money (version 1), trial.Line (version 1) -> trial.Money, trial.Line

      Plan: 3 to update, 1 unchanged.
    `
    expect(await stage.run('plan')).toEqual({ code: 0, stdout: plan, stderr: '' })
    expect(await stage.run('apply --yes')).toEqual({ code: 0, stdout: `${plan}Applied: 3 done.\n`, stderr: '' })
    const [money2, line2] = [
      { ...money1, version: 2 },
      { ...line1, version: 2 },
    ]
    expect((await latest(stage, 'trial.Line')).references).toEqual([money2])
    expect((await latest(stage, 'refs.bills-value')).references).toEqual([money2, line2])
    expect((await stage.run('plan --detailed-exitcode')).code).toBe(0)
    const second =
      '{"id":2,"total":{"cents":5,"currency":"EUR","scale":3},"lines":[{"sku":"a","price":{"cents":1,"currency":"EUR"}}]}'
    await stage.done('produce refs.bills', `${second}\n`)
    const shown = (await stage.done('consume refs.bills --exit')).trim().split('\n')
    expect(shown.map((text) => (JSON.parse(text) as { value: unknown }).value)).toEqual([
      JSON.parse(first),
      {
        id: 2,
        total: { cents: 5, currency: 'EUR', scale: 3 },
        lines: [{ sku: 'a', price: { cents: 1, currency: 'EUR', scale: 2 } }],
      },
    ])

    // a change of the inner type that breaks the outer one
    await stage.write('refs/money.avsc', record('Money', { name: 'cents', type: 'long' }))
    const broken = await stage.run('plan -o json')
    expect(broken.code).toBe(3)
    expect(
      (JSON.parse(broken.stdout) as { changes: Change[] }).changes.map(({ name, blocked }) => [name, blocked?.code]),
    ).toEqual([
      ['trial.Money', undefined],
      ['trial.Line', undefined],
      ['refs.bills-value', 'incompatible'],
    ])
    expect((await stage.run('apply --yes')).code).toBe(3)
    expect((await latest(stage, 'trial.Money')).version).toBe(2)
  },
}

const levelAndSchema: Scenario = {
  name: 'a level and a schema that only it allows change in one apply, and the other way round',
  slug: 'both',
  play: async (stage) => {
    const declare = async (level: Level, ...fields: readonly Field[]): Promise<void> => {
      await stage.write('both/customer.avsc', record('Customer', ...fields))
      await stage.declare(
        `topics: { both.customers: { value: { schema: both/customer.avsc, compatibility: ${level} } } }\n`,
      )
    }
    await declare('BACKWARD', id, city)
    await stage.done('apply --yes')
    await declare('NONE', id, city, email)
    expect(await stage.done('apply --yes')).toBe(block`
      both in local (cluster CLUSTER)

        ~ subject both.customers-value
            compatibility  BACKWARD -> NONE
            schema         new version
              + field email: string

      Plan: 1 to update, 1 unchanged.
      Applied: 1 done.
    `)
    // under NONE the registry would take it: what counts is the level that is declared
    await declare('FULL', id, note)
    const refused = await stage.run('plan')
    expect([refused.code, refused.stderr]).toEqual([3, ''])
    expect(refused.stdout).toBe(block`
      both in local (cluster CLUSTER)

        ! subject both.customers-value  BLOCKED
            compatibility  NONE -> FULL
            schema         new version
              + field note: null | string = null
              - field city: string = ""
              - field email: string
            incompatible: version 2: the reader's field "email" is not written and has no default
            = change the schema, or begin the subject anew: \`evplat schemas delete both.customers-value\`

      Plan: 1 blocked, 1 unchanged.
    `)
    expect((await stage.run('apply --yes')).code).toBe(3)
    expect((await stage.ask('GET', '/config/both.customers-value')).body).toEqual({ compatibilityLevel: 'NONE' })
    await declare('FULL', id, city, email, note)
    expect(await stage.done('apply --yes')).toMatch(/Applied: 1 done.\n$/)
    expect((await stage.ask('GET', '/subjects/both.customers-value/versions')).body).toEqual([1, 2, 3])
    expect((await stage.ask('GET', '/config/both.customers-value')).body).toEqual({ compatibilityLevel: 'FULL' })
  },
}

const earlier: Scenario = {
  name: 'an earlier version is declared again: nothing to do, a warning, and records are written with it',
  slug: 'again',
  play: async (stage) => {
    const first = record('Customer', id)
    await stage.write('again/customer.avsc', first)
    await stage.declare('topics: { again.customers: { value: { schema: again/customer.avsc } } }\n')
    await stage.done('apply --yes')
    await stage.write('again/customer.avsc', record('Customer', id, city))
    await stage.done('apply --yes')
    const { id: newId } = await latest(stage, 'again.customers-value')
    await stage.write('again/customer.avsc', first)
    const plan = block`
      again in local (cluster CLUSTER)

      warning[newer-version-registered]: subject "again.customers-value" has a newer version (2) than the one that platform.yaml declares (1)
        --> again.yaml:4:47
      4 | topics: { again.customers: { value: { schema: again/customer.avsc } } }
        |                                               ^^^^^^^^^^^^^^^^^^^

      No changes: 2 unchanged.
    `
    expect(await stage.run('apply --yes')).toEqual({ code: 0, stdout: plan, stderr: '' })
    expect((await stage.run('verify')).code).toBe(0)
    expect((await stage.run('verify --strict')).code).toBe(2)
    await stage.done('produce again.customers', '{"id":1}\n')
    const written = JSON.parse(await stage.done('consume again.customers --exit')) as { valueSchemaId: number }
    const { body } = await stage.ask('GET', '/subjects/again.customers-value/versions/1')
    expect(written.valueSchemaId).toBe((body as { id: number }).id)
    expect(written.valueSchemaId).not.toBe(newId)
  },
}

const show: Scenario = {
  name: 'schemas list, show, check and delete',
  slug: 'show',
  play: async (stage) => {
    await stage.write('show/customer.avsc', record('Customer', id))
    await stage.declare('topics: { show.customers: { value: { schema: show/customer.avsc } } }\n')
    const check = async (): Promise<unknown> => [
      (await stage.run('schemas check')).stdout,
      (await stage.run('schemas check')).code,
    ]
    expect(await check()).toEqual(['ok  show.customers-value\n1 new or changed, 0 unchanged\n', 0])
    await stage.done('apply --yes')
    expect(await check()).toEqual(['0 new or changed, 1 unchanged\n', 0])
    await stage.write('show/customer.avsc', record('Customer', id, email))
    expect((await stage.run('schemas check')).code).toBe(3)
    await stage.write('show/customer.avsc', record('Customer', id, city))
    await stage.done('apply --yes')

    const subject = 'show.customers-value'
    const { id: newest } = await latest(stage, subject)
    const row = { name: subject, version: 2, id: newest, type: 'AVRO', compatibility: 'BACKWARD' }
    const listed = await stage.json<{ name: string }[]>('schemas list')
    expect(listed.find(({ name }) => name === subject)).toEqual(row)
    const registered = (await stage.ask('GET', `/subjects/${subject}/versions/1`)).body as {
      schema: string
      id: number
    }
    expect(await stage.json(`schemas show ${subject} --schema-version 1`)).toEqual({
      ...row,
      version: 1,
      id: registered.id,
      versions: [1, 2],
      schema: registered.schema,
      references: [],
    })
    expect((await stage.run(`schemas show ${subject} --schema-version 9`)).stderr).toBe(
      `error[subject-missing]: subject "${subject}" has no version 9\n  try: it has 1, 2\n`,
    )
    expect((await stage.run(`schemas delete ${subject}`)).code).toBe(64)
    expect(await stage.done(`schemas delete ${subject} --yes`)).toBe(`deleted subject ${subject}\n`)
    expect((await stage.ask('GET', `/subjects/${subject}/versions`)).status).toBe(404)
    expect((await stage.ask('GET', `/schemas/ids/${newest}`)).status).toBe(200)
    expect((await stage.run(`schemas delete ${subject} --yes`)).stderr).toMatch(
      /^error\[subject-missing\]: there is no subject "show.customers-value"\n/,
    )
    // what was hidden comes back as a new version with its old id
    expect(await stage.done('apply --yes')).toMatch(/Plan: 1 to create, 1 unchanged.\nApplied: 1 done.\n$/)
    expect(await latest(stage, subject)).toMatchObject({ version: 3, id: newest })
    expect(await stage.done(`schemas delete ${subject} --permanent --yes`)).toBe(`deleted subject ${subject}\n`)
    expect((await stage.ask('GET', `/subjects/${subject}/versions?deleted=true`)).status).toBe(404)
    await stage.done('apply --yes')
    expect(await latest(stage, subject)).toMatchObject({ version: 1 })
    expect((await stage.run('plan --detailed-exitcode')).code).toBe(0)
  },
}

export const schemaScenarios: readonly Scenario[] = [evolution, references, levelAndSchema, earlier, show]
