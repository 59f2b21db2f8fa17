// The compose files that evplat writes against the docker-compose of this machine, the oldest that they are for, and against the schema of
// the compose specification that it brings. No engine is asked.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { composeText } from '../../src/stack/docker/model/compose-file.ts'
import { describeDocker } from '../../src/stack/docker/model/describe-docker.ts'
import { dockerStacks } from '../support/docker-stacks.ts'
import { plainEnv, temporaryFolder } from '../support/evplat.ts'
import { skipNote } from '../support/native-runtime.ts'

const { status, stdout: versionText } = spawnSync('docker-compose', ['version', '--short'], { encoding: 'utf8' })
const missingCompose = status === 0 ? undefined : 'there is no docker-compose'
const schemaFile = '/usr/lib/python3/dist-packages/compose/config/compose_spec.json'
const missingSchema = existsSync(schemaFile) ? undefined : 'docker-compose brings no schema'

interface Service {
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck: { readonly test: readonly string[] }
  readonly secrets?: readonly { readonly source: string }[]
}

/** What docker-compose makes of the files that its own settings or arguments name. */
function config(cwd: string, ...args: string[]): { readonly services: Readonly<Record<string, Service>> } {
  const ran = spawnSync('docker-compose', [...args, 'config'], { cwd, encoding: 'utf8', env: plainEnv() })
  expect([ran.status, ran.stderr]).toEqual([0, ''])
  return parse(ran.stdout) as { services: Record<string, Service> }
}

const title = versionText?.trim() ?? ''

describe.skipIf(missingCompose)(`docker-compose ${title}${skipNote(missingCompose)}`, () => {
  test.each(Object.entries(dockerStacks))('takes %s as it is meant', (_, inputs) => {
    const folder = temporaryFolder()
    const stack = describeDocker({ ...inputs, packageRoot: folder })
    mkdirSync(join(folder, '.evplat/secrets'), { recursive: true })
    for (const secret of stack.servers.flatMap(({ secrets }) => secrets))
      writeFileSync(join(folder, '.evplat/secrets', secret), 'password')
    writeFileSync(join(folder, 'compose.yaml'), composeText(stack, { folder, at: folder }))
    const { services } = config(folder, '-f', 'compose.yaml', '-p', inputs.project)
    expect(Object.keys(services).toSorted()).toEqual(stack.servers.map(({ name }) => name).toSorted())
    for (const { name, environment, healthCheck, secrets } of stack.servers) {
      const { environment: variables = {}, healthcheck, secrets: mounted = [] } = services[name]!
      // what is told is written for a compose file again: a `$` twice
      const meant = (text: string): string => text.replaceAll('$$', '$')
      expect(Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, meant(value)]))).toEqual(
        environment,
      )
      expect(healthcheck.test.map(meant)).toEqual(healthCheck.test)
      expect(mounted.map(({ source }) => source)).toEqual(secrets)
    }
  })

  test('finds that of the example platform from the root', () => {
    expect(Object.keys(config('.').services).toSorted()).toEqual(['kafka', 'schema-registry', 'zookeeper'])
  })
})

describe.skipIf(missingSchema)(`the compose specification${skipNote(missingSchema)}`, () => {
  const check = missingSchema === undefined ? compile(readFileSync(schemaFile, 'utf8')) : undefined

  /** Answers what is wrong with a file. The ids of the schema are of a draft before the one that it names. */
  function compile(text: string): (file: unknown) => unknown {
    const isName = (key: string, value: unknown): boolean =>
      ['$schema', 'id'].includes(key) && typeof value === 'string'
    const schema = JSON.parse(text, (key, value: unknown) => (isName(key, value) ? undefined : value)) as object
    const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
    return (file) => (validate(file) ? [] : validate.errors)
  }

  const texts = Object.entries(dockerStacks).map(
    ([name, inputs]) => [name, composeText(describeDocker(inputs), { folder: '/shop', at: '/shop' })] as const,
  )

  test('allows docker/compose.yaml', () => {
    expect(check!(parse(readFileSync('docker/compose.yaml', 'utf8')))).toEqual([])
  })

  test.each(texts)('allows %s', (_, text) => {
    expect(check!(parse(text))).toEqual([])
  })

  test('is one that refuses', () => {
    expect(check!({ services: { kafka: { image: 'kafka', health: {} } } })).toMatchObject([
      { params: { additionalProperty: 'health' } },
    ])
  })
})
