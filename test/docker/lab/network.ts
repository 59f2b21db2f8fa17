// What an engine needs of the machine's network: a bridge of its own name, because two engines on docker0 take it from each other.
import type { Place } from './place.ts'
import { run } from './run.ts'

/** The rules that let containers of one engine reach each other where the machine forwards nothing by itself. */
const forward = ({ subnet }: Place): string[] => ['FORWARD', '-s', subnet, '-d', subnet, '-j', 'ACCEPT']

const tried = (command: string, args: readonly string[]): Promise<boolean> =>
  run(command, args).then(
    () => true,
    () => false,
  )

/** Makes the bridge of an engine, one that an earlier run left is taken away first. */
export async function makeNetwork(place: Place): Promise<void> {
  await removeNetwork(place)
  await run('ip', ['link', 'add', 'name', place.bridge, 'type', 'bridge'])
  await run('ip', ['address', 'add', place.bridgeAddress, 'dev', place.bridge])
  await run('ip', ['link', 'set', place.bridge, 'up'])
  // another engine of this machine may have closed it; ours writes no rules that could be in the way of others'
  if (!(await run('iptables', ['-S', 'FORWARD'])).startsWith('-P FORWARD ACCEPT\n'))
    await run('iptables', ['-I', ...forward(place)])
}

/** Takes away what `makeNetwork` made. */
export async function removeNetwork(place: Place): Promise<void> {
  await tried('ip', ['link', 'delete', place.bridge])
  if (await tried('iptables', ['-C', ...forward(place)])) await tried('iptables', ['-D', ...forward(place)])
}
