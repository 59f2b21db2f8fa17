// A stack for the cases of a file: platform.yaml is written anew for each, and what a run told is compared whole.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunOptions, type RunningEvplat, startEvplat } from './evplat.ts'
import { type Platform, newPlatform, removePlatforms } from './platforms.ts'
import { type Hidden, platform, tell, tellEach, writeFiles } from './told.ts'

export interface Trial {
  readonly stack: Platform
  readonly folder: string
  readonly bootstrap: string
  readonly registryUrl: string
  /** what varies from stack to stack, and the names that stand for it */
  readonly hide: Hidden
  /** writes platform.yaml with these lines below its head and its stack */
  declare(...lines: readonly string[]): void
  write(files: Readonly<Record<string, string>>): void
  /** runs a command, words between spaces, and tells what it told */
  tell(command: string, options?: RunOptions & { readonly hide?: Hidden }): Promise<string>
  tellEach(...commands: readonly string[]): Promise<string>
  start(command: string): RunningEvplat
  close(): Promise<void>
}

/** Starts a stack of one broker; `kafka` is what stands in `stack.kafka`. */
export async function startTrial(kafka = 'version: "3.9", coordination: kraft'): Promise<Trial> {
  const stack = await newPlatform({ kafka })
  await stack.succeed('up')
  const { folder } = stack
  const [bootstrap, registryUrl] = [await stack.endpoint('kafka'), await stack.endpoint('schema-registry')]
  const { clusterId = '' } = await stack.record()
  const hide = { [bootstrap]: 'KAFKA', [registryUrl]: 'REGISTRY', [clusterId]: 'CLUSTER', [folder]: 'FOLDER' }
  const words = (command: string): string[] => command.split(' ')
  return {
    stack,
    folder,
    bootstrap,
    registryUrl,
    hide,
    declare: (...lines) => {
      const own = `stack: { runtime: native, kafka: { ${kafka} }, ports: auto }`
      writeFileSync(join(folder, 'platform.yaml'), platform(own, ...lines))
    },
    write: (files) => writeFiles(folder, files),
    tell: (command, options) => tell(words(command), { cwd: folder, ...options, hide: { ...hide, ...options?.hide } }),
    tellEach: (...commands) => tellEach(commands.map(words), { cwd: folder, hide }),
    start: (command) => startEvplat(words(command), { cwd: folder }),
    close: removePlatforms,
  }
}
