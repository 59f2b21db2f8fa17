// Looks at this machine with the eyes of a stack that is to start on it. Changes nothing.
import { version as nodeVersion } from 'node:process'
import { EvplatError } from '../../core/errors.ts'
import { type Asked, askAll, findEngine } from '../docker/engine/discovery/find-engine.ts'
import { layoutOf } from '../layout.ts'
import { type RuntimeName, chooseRuntime, rememberedRuntime } from '../runtime.ts'
import { readStackFile } from '../stack-file.ts'
import type { Check, Diagnosis, Patient } from './check.ts'
import { answering, engineCheck } from './engine.ts'
import { portChecks } from './ports.ts'
import { composeCheck, javaChecks } from './programs.ts'
import { diskCheck, openFilesCheck } from './room.ts'

/** All that a stack needs. `first` are checks that were made before; one of them may be that platform.yaml is broken. */
export async function diagnose(patient: Omit<Patient, 'runtime'>, first: readonly Check[]): Promise<Diagnosis> {
  const { env, settings } = patient
  const asked = await askAll(env)
  const { runtime, check } = await decideRuntime(patient)
  const whole: Patient = { ...patient, runtime }
  const { published, trouble } = await publishedPorts(whole, asked)
  const checks = [
    ...first,
    check,
    { name: 'node', state: 'ok', fact: nodeVersion.slice(1) } as const,
    engineCheck(asked, runtime === 'docker'),
    ...trouble,
    await composeCheck(patient),
    ...(await refusable(settings.kafka.version, () => javaChecks(whole))),
    ...(await portChecks(whole, published)),
    await openFilesCheck(whole),
    await diskCheck(whole),
  ]
  return { runtime, ready: checks.every(({ state }) => state !== 'missing'), checks }
}

/** What `up` would take, and why. */
async function decideRuntime({ folder, settings, env }: Omit<Patient, 'runtime'>): Promise<{
  readonly runtime: RuntimeName
  readonly check: Check
}> {
  const layout = layoutOf(folder)
  const remembered = await rememberedRuntime(layout, await readStackFile(layout).catch(() => undefined))
  const { runtime, by } = await chooseRuntime(settings, remembered, env)
  const why = {
    declaration: 'platform.yaml says so',
    memory: 'the stack has run on it before, and has its data there',
    default: `auto takes it where ${runtime === 'docker' ? 'an' : 'no'} engine of this machine answers`,
  }
  return { runtime, check: { name: 'runtime', state: 'ok', fact: `${runtime}: ${why[by]}` } }
}

/** A version of Kafka that evplat does not know is told as a check of its own. */
async function refusable(version: string, work: () => Promise<readonly Check[]>): Promise<readonly Check[]> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    const { hint } = thrown.parts
    return [
      { name: `kafka ${version}`, state: 'missing', fact: thrown.message, ...(hint !== undefined && { remedy: hint }) },
    ]
  }
}

/** The ports that running containers of this platform have on this machine; what the engine refuses is a check. */
async function publishedPorts(
  { project, env, runtime }: Patient,
  asked: readonly Asked[],
): Promise<{ readonly published: ReadonlySet<number>; readonly trouble: readonly Check[] }> {
  const published = new Set<number>()
  if (project === undefined || !answering(asked)) return { published, trouble: [] }
  try {
    const engine = await findEngine(env)
    for (const { ports } of await engine.containers({ 'com.docker.compose.project': project }))
      for (const { host } of ports) published.add(host)
    return { published, trouble: [] }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    const { said, hint } = thrown.parts
    const check: Check = {
      name: 'containers',
      state: runtime === 'docker' ? 'missing' : 'warning',
      fact: `${thrown.message}${said === undefined ? '' : `: ${said}`}`,
      ...(hint !== undefined && { remedy: hint }),
    }
    return { published, trouble: [check] }
  }
}
