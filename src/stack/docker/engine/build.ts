// Builds images with the classic builder, which every engine has: the context goes to it as one archive.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Readable, pipeline } from 'node:stream'
import { createGzip } from 'node:zlib'
import type Docker from 'dockerode'
import dockerIgnoreModule from '@balena/dockerignore'
import tar from 'tar-fs'
import { fileError } from '../../../core/file-error.ts'
import type { Client } from './client.ts'
import { type Credentials, findLogin, withProblem } from './credentials.ts'
import type { Build, Engine } from './engine.ts'
import { engineError } from './errors.ts'
import { registryOf } from './image-name.ts'
import { jsonLines } from './json-lines.ts'
import { watchSilence } from './silence.ts'

// its types speak of a member `default` that the module does not have
const dockerIgnore = dockerIgnoreModule as unknown as typeof dockerIgnoreModule.default

interface BuildEvent {
  readonly stream?: string
  readonly error?: string
}

/** how much of what a build printed is told when it fails */
const toldLines = 10

export function buildCalls(client: Client): Pick<Engine, 'build'> {
  return { build: (build, onStep, signal) => runBuild(client, build, { onStep, signal }) }
}

async function runBuild(
  { docker, title, env }: Client,
  build: Build,
  { onStep, signal }: { readonly onStep: (step: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const { credentials, problem } = await findLogin(registryOf(build.base), env)
  const request = { engine: title, action: `build image "${build.image}"`, image: build.base }
  const silence = watchSilence(request, signal)
  const printed: string[] = []
  try {
    signal.throwIfAborted()
    const events = await docker.buildImage(await packContext(build), {
      t: build.image,
      dockerfile: build.dockerfile,
      buildargs: { ...build.arguments },
      ...(credentials && { registryconfig: registryHeader(credentials) }),
      version: '1',
      networkmode: 'none',
      rm: true,
      forcerm: true,
      abortSignal: silence.signal,
    })
    for await (const { stream = '', error } of jsonLines<BuildEvent>(events)) {
      silence.heard()
      if (error !== undefined) throw new Error([...printed, error].join('\n'))
      const line = stream.trim()
      if (line === '') continue
      if (/^Step \d+\/\d+ : /.test(line)) onStep(line)
      printed.push(line)
      if (printed.length > toldLines) printed.shift()
    }
  } catch (thrown) {
    silence.signal.throwIfAborted()
    throw fileError(thrown) ?? withProblem(engineError(thrown, request), problem)
  } finally {
    silence.close()
  }
}

/** As the engine reads it (RFC 4648, section 5); the client itself would write another alphabet. */
function registryHeader(credentials: Credentials): Docker.RegistryConfig {
  const text = JSON.stringify({ [credentials.serveraddress]: credentials })
  const base64 = Buffer.from(text).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  // its types do not know this form
  return { base64 } as unknown as Docker.RegistryConfig
}

/** The folder as a compressed archive, without what its .dockerignore names. */
async function packContext({ context, dockerfile }: Build): Promise<Readable> {
  const rules = await readFile(join(context, '.dockerignore'), 'utf8').catch(() => '')
  const keeps = dockerIgnore({ ignorecase: false }).add(rules).createFilter()
  const isIgnored = (path: string): boolean => {
    const name = relative(context, path)
    return name !== '' && name !== dockerfile && !keeps(name)
  }
  // the user of the image is another than the one whose files these are
  const archive = tar.pack(context, { ignore: isIgnored, readable: true })
  // what can't be read ends the archive with an error, and that ends the request
  return pipeline(archive, createGzip(), () => undefined)
}
