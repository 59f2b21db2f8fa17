// The service's own configuration: what stands under `app`, by a schema of any library.
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { type Setup, settingsOf, toldBy } from '../../../test/support/service-settings.ts'
import type { ConfigSchema } from '../define-service.ts'
import { configOf } from './config-of.ts'

const kafka = 'kafka: { bootstrapServers: "a:1" }\n'

async function configOfSetup<Config>(schema: ConfigSchema<Config> | undefined, setup: Setup): Promise<Config> {
  const { settings, facts } = await settingsOf(setup)
  return configOf(schema, settings.app, facts)
}

describe('values under `app`', () => {
  const yaml = `${kafka}app:
  on: true
  off: "false"
  none: ~
  count: 5
  ratio: 1e-3
  exact: 9007199254740993
  code: 007
  url: \${URL}
  max-orders: 3
  shop: { names: [a, 1], empty: {}, list: [{ a: 1 }] }
`

  test('are JSON as YAML means it', async () => {
    expect(await configOfSetup(undefined, { yaml, env: { URL: 'http://x' } })).toEqual({
      on: true,
      off: 'false',
      none: null,
      count: 5,
      ratio: 0.001,
      exact: '9007199254740993',
      code: 7,
      url: 'http://x',
      'max-orders': 3,
      shop: { names: ['a', 1], empty: {}, list: [{ a: 1 }] },
    })
  })

  test('are replaced one by one, by profiles, variables and arguments', async () => {
    const files = { 'services/orders/application-dev.yaml': 'app: { shop: { names: [b] } }' }
    const env = { APP_COUNT: '6', APP_MAX_ORDERS: '4', APP_SHOP__OPEN_AT: '9', APP_NEW_KEY: 'x', APP_: 'y' }
    const set = { ...env, URL: 'u', PROFILES_ACTIVE: 'dev' }
    expect(await configOfSetup(undefined, { yaml, files, env: set, args: ['--app.shop.city', 'Bern'] })).toMatchObject({
      count: 6,
      'max-orders': 4,
      newKey: 'x',
      shop: { names: ['b'], openAt: 9, city: 'Bern' },
    })
    const listed = { yaml, env: { URL: 'u', APP_SHOP_NAMES: 'x, 2' } }
    expect(await configOfSetup(undefined, listed)).toMatchObject({ shop: { names: ['x', 2] } })
  })

  test('touch no prototype', async () => {
    const args = ['--app.__proto__.polluted=1', '--app.constructor.prototype.polluted=1']
    await configOfSetup(undefined, { yaml: kafka, args })
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined)
  })
})

describe('a schema', () => {
  const schema = z.strictObject({
    limit: z.number().min(1),
    password: z.string().min(6),
    names: z.array(z.string()).default([]),
    shop: z.object({ name: z.string() }).optional(),
  })

  test('gives its own values, and text where it wants text', async () => {
    const yaml = `${kafka}app: { limit: 5, password: 123456, names: [1, b] }`
    expect(await configOfSetup(schema, { yaml })).toEqual({ limit: 5, password: '123456', names: ['1', 'b'] })
    const env = { APP_PASSWORD: '0012345', APP_LIMIT: '6', APP_NAMES: '1,2' }
    const bare = { yaml: kafka, env: { ...env, APP_LIMIT: '7' } }
    expect(await configOfSetup(schema, bare)).toEqual({ limit: 7, password: '0012345', names: ['1', '2'] })
    expect(await configOfSetup(schema, { yaml, env })).toEqual({ limit: 6, password: '0012345', names: ['1', '2'] })
  })

  test('says what is wrong, with places and without secrets', async () => {
    const pattern = z.object({
      ...schema.shape,
      password: z.string().refine(() => false, { error: ({ input }) => `not ${String(input)}` }),
    })
    const yaml = `${kafka}app:\n  limit: 0\n  password: hunter2\n  lmit: 3\n  shop: { nam: x }\n`
    const config = configOfSetup(pattern.strict(), { yaml, env: { APP_NAMES: 'x', APP_SHOP: 'y' } })
    expect(await toldBy(config)).toMatchInlineSnapshot(`
      "error[settings-invalid]: the settings under "app" have 4 errors

      error[invalid-value]: "app.limit" is not what the service takes: Too small: expected number to be >=1
        --> application.yaml:3:10
      3 |   limit: 0
        |          ^
        = the schema is \`config\` of \`defineService\`

      error[invalid-value]: "app.password" is not what the service takes
        --> application.yaml:4:13
      4 |   password: *******
        |             ^^^^^^^
        = the schema is \`config\` of \`defineService\`

      error[invalid-value]: "app.lmit" is not what the service takes: Unrecognized key: "lmit"
        --> application.yaml:5:9
      5 |   lmit: 3
        |         ^
        = the schema is \`config\` of \`defineService\`

      error[invalid-value]: environment APP_SHOP: "app.shop" is not what the service takes: Invalid input: expected object, received string
        = the schema is \`config\` of \`defineService\`"
    `)
    const env = { APP_LIMIT: 'many' }
    expect(await toldBy(configOfSetup(schema, { yaml: kafka, env }))).toMatchInlineSnapshot(`
      "error[settings-invalid]: the settings under "app" have 2 errors

      error[invalid-value]: environment APP_LIMIT: "app.limit" is not what the service takes: Invalid input: expected number, received string
        = the schema is \`config\` of \`defineService\`

      error[missing-key]: "app.password" is missing: Invalid input: expected string, received undefined
        = write it into application.yaml, or set APP_PASSWORD"
    `)
  })
})
