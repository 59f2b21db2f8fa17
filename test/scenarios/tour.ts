// The whole way with what `init` writes, as a new user goes it.
import { expect } from 'vitest'
import { block } from '../support/block.ts'
import type { Scenario } from './stage.ts'

const tour: Scenario = {
  name: 'what init writes is verified, planned, applied, produced to, consumed and verified again',
  slug: 'tour',
  play: async (stage) => {
    const written = await stage.run('init tour --yes --bare --ports auto --ci github')
    expect([written.code, written.stdout]).toEqual([
      0,
      block`
        platform tour written to tour
          .github/workflows/platform.yml
          .gitignore
          README.md
          platform.schema.json
          platform.yaml
          schemas/money.avsc
          schemas/order-placed.avsc

        next: \`evplat up -C tour\`, then \`evplat apply -C tour\`
      `,
    ])
    const offline = 'verify --offline -f tour/platform.yaml'
    expect(await stage.run(offline)).toEqual({ code: 0, stdout: 'passed  platform\npassed  settings\n', stderr: '' })
    const at = `-f tour/platform.yaml --bootstrap ${stage.bootstrap} --registry ${stage.registryUrl}`
    const plan = await stage.done(`plan ${at}`)
    expect(plan).toBe(block`
      tour in local (cluster CLUSTER)

        + topic orders.placed
            partitions           3
            replication          1
            config.retention.ms  604800000 (7d)

        + topic orders.audit
            partitions   3
            replication  1

        + subject shop.Money
            schema  registered

        + subject orders.placed-value
            compatibility  BACKWARD_TRANSITIVE
            schema         registered
            references     shop.Money

      Plan: 4 to create, 0 unchanged.
    `)
    expect(await stage.done(`apply --yes ${at}`)).toBe(`${plan}Applied: 4 done.\n`)
    expect(await stage.done(`apply --yes ${at}`)).toBe('tour in local (cluster CLUSTER)\n\nNo changes: 4 unchanged.\n')
    expect(await stage.javaTopic('orders.placed')).toEqual({
      partitions: 3,
      replication: 1,
      configs: { 'retention.ms': '604800000' },
    })

    const example = await stage.done(`produce orders.placed --example ${at}`)
    expect(await stage.done(`produce orders.placed --key order-1 ${at}`, example)).toBe(
      '1 record written to orders.placed\n',
    )
    const [record] = await stage.kcatRecords('orders.placed')
    const { id } = (await stage.ask('GET', '/subjects/orders.placed-value/versions/1')).body as { id: number }
    expect([record!.key, record!.payload!.slice(0, 1)]).toEqual(['order-1', '\0'])
    const shown = JSON.parse(await stage.done(`consume orders.placed --exit ${at}`)) as { value: unknown }
    expect(shown).toEqual({
      topic: 'orders.placed',
      partition: record!.partition,
      offset: 0,
      timestamp: new Date(record!.ts).toISOString(),
      key: 'order-1',
      value: JSON.parse(example),
      headers: [],
      valueSchemaId: id,
    })
    expect(await stage.run(`verify ${at}`)).toEqual({
      code: 0,
      stdout: 'passed  platform\npassed  settings\npassed  topics\npassed  schemas\n',
      stderr: '',
    })
  },
}

export const tourScenarios: readonly Scenario[] = [tour]
