// What is told when one server of a stack is away or unwell and the others are not. A case leaves the stack as it found it.
import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { alterTopicConfigs } from '../../src/kafka/admin/configs.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { withCluster } from '../support/records.ts'
import { type Trial, startTrial } from '../support/trial.ts'

const missing = missingForNative()
const skip = { skip: missing !== undefined }
const because = skipNote(missing)

let trial: Trial
beforeAll(async () => {
  if (missing !== undefined) return
  trial = await startTrial()
  const schema = { type: 'record', name: 'Note', fields: [{ name: 'text', type: 'string' }] }
  trial.write({ 'note.avsc': JSON.stringify(schema) })
  trial.declare('topics:', '  away.notes: { value: { schema: note.avsc } }', '  away.plain: { value: string }')
  await trial.stack.succeed('apply', '--yes')
})
afterAll(() => trial?.close())

/** Kills a server, and waits until it is gone. */
async function kill(server: string): Promise<void> {
  const pid = await trial.stack.pidOf(server)
  process.kill(pid, 'SIGKILL')
  const look = (): Promise<true | undefined> =>
    Promise.resolve(
      /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout) ? undefined : true,
    )
  if (!(await waitFor(look, { timeoutMs: 30_000 }))) throw new Error(`${server} does not go`)
}

/** Without the numbers of processes, and without the widths that they and the ports give to columns. */
const steady = (text: string): string =>
  text.replaceAll(/(\S) {2,}/g, '$1  ').replaceAll(/(ready  \S+  )\d+$/gm, '$1PID')

describe(`the registry is away${because}`, skip, () => {
  test('and the broker is not', async () => {
    await kill('schema-registry')
    const commands = ['plan', 'topics plan', 'schemas list', 'verify', 'status', 'plan -o json']
    expect(steady(await trial.tellEach(...commands))).toMatchInlineSnapshot(`
      "$ evplat plan
      exit 69
      error[registry-unreachable]: the registry at "REGISTRY" could not be asked for the global compatibility level: connection refused
        try: start the local stack with \`evplat up\`, or check the address of the registry

      $ evplat topics plan
      exit 0
      | shop in local (cluster CLUSTER)
      |
      | No changes: 2 unchanged.

      $ evplat schemas list
      exit 69
      error[registry-unreachable]: the registry at "REGISTRY" could not be asked for the list of schemas: connection refused
        try: start the local stack with \`evplat up\`, or check the address of the registry

      $ evplat verify
      exit 69
      error[registry-unreachable]: the registry at "REGISTRY" could not be asked for the global compatibility level: connection refused
        try: start the local stack with \`evplat up\`, or check the address of the registry

      $ evplat status
      exit 0
      | SERVER  STATE  ENDPOINT  PID  DETAIL
      | kafka  ready  KAFKA  PID
      | schema-registry  failed  REGISTRY  exit code 137 (SIGKILL)
      |
      | see \`evplat logs schema-registry\`; \`evplat up\` starts it again

      $ evplat plan -o json
      exit 69
      {"error":{"code":"registry-unreachable","message":"the registry at \\"REGISTRY\\" could not be asked for the global compatibility level: connection refused","details":{"url":"REGISTRY","reason":"refused"},"hint":"start the local stack with \`evplat up\`, or check the address of the registry"}}"
    `)
    expect(await trial.tell('produce away.notes', { input: '{"text":"one"}\n' })).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "REGISTRY" could not be asked for a schema in subject "away.notes-value": connection refused; no record was acknowledged before
        try: start the local stack with \`evplat up\`, or check the address of the registry"
    `)
    expect(await trial.tell('produce away.plain', { input: 'one\n' })).toMatchInlineSnapshot(`
      "exit 0
      | 1 record written to away.plain"
    `)
    await trial.stack.succeed('up')
    expect(await trial.tell('produce away.notes', { input: '{"text":"two"}\n' })).toMatchInlineSnapshot(`
      "exit 0
      | 1 record written to away.notes"
    `)
    await kill('schema-registry')
    expect(await trial.tell('consume away.notes --exit')).toMatchInlineSnapshot(`
      "exit 69
      error[registry-unreachable]: the registry at "REGISTRY" could not be asked for the schema with id 1: connection refused
        try: start the local stack with \`evplat up\`, or check the address of the registry"
    `)
    await trial.stack.succeed('up')
  })
})

describe(`the broker is away${because}`, skip, () => {
  test('and the registry is not', async () => {
    await kill('kafka')
    const commands = [
      'plan',
      'schemas list',
      'schemas delete away.notes-value --yes',
      'consume away.plain',
      'groups list',
      'status',
    ]
    expect(steady(await trial.tellEach(...commands))).toMatchInlineSnapshot(`
      "$ evplat plan
      exit 69
      error[broker-unreachable]: KAFKA: connection refused: nothing listens there
        try: is the stack running? \`evplat up\` starts it

      $ evplat schemas list
      exit 0
      | SUBJECT  VERSION  ID  TYPE  COMPATIBILITY
      | away.notes-value  1  1  AVRO  BACKWARD

      $ evplat schemas delete away.notes-value --yes
      exit 1
      | failed subject away.notes-value: Error in the backend datastore: KAFKA: connection refused: nothing listens there

      $ evplat consume away.plain
      exit 69
      error[broker-unreachable]: KAFKA: connection refused: nothing listens there
        try: is the stack running? \`evplat up\` starts it

      $ evplat groups list
      exit 69
      error[broker-unreachable]: KAFKA: connection refused: nothing listens there
        try: is the stack running? \`evplat up\` starts it

      $ evplat status
      exit 0
      | SERVER  STATE  ENDPOINT  PID  DETAIL
      | kafka  failed  KAFKA  exit code 137 (SIGKILL)
      | schema-registry  ready  REGISTRY  PID
      |
      | see \`evplat logs kafka\`; \`evplat up\` starts it again"
    `)
    expect(await trial.tell('produce away.plain -o json', { input: 'one\n' })).toMatchInlineSnapshot(`
      "exit 69
      {"error":{"code":"broker-unreachable","message":"KAFKA: connection refused: nothing listens there","details":{"address":"KAFKA","reason":"ECONNREFUSED"},"hint":"is the stack running? \`evplat up\` starts it"}}"
    `)
    await trial.stack.succeed('up')
    expect(await trial.tell('verify')).toMatchInlineSnapshot(`
      "exit 0
      | passed  platform
      | passed  settings
      | passed  topics
      | passed  schemas"
    `)
  })
})

describe(`the topic of the registry${because}`, skip, () => {
  const setPolicy = (value: string): Promise<unknown> =>
    withCluster(trial.bootstrap, (cluster) =>
      alterTopicConfigs(cluster, [{ name: '_schemas', set: [['cleanup.policy', value]] }], false),
    )

  test('would lose schemas', async () => {
    await setPolicy('delete')
    await kill('schema-registry')
    expect(steady(await trial.tellEach('up', 'status'))).toMatchInlineSnapshot(`
      "$ evplat up
      exit 1
      error[server-failed]: schema-registry ended with exit code 1 while it was started
        server: error[registry-topic-unusable]: topic "_schemas" has the cleanup.policy "delete", under which it would lose schemas; correct it, or start with an empty one by \`evplat down --volumes\` and \`evplat up\`
        try: see \`evplat logs schema-registry\`; \`evplat down\` stops the others

      $ evplat status
      exit 0
      | SERVER  STATE  ENDPOINT  PID  DETAIL
      | kafka  ready  KAFKA  PID
      | schema-registry  failed  REGISTRY  exit code 1: error[registry-topic-unusable]: topic "_schemas" has the cleanup.policy "delete", under which it would lose schemas; correct it, or start with an empty one by \`evplat down --volumes\` and \`evplat up\`
      |
      | see \`evplat logs schema-registry\`; \`evplat up\` starts it again"
    `)
    await setPolicy('compact')
    await trial.stack.succeed('up')
  })
})
