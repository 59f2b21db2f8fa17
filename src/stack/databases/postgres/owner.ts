// Whom PostgreSQL runs as: this user; it refuses root, and then it is another one.
import { stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { EvplatError } from '../../../core/errors.ts'
import { runProgram } from '../../native/run-program.ts'

/** A user of this machine, by numbers. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** whoever of them there is first: the usual owner of databases, else the one with the fewest rights */
const candidates = ['postgres', 'nobody']

/**
 * The user that a PostgreSQL with its data in `data` runs as, or undefined where it is this very user, who is not root then.
 * Data that is there keeps its owner. Throws `server-away` on a machine that has nobody but root.
 */
export async function ownerFor(data: string): Promise<Owner | undefined> {
  if (userInfo().uid !== 0) return undefined
  const there = await stat(data).catch(() => undefined)
  if (there && there.uid !== 0) return { uid: there.uid, gid: there.gid }
  for (const name of candidates) {
    const owner = await lookUp(name)
    if (owner) return owner
  }
  throw new EvplatError(
    'server-away',
    'PostgreSQL does not run as root, and there is no other user "postgres" or "nobody"',
    {
      hint: 'run `evplat up` as another user than root, or make a user: `useradd --system postgres`',
    },
  )
}

/** id(1), as Node knows of no user but its own. */
async function lookUp(name: string): Promise<Owner | undefined> {
  const ask = async (flag: string): Promise<number> => {
    const env = { PATH: '/usr/bin:/bin' }
    const { code, output } = await runProgram('id', [flag, name], { env }).catch(() => ({ code: 1, output: '' }))
    return code === 0 ? Number.parseInt(output, 10) : Number.NaN
  }
  const owner = { uid: await ask('-u'), gid: await ask('-g') }
  return Number.isInteger(owner.uid) && Number.isInteger(owner.gid) ? owner : undefined
}

/** Whether a user may go through all the folders down to this one, as far as they are there. */
export async function mayReach({ uid, gid }: Owner, folder: string): Promise<boolean> {
  const there = await stat(folder).catch(() => undefined)
  if (there) {
    const bit = there.uid === uid ? 0o100 : there.gid === gid ? 0o010 : 0o001
    if ((there.mode & bit) === 0) return false
  }
  const parent = dirname(folder)
  return parent === folder || mayReach({ uid, gid }, parent)
}
