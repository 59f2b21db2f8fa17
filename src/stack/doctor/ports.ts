// The ports that platform.yaml declares: free, held by this very stack, or by somebody else.
import { brokerName } from '../desired/servers.ts'
import { layoutOf } from '../layout.ts'
import { whoHas } from '../processes/free-ports.ts'
import { isRunning } from '../processes/operating-system.ts'
import { readStackFile } from '../stack-file.ts'
import type { Check, Patient } from './check.ts'

interface DeclaredPort {
  readonly server: string
  readonly port: number
}

/** The ports that are declared with their servers; those that may be any are left out. */
export function declaredPorts({ runtime, settings }: Pick<Patient, 'runtime' | 'settings'>): readonly DeclaredPort[] {
  const { kafka, ports, services } = settings
  const count = runtime === 'embedded' ? 1 : kafka.brokers
  const { kafka: first } = ports
  return [
    ...(first === 'auto'
      ? []
      : Array.from({ length: count }, (_, i) => ({ server: brokerName(i + 1, count), port: first + i }))),
    ...(ports.registry === 'auto' ? [] : [{ server: 'schema-registry', port: ports.registry }]),
    ...services.flatMap((server) => {
      const port = ports[server]
      return port === 'auto' ? [] : [{ server, port }]
    }),
  ]
}

/** One check for each declared port. `published` are those that containers of this stack have. */
export async function portChecks(patient: Patient, published: ReadonlySet<number>): Promise<readonly Check[]> {
  const own = await ownProcesses(patient.folder)
  const checks: Check[] = []
  for (const { server, port } of declaredPorts(patient)) {
    const name = `port ${port}`
    const owner = await whoHas(port)
    if (!owner) checks.push({ name, state: 'ok', fact: `free, for ${server}` })
    else if (published.has(port) || own.has(owner.process?.pid ?? 0))
      checks.push({ name, state: 'ok', fact: `${server} of this stack has it` })
    else
      checks.push({
        name,
        state: 'missing',
        fact: `${owner.title} has it, and ${server} needs it`,
        remedy: 'stop that process, or set another port in platform.yaml: `stack.ports`',
      })
  }
  return checks.length > 0 ? checks : [{ name: 'ports', state: 'ok', fact: 'any that are free' }]
}

/** The processes of the stack that run now. */
async function ownProcesses(folder: string): Promise<ReadonlySet<number>> {
  const record = await readStackFile(layoutOf(folder)).catch(() => undefined)
  const running = new Set<number>()
  for (const { pid, start } of record?.servers ?? [])
    if (pid !== undefined && start !== undefined && (await isRunning({ pid, start }))) running.add(pid)
  return running
}
