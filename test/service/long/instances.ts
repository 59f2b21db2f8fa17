// Instances of the service as real processes.
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../support/free-port.ts'
import { limits } from './contract.ts'
import { type Program, startProgram } from './programs.ts'

export interface Instance extends Program {
  readonly url: string
}

/** readiness tells in this time that something is wrong */
const toldWithinMs = 10_000

const settings = {
  LOGGING_FORMAT: 'json',
  LISTENER_SESSION: '6s',
  LISTENER_GAP: `${limits.gap}`,
  LISTENER_COMMIT_RECORDS: `${limits.commitRecords}`,
  PRODUCER_DELIVERY: '2s',
  MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS: 'always',
  MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE: '*',
}

export async function startInstance(subject: string, env: Readonly<Record<string, string>>): Promise<Instance> {
  const port = await freePort()
  const program = startProgram(subject, [], { ...settings, SERVER_PORT: `${port}`, ...env })
  return { ...program, url: `http://127.0.0.1:${port}` }
}

/** What readiness says now: 200 or 503, and 0 where nobody answers; with the components. */
export async function readiness({ url }: Instance): Promise<{ readonly code: number; readonly body: string }> {
  const asked = fetch(`${url}/actuator/health/readiness`, { signal: AbortSignal.timeout(5000) })
  return asked.then(
    async (answer) => ({ code: answer.status, body: await answer.text() }),
    () => ({ code: 0, body: '' }),
  )
}

/** Until readiness says yes; throws with the log where it does not in time. */
export async function untilReady(instance: Instance, timeoutMs = 20_000): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(100)) {
    if (instance.child.exitCode !== null) break
    if ((await readiness(instance)).code === 200) return
  }
  throw new Error(`the service is not ready:\n${(await readiness(instance)).body}\n${instance.log()}`)
}

/** Until readiness names the component, and says so; what to complain about where it does not in time. */
export async function untilTold(instance: Instance, component: string, says = ''): Promise<string[]> {
  let last = ''
  for (const end = Date.now() + toldWithinMs; Date.now() < end; await sleep(100)) {
    const { code, body } = await readiness(instance)
    last = `${code} ${body}`
    if (code === 503 && downIn(body).includes(component) && body.includes(says)) return []
  }
  return [`readiness does not tell of ${component} in time: ${last}`]
}

/** The components that are not UP in what readiness says. */
export function downIn(body: string): string[] {
  const { components = {} } = JSON.parse(body) as { components?: Record<string, { status: string }> }
  return Object.entries(components).flatMap(([name, { status }]) => (status === 'UP' ? [] : [name]))
}
