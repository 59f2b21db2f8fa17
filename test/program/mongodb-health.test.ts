// How the engine sees that MongoDB is well: the check itself, against a server that answers as MongoDB does.
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'bson'
import { expect, test } from 'vitest'
import { mongodbServer } from '../../src/stack/docker/model/mongodb.ts'
import { stackSettings } from '../support/stack-settings.ts'
import { serveTcp } from '../support/strangers.ts'
import { folderWith } from '../support/told.ts'

const usual = 27_017
const { healthCheck } = mongodbServer({
  project: 'shop',
  settings: stackSettings({ services: ['mongodb'] }),
  ports: { brokers: [1], registry: 2, services: { mongodb: usual } },
  packageRoot: '/',
  version: '0.1.0',
})

/** The header of a message (MongoDB wire protocol, OP_MSG) in front of one document. */
function message(document: Readonly<Record<string, unknown>>): Buffer {
  const body = serialize(document)
  const header = Buffer.alloc(21)
  header.writeInt32LE(header.length + body.length)
  header.writeInt32LE(2013, 12)
  return Buffer.concat([header, body])
}

/** Runs the check against a server with this answer; a shell of MongoDB that stands in notes how it was called, and fails. */
async function check(
  hello: Readonly<Record<string, unknown>>,
): Promise<{ code: number; asked: unknown; shell: string }> {
  let asked: unknown
  const port = await serveTcp((socket) =>
    socket.on('data', (bytes: Buffer) => {
      expect(bytes.readInt32LE()).toBe(bytes.length)
      asked = deserialize(bytes.subarray(21))
      // in parts, as a network may give it
      const answer = message({ topologyVersion: { counter: 6 }, ...hello, maxWireVersion: 25, ok: 1 })
      socket.write(answer.subarray(0, 30))
      setTimeout(() => socket.write(answer.subarray(30)), 20)
    }),
  )
  const folder = folderWith({ mongosh: '#!/bin/sh\necho "$HOME" "$@" > "$NOTE"\nexit 9\n' })
  chmodSync(join(folder, 'mongosh'), 0o755)
  const note = join(folder, 'note')
  const [, program = '', ...args] = healthCheck.test.map((arg) => arg.replaceAll(`/${usual}`, `/${port}`))
  const env = { PATH: `${folder}:/usr/bin:/bin`, NOTE: note, HOME: '/data/db' }
  const code = await new Promise<number>((resolve) => {
    execFile(program, args, { env, timeout: 10_000 }, (error) => resolve(Number(error?.code ?? 0)))
  })
  return { code, asked, shell: existsSync(note) ? readFileSync(note, 'utf8') : '' }
}

const set = { hosts: ['mongodb:27017'], setName: 'rs0' }

test('the primary of a set is well, and its shell is not started again and again to see that', async () => {
  expect(await check({ ...set, isWritablePrimary: true, secondary: false })).toEqual({
    code: 0,
    asked: { hello: 1, $db: 'admin' },
    shell: '',
  })
})

test.each([
  ['one that sets itself up yet, on its own', { isWritablePrimary: true }],
  ['a member that was not elected', { ...set, isWritablePrimary: false, secondary: true }],
  ['one whose set is to be made', { isWritablePrimary: false, secondary: false, isreplicaset: true }],
])('of %s the shell sees to it, and leaves nothing in the folder of the data', async (_, hello) => {
  const { code, shell } = await check(hello)
  expect([code, shell]).toEqual([9, expect.stringMatching(/^\/tmp --quiet .*rs\.initiate/)])
})
