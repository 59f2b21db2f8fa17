// Images whose containers do what no true image does: they end, wait for ever, or begin when they are told.
import { onTestFinished } from 'vitest'
import type { Docker } from './lab/client.ts'
import { tinyEngine, tinyImage } from './lab/tiny-image.ts'

/** a script that waits to be ended, in peace */
export const waits = "trap 'exit 0' TERM; while :; do sleep 0.2; done"

/** Makes a small image whose container runs a script of `sh`; its name is `evplat-test/NAME:1`. It is gone when the test is over. */
export async function imageThat(docker: Docker, name: string, script: string): Promise<string> {
  await tinyEngine()
  return imageFrom(docker, name, [`FROM ${tinyImage}`, `ENTRYPOINT ${JSON.stringify(['sh', '-c', script])}`])
}

export interface HeldImage {
  readonly image: string
  /** lets the server of a container begin, also where the container has ended and is started again */
  readonly release: (container: string) => Promise<void>
}

/** what it waits for: some file */
const sign = '/tmp/begin'

/** The same for an image of the laboratory whose server begins only when it is let: until then it says that it waits, and is not ready. */
export async function heldImage(docker: Docker, name: string, of: string): Promise<HeldImage> {
  const config = await docker(['image', 'inspect', '--format', '{{json .Config}}', of])
  const { Entrypoint: program, Cmd: args } = JSON.parse(config) as { Entrypoint: string[] | null; Cmd: string[] | null }
  const script = `trap 'exit 0' INT TERM; echo waiting; until [ -e ${sign} ]; do sleep 0.1; done; trap - INT TERM; exec "$@"`
  const entry = ['sh', '-c', script, 'held', ...(program ?? [])]
  const image = await imageFrom(docker, name, [
    `FROM ${of}`,
    `ENTRYPOINT ${JSON.stringify(entry)}`,
    `CMD ${JSON.stringify(args ?? [])}`,
  ])
  return { image, release: async (container) => void (await docker(['cp', 'package.json', `${container}:${sign}`])) }
}

async function imageFrom(docker: Docker, name: string, lines: readonly string[]): Promise<string> {
  const image = `evplat-test/${name}:1`
  await docker(['build', '--tag', image, '-'], { input: `${lines.join('\n')}\n` })
  onTestFinished(async () => void (await docker(['image', 'rm', '--force', image])))
  return image
}

/** `stack.images` with one other image. */
export const withImage = (server: string, image: string): string => `images: { ${server}: "${image}" }`
