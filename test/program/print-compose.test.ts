// `evplat up --print-compose`: the stack of any platform for docker compose. Nothing is started, and no engine is asked.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { evplat, temporaryFolder } from '../support/evplat.ts'

function platform(stack: string, services = ''): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'platform.yaml'), `apiVersion: evplat/v1\nname: bakery\nstack: ${stack}\n${services}`)
  return folder
}

const withPostgres = 'services: { orders: { port: 8080, database: postgres } }\n'

interface Compose {
  readonly services: Readonly<Record<string, { readonly image: string; readonly ports: readonly string[] }>>
  readonly secrets?: Readonly<Record<string, { readonly file: string }>>
}

test('prints the stack with its passwords made, and the same again', async () => {
  const cwd = platform('{ runtime: docker, kafka: { coordination: kraft } }', withPostgres)
  const first = await evplat(['up', '--print-compose'], { cwd })
  expect([first.code, first.stderr]).toEqual([0, 'passwords were made in .evplat/secrets\n'])
  const { services, secrets } = parse(first.stdout) as Compose
  expect(Object.keys(services)).toEqual(['kafka', 'schema-registry', 'postgres'])
  expect(services['postgres']!.ports).toEqual(['127.0.0.1:5432:5432'])
  expect(secrets).toEqual({ postgres: { file: './.evplat/secrets/postgres' } })
  const folder = join(cwd, '.evplat/secrets')
  expect(readdirSync(folder).toSorted()).toEqual(['postgres', 'postgres-orders'])
  const password = readFileSync(join(folder, 'postgres'), 'utf8')
  expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o600)
  expect(first.stdout).not.toContain(password)
  expect(await evplat(['up', '--print-compose'], { cwd })).toEqual({ ...first, stderr: '' })
  expect(readFileSync(join(folder, 'postgres'), 'utf8')).toBe(password)
  // nothing was started, so nothing is remembered
  expect(existsSync(join(cwd, '.evplat/stack.json'))).toBe(false)
})

test('a stack without databases leaves no trace', async () => {
  const cwd = platform('{ runtime: native }')
  const { code, stdout, stderr } = await evplat(['up', '--print-compose'], { cwd })
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^# The stack of the platform "bakery" .*\n# The project is "bakery" /)
  expect(existsSync(join(cwd, '.evplat'))).toBe(false)
  const asJson = await evplat(['up', '--print-compose', '-o', 'json'], { cwd })
  expect(JSON.parse(asJson.stdout)).toEqual(parse(stdout))
})

test('ports that may be any are free ones, and that is said', async () => {
  const cwd = platform('{ ports: auto }')
  const { code, stdout, stderr } = await evplat(['up', '--print-compose'], { cwd })
  expect([code, stderr]).toEqual([0, 'the ports that platform.yaml leaves open are such as are free now\n'])
  const { services } = parse(stdout) as Compose
  const ports = Object.values(services).flatMap((service) => service.ports)
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:[1-9]\d{3,4}:\d+$/)
  expect(new Set(ports).size).toBe(3)
})

test('a Kafka without an image is told as one', async () => {
  const cwd = platform('{ kafka: { version: "3.7", coordination: kraft } }')
  const { code, stderr } = await evplat(['up', '--print-compose'], { cwd })
  expect([code, stderr]).toEqual([
    64,
    `error[not-in-this-version]: the docker runtime knows no image of Kafka 3.7
  --> platform.yaml:3:28
  try: set \`stack.kafka.version\` in platform.yaml to "3.9" or a version from 4 on, or name an image: \`stack.images.kafka\`
`,
  ])
})
