// The compose files that evplat writes, brought up by docker-compose on a real engine: every health check is passed within its container,
// and every server answers evplat's own question from the host.
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { composeText } from '../../src/stack/docker/model/compose-file.ts'
import { describeDocker } from '../../src/stack/docker/model/describe-docker.ts'
import type { DockerInputs } from '../../src/stack/docker/model/docker-inputs.ts'
import { clusterIdOf } from '../../src/stack/docker/model/cluster-id.ts'
import { secretsOf } from '../../src/stack/docker/model/secrets.ts'
import { layoutOf } from '../../src/stack/layout.ts'
import { choosePorts } from '../../src/stack/processes/free-ports.ts'
import { probe } from '../../src/stack/processes/probes.ts'
import { ensureSecrets } from '../../src/stack/secrets.ts'
import { dockerStacks } from '../support/docker-stacks.ts'
import { temporaryFolder } from '../support/evplat.ts'
import { missingOf, needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { dockerFor } from './lab/client.ts'
import { composeFor } from './lab/compose.ts'
import { labEngine } from './lab/lab-engine.ts'

const lab = labEngine()
const missing = missingOf(lab)
const cleanUps: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})

interface Health {
  readonly server: string
  readonly state: string
  readonly health: string
  /** what the last check said */
  readonly said: string
}

/** What the engine says of the containers of a project. */
async function healthOf(project: string): Promise<Health[]> {
  const docker = dockerFor(needed(lab))
  const label = `label=com.docker.compose.project=${project}`
  const ids = (await docker(['ps', '--all', '--quiet', '--filter', label])).split('\n').filter((id) => id !== '')
  const format =
    '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{.State.Health.Status}} {{json .State.Health.Log}}'
  const lines = (await docker(['inspect', '--format', format, ...ids])).trim().split('\n')
  return lines.map((line) => {
    const [, server = '', state = '', health = '', log = ''] = /^(\S+) (\S+) (\S+) (.*)$/.exec(line) ?? []
    const checks = JSON.parse(log) as readonly { readonly Output: string }[] | null
    return { server, state, health, said: checks?.at(-1)?.Output ?? '' }
  })
}

const isWell = ({ state, health }: Health): boolean => state === 'running' && health === 'healthy'

describe.skipIf(missing)(`docker-compose up${skipNote(missing)}`, () => {
  test.each(Object.entries(dockerStacks))('%s', async (name, given) => {
    const folder = temporaryFolder()
    const project = `compose-${name}`
    const { settings } = given
    const ports = await choosePorts('docker', { ...settings, ports: anyPort })
    const inputs: DockerInputs = { ...given, project, ports, packageRoot: resolve() }
    const stack = describeDocker(inputs)
    const layout = layoutOf(folder)
    await ensureSecrets(layout, secretsOf(settings))
    writeFileSync(join(folder, 'compose.yaml'), composeText(stack, { folder, at: folder }))
    const compose = composeFor(needed(lab), { folder, project })
    cleanUps.push(() => compose('down', '--volumes', '--timeout', '5'))

    await compose('up', '--detach')
    let last: Health[] = []
    await waitFor(async () => ((last = await healthOf(project)).every(isWell) ? true : undefined), {
      timeoutMs: 60_000,
      everyMs: 500,
    })
    expect(last.filter((each) => !isWell(each))).toEqual([])
    expect(last.map(({ server }) => server).toSorted()).toEqual(stack.servers.map((server) => server.name).toSorted())

    const context = { layout, brokerCount: ports.brokers.length, isStarting: false }
    for (const server of stack.servers) {
      const { problem, clusterId } = await probe(server, context)
      expect([server.name, problem]).toEqual([server.name, undefined])
      if (settings.kafka.coordination === 'kraft' && server.name.startsWith('kafka') && server.name !== 'kafka-ui')
        expect(clusterId).toBe(clusterIdOf(project))
    }
  })
})

const anyPort = { kafka: 'auto', registry: 'auto', postgres: 'auto', mongodb: 'auto', 'kafka-ui': 'auto' } as const
