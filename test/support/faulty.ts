// An embedded broker and registry within the test, whose faults the test sets, and the program among them.
import { onTestFinished } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/stack/embedded/start-embedded.ts'
import { type RunOptions, type RunningEvplat, startEvplat } from './evplat.ts'
import { folderWith, platform, tell, writeFiles } from './told.ts'

export interface Faulty extends Embedded {
  readonly folder: string
  /** writes platform.yaml with these lines below its head */
  declare(...lines: readonly string[]): void
  /** runs a command, words between spaces, in the environment `place`, and tells what it told */
  tell(command: string, options?: RunOptions): Promise<string>
  start(command: string): RunningEvplat
  /** of all rules that are set, how often they were met */
  met(): number
}

const words = (command: string): string[] => [...command.split(' '), '--env', 'place']

/** All of it ends with the test. */
export async function startFaulty(...lines: readonly string[]): Promise<Faulty> {
  const embedded = await startEmbedded()
  onTestFinished(() => embedded.close())
  const { bootstrap, registryUrl, faults } = embedded
  const own = `environments: { place: { kafka: { bootstrap: ["${bootstrap}"] }, registry: { url: "${registryUrl}" } } }`
  const folder = folderWith({ 'platform.yaml': platform(own, ...lines) })
  const hide = { [bootstrap]: 'KAFKA', [registryUrl]: 'REGISTRY', [folder]: 'FOLDER' }
  return {
    ...embedded,
    folder,
    declare: (...others) => writeFiles(folder, { 'platform.yaml': platform(own, ...others) }),
    tell: (command, options) => tell(words(command), { cwd: folder, ...options, hide }),
    start: (command) => startEvplat(words(command), { cwd: folder }),
    met: () => faults.list().reduce((sum, { met }) => sum + met, 0),
  }
}
