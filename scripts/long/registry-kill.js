// `npm run long:registry-kill -- --size N [--clients N] [--kills N] [--kafka 'version: "4.3"']`: many clients register N schemas in all
// while the registry server is killed again and again, at random moments, and started again by `evplat up`. In the end every registration
// that was acknowledged must be there under its id, as one version of its subject. Ends with code 1 when one is not.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '16' },
    kills: { type: 'string', default: '20' },
    kafka: { type: 'string', default: 'version: "4.3"' },
  },
})
const [size, clients, kills] = [values.size, values.clients, values.kills].map(Number)
const evplat = fileURLToPath(new URL('../../bin/evplat.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'evplat-registry-kill-'))
const type = { 'content-type': 'application/vnd.schemaregistry.v1+json' }

/** Not synchronously: the clients go on meanwhile. */
const run = (...args) => promisify(execFile)(process.execPath, [evplat, ...args, '-C', folder])

const server = () =>
  JSON.parse(readFileSync(join(folder, '.evplat/stack.json'))).servers.find(({ name }) => name === 'schema-registry')

/** `{ status, body }` of what the registry answers; undefined when it does not: it is being killed. */
async function ask(path, body) {
  try {
    const method = body === undefined ? 'GET' : 'POST'
    const signal = AbortSignal.timeout(30_000)
    const response = await fetch(`${server().endpoint}${path}`, { method, headers: type, body, signal })
    return { status: response.status, body: await response.json() }
  } catch {
    return undefined
  }
}

/** The same, asked again until it answers: for a registry that is not killed any more. */
async function insist(path, body) {
  for (let attempt = 1; attempt <= 100; attempt++) {
    const answer = await ask(path, body)
    if (answer) return answer.body
    await sleep(100)
  }
  throw new Error(`the registry does not answer ${path}`)
}

/** A field more each time, with a default: compatible in any order. */
const schemaOf = (subject, number) =>
  JSON.stringify({
    type: 'record',
    name: `Of${subject}`,
    fields: Array.from({ length: number + 1 }, (_, i) => ({ name: `f${i}`, type: 'int', default: i })),
  })
const bodyOf = (schema) => JSON.stringify({ schema })

/** `{ subject, schema, id }` of everything that was acknowledged */
const acknowledged = []
let given = 0
const perSubject = 20

/** Registers schema after schema; one that was not acknowledged is tried again until it is. */
async function client() {
  while (given < size) {
    const number = given++
    const round = Math.floor(number / clients)
    const subject = `s${number % clients}_${Math.floor(round / perSubject)}`
    const schema = schemaOf(subject, round % perSubject)
    for (;;) {
      const answer = await ask(`/subjects/${subject}/versions`, bodyOf(schema))
      if (answer?.status === 200) {
        acknowledged.push({ subject, schema, id: answer.body.id })
        break
      }
      if (answer && answer.status < 500) throw new Error(`${subject}: ${JSON.stringify(answer.body)}`)
      await sleep(20)
    }
  }
}

async function kill() {
  let count = 0
  while (count < kills && acknowledged.length < size) {
    await sleep(Math.random() * 1000)
    process.kill(server().pid, 'SIGKILL')
    count++
    await run('up')
  }
  return count
}

const problems = []
let killed = 0
try {
  writeFileSync(
    join(folder, 'platform.yaml'),
    `apiVersion: evplat/v1\nname: registry-kill\nstack: { runtime: native, kafka: { ${values.kafka} }, ports: auto }\n`,
  )
  await run('up')
  const began = performance.now()
  ;[killed] = await Promise.all([kill(), ...Array.from({ length: clients }, client)])
  const seconds = (performance.now() - began) / 1000
  // once more, so that nothing is told from memory
  process.kill(server().pid, 'SIGKILL')
  await run('up')
  const ids = new Map()
  for (const { subject, schema, id } of acknowledged) {
    const found = await insist(`/subjects/${subject}`, bodyOf(schema))
    const byId = await insist(`/schemas/ids/${id}`)
    const byVersion = await insist(`/subjects/${subject}/versions/${found.version}`)
    if (found.id !== id) problems.push(`${subject}: acknowledged with id ${id}, found ${JSON.stringify(found)}`)
    if (byId.schema !== schema) problems.push(`id ${id}: ${JSON.stringify(byId)} in place of ${schema}`)
    if (byVersion.schema !== schema || byVersion.id !== id)
      problems.push(`${subject}: version ${found.version} is ${JSON.stringify(byVersion)}`)
    if (ids.has(id) && ids.get(id) !== schema) problems.push(`id ${id} was given to two schemas`)
    ids.set(id, schema)
  }
  // what was asked for twice, because the first answer was lost, is there once
  for (const subject of new Set(acknowledged.map((one) => one.subject))) {
    const count = acknowledged.filter((one) => one.subject === subject).length
    const versions = String(await insist(`/subjects/${subject}/versions`))
    const expected = String(Array.from({ length: count }, (_, i) => i + 1))
    if (versions !== expected) problems.push(`${subject}: versions ${versions} in place of ${expected}`)
  }
  if (acknowledged.length !== size) problems.push(`${acknowledged.length} of ${size} were acknowledged`)
  process.stdout.write(
    `${acknowledged.length} registrations acknowledged in ${seconds.toFixed(1)} s, ${killed} kills, ${ids.size} ids\n`,
  )
} finally {
  await run('down', '--volumes', '--yes')
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${problems.length} problems\n${problems.slice(0, 20).join('\n')}`)
process.exitCode = problems.length > 0 ? 1 : 0
