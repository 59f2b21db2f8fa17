import { describe, expect, test } from 'vitest'
import { containerOf } from '../../../test/support/small-engine.ts'
import { containersToRestart } from './restart.ts'

const servers = ['kafka', 'schema-registry', 'postgres'].map((name) => ({ name, endpoint: '127.0.0.1:1' }))
const containers = ['kafka', 'schema-registry', 'web'].map((name) => containerOf(name, {}))
const chosen = (names: readonly string[], there = containers): string[] =>
  containersToRestart(servers, there, names).map(({ server }) => server)

describe('what is restarted', () => {
  test('are the containers of the stack, and no orphans, which nobody knows how to ask', () => {
    expect(chosen([])).toEqual(['kafka', 'schema-registry'])
    expect(chosen(['kafka'])).toEqual(['kafka'])
  })

  test('must be there', () => {
    const missing = { code: 'stack-missing', parts: { hint: 'start it with `evplat up postgres`' } }
    const refused = (names: readonly string[], there = containers): unknown => {
      try {
        return chosen(names, there)
      } catch (thrown) {
        return thrown
      }
    }
    expect(refused(['kafka', 'postgres'])).toMatchObject({ ...missing, message: 'there is no container of postgres' })
    expect(refused([], [])).toMatchObject({ code: 'stack-missing', parts: { hint: 'start it with `evplat up`' } })
    expect(refused(['web'])).toMatchObject({ code: 'usage' })
  })
})
