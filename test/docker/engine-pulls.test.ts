// Pulls by a real engine from a registry that the test serves: progress, credentials, and what can't be pulled.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findEngine } from '../../src/stack/docker/engine/discovery/find-engine.ts'
import type { Engine, PullProgress } from '../../src/stack/docker/engine/engine.ts'
import { writeProgram } from '../support/fake-program.ts'
import { serveImages } from '../support/image-registry.ts'
import { labHost, missingLab } from './lab/tiny-image.ts'
import { skipNote } from '../support/native-runtime.ts'
import { refusal } from '../support/refusal.ts'
import { freePort } from '../support/free-port.ts'
import { folderWith } from '../support/told.ts'

const never = new AbortController().signal
const nothing = (): void => undefined

/** The engine of the lab for a user whose `docker login` left this. */
function engineFor(config: unknown, path = process.env['PATH']): Promise<Engine> {
  const folder = folderWith({ 'config.json': JSON.stringify(config) })
  return findEngine({ ...process.env, PATH: path, DOCKER_HOST: labHost, DOCKER_CONFIG: folder })
}

describe.skipIf(missingLab !== undefined)(`a pull${skipNote(missingLab)}`, () => {
  test('tells how far it is, and the image is there; once more it has nothing to load', async () => {
    const { image, layerBytes } = await serveImages()
    const engine = await engineFor({})
    const seen: PullProgress[] = []
    await engine.pull(image, (progress) => seen.push(progress), never)
    const last = seen.at(-1)
    expect(last).toMatchObject({ layers: 2, layersDone: 2, downloadedBytes: last?.totalBytes })
    expect(last?.totalBytes).toBeLessThanOrEqual(layerBytes)
    expect((await engine.images()).has(image)).toBe(true)
    await engine.pull(image, (progress) => seen.push(progress), never)
    expect(seen.at(-1)).toEqual({ downloadedBytes: 0, totalBytes: 0, layers: 0, layersDone: 0 })
  })

  test('takes the credentials of config.json', async () => {
    const { name, image } = await serveImages('ann:secret')
    const auth = Buffer.from('ann:secret').toString('base64')
    const engine = await engineFor({ auths: { [name]: { auth } } })
    await engine.pull(image, nothing, never)
    expect((await engine.images()).has(image)).toBe(true)
  })

  test('takes the credentials of a program, which reads the registry from its input', async () => {
    const { name, image } = await serveImages('ann:secret')
    const folder = folderWith({})
    const answer = `read -r server; [ "$1 $server" = "get ${name}" ] && echo '{"Username":"ann","Secret":"secret"}'`
    await writeProgram(join(folder, 'docker-credential-own'), answer)
    const engine = await engineFor({ credHelpers: { [name]: 'own' } }, `${folder}:${process.env['PATH']}`)
    await engine.pull(image, nothing, never)
    expect((await engine.images()).has(image)).toBe(true)
  })

  test('without credentials says what to do; the password is in no word of it', async () => {
    const { name, image } = await serveImages('ann:secret')
    const refused = await refusal((await engineFor({})).pull(image, nothing, never))
    expect(refused).toMatchObject({
      code: 'image-missing',
      message: `there is no image "${image}", or not for this user`,
      hint: expect.stringContaining(`\`docker login ${name}\``) as string,
    })
    const auth = Buffer.from('ann:wrong-secret').toString('base64')
    const wrong = await refusal((await engineFor({ auths: { [name]: { auth } } })).pull(image, nothing, never))
    expect(wrong.code).toBe('image-missing')
    expect(JSON.stringify(wrong)).not.toMatch(new RegExp(`wrong-secret|${auth}`))
  })

  test('tells of a program that gave no credentials', async () => {
    const { name, image } = await serveImages('ann:secret')
    const refused = await refusal((await engineFor({ credHelpers: { [name]: 'gone' } })).pull(image, nothing, never))
    expect(refused.hint).toMatch(/left could not be had: docker-credential-gone can't be started$/)
  })

  test('of a name or a tag that the registry does not have', async () => {
    const { name } = await serveImages()
    const engine = await engineFor({})
    for (const image of [`${name}/shop/tiny:2`, `${name}/shop/other:1`])
      expect(await refusal(engine.pull(image, nothing, never))).toMatchObject({ code: 'image-missing' })
  })

  test('of an image for another processor', async () => {
    const { strange } = await serveImages()
    expect(await refusal((await engineFor({})).pull(strange, nothing, never))).toMatchObject({
      code: 'image-unfit',
      message: `image "${strange}" is not made for the processor of the engine`,
    })
  })

  test('from a registry that is not there', async () => {
    const image = `127.0.0.1:${await freePort()}/shop/tiny:1`
    expect(await refusal((await engineFor({})).pull(image, nothing, never))).toMatchObject({
      code: 'download-failed',
      message: `image "${image}" could not be fetched`,
    })
  })

  test('is called off by the signal, with its reason', async () => {
    const { image } = await serveImages()
    const stop = new AbortController()
    const pulled = (await engineFor({})).pull(image, () => stop.abort(new Error('enough')), stop.signal)
    await expect(pulled).rejects.toThrow('enough')
  })
})
