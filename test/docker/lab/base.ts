// The files that all images are made from: a small Debian with Java and PostgreSQL, made once and kept as an archive in the cache.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../../../src/stack/processes/lock.ts'
import { labPath } from './machine.ts'
import { unmountAt } from './mounts.ts'
import { labCache } from './place.ts'
import { run } from './run.ts'
import { Unavailable } from './unavailable.ts'

const suite = 'bookworm'
const packages = 'openjdk-17-jre-headless postgresql libstdc++6 ca-certificates curl procps socat wget'.split(' ')
/** what no server reads */
const leftOut = ['var/cache/*', 'var/lib/apt/lists/*', 'var/lib/postgresql/*', 'etc/postgresql/*'].concat(
  ['doc', 'man', 'locale', 'info'].map((name) => `usr/share/${name}/*`),
)

/** Tells one base from another: the same key, the same packages. */
export const baseKey = createHash('sha256')
  .update(JSON.stringify([suite, process.arch, packages, leftOut]))
  .digest('hex')
  .slice(0, 12)

/** The archive of the base, made where it is not there: that takes minutes. Throws what debootstrap complains of. */
export function baseArchive(say: (message: string) => void): Promise<string> {
  const archive = join(labCache, `base-${baseKey}.tar`)
  const lock = {
    title: 'the base of the images',
    timeoutMs: 1_200_000,
    onWait: ({ pid }: { readonly pid: number }) => say(`process ${pid} makes the base of the images, waiting for it`),
  }
  return withLock(join(labCache, 'base.lock'), lock, async () => {
    if (!(await isFile(archive))) await make(archive, say)
    return archive
  })
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** All is made beside its place and renamed at the end, so that what has its name is whole. */
async function make(archive: string, say: (message: string) => void): Promise<void> {
  await mkdir(labCache, { recursive: true })
  // the lock is held: what lies here was left by one that was killed, or has other packages
  for (const name of await readdir(labCache))
    if (name.startsWith('base-') || name.startsWith('making-')) await removeTree(join(labCache, name))
  const work = await mkdtemp(join(labCache, 'making-'))
  const root = join(work, 'root')
  try {
    say(`making the base of the images with debootstrap, once: ${packages.join(', ')}`)
    await debootstrap(root)
    const tar = leftOut.map((path) => `--exclude=./${path}`)
    await run('tar', ['--create', ...tar, '--file', join(work, 'base.tar'), '.'], { cwd: root, timeoutMs: 300_000 })
    await rename(join(work, 'base.tar'), archive)
  } finally {
    await removeTree(work)
  }
}

async function debootstrap(root: string): Promise<void> {
  const args = ['--variant=minbase', `--include=${packages.join(',')}`, suite, root]
  const env = { ...process.env, PATH: labPath }
  try {
    await run('debootstrap', [...args, ...(await mirror())], { env, timeoutMs: 900_000 })
  } catch (thrown) {
    const log = await readFile(join(root, 'debootstrap', 'debootstrap.log'), 'utf8').catch(() => '')
    throw new Unavailable(`no Debian for the images: ${log.trim().split('\n').slice(-3).join('\n') || String(thrown)}`)
  }
}

/** Where this machine has its packages from, if it is a Debian of that suite; debootstrap knows another place itself. */
async function mirror(): Promise<string[]> {
  const known = await run('apt-get', ['indextargets', '--format', '$(CODENAME) $(COMPONENT) $(REPO_URI)']).catch(
    () => '',
  )
  const found = new RegExp(`^${suite} main (http\\S+)$`, 'm').exec(known)?.[1]
  return found === undefined ? [] : [found]
}

/** Removes a folder in which a killed debootstrap may have left something mounted. */
async function removeTree(path: string): Promise<void> {
  await unmountAt(path)
  await rm(path, { recursive: true, force: true })
}
