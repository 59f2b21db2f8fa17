// What a file system says, for people: a full disk or a missing right is nobody's bug.
import { EvplatError, systemCode } from './errors.ts'

const room = 'make room there, and run the command again'
const rights = 'let this user write there, or work in another folder (`-C`)'
const way = 'move out of the way what stands there'
const limit = 'allow more open files: `ulimit -n 65536`'

/** Node's code -> what is wrong, and what to do about it. */
const problems: Readonly<Record<string, readonly [fact: string, hint: string]>> = {
  ENOSPC: ['the disk is full', room],
  EDQUOT: ['the quota of this user is used up', room],
  EFBIG: ['the file would become larger than it may be', room],
  EACCES: ['this user may not', rights],
  EPERM: ['this user may not', rights],
  EROFS: ['the file system is read-only', rights],
  ENOTDIR: ['a part of its path is not a folder', way],
  EEXIST: ['something else has that name', way],
  EISDIR: ['it is a folder', way],
  ENOENT: ['it is not there', 'was it removed meanwhile? run the command again'],
  ENAMETOOLONG: ['its name is too long', 'work in a folder with a shorter path'],
  ELOOP: ['its links lead in a circle', way],
  EIO: ['the disk does not answer rightly', 'look at the health of the disk'],
  EMFILE: ['too many files are open', limit],
  ENFILE: ['too many files are open', limit],
}

function placeOf(thrown: unknown, known: string | undefined): string | undefined {
  if (known !== undefined) return known
  return thrown instanceof Error && 'path' in thrown && typeof thrown.path === 'string' ? thrown.path : undefined
}

/** Requests of files and folders; those of programs and sockets have problems with the same codes and another meaning. */
const fileCalls =
  /^(access|chmod|close|copyfile|fsync|ftruncate|futime|link|l?stat|fstat|mkdir|mkdtemp|open|opendir|read|readlink|realpath|rename|rmdir|scandir|statfs|symlink|truncate|unlink|utime|write|cp)$/

/**
 * The error `file-unusable` for what a file system refused, or undefined for anything else. Node leaves the path out where
 * a file was open already: `path` says it then.
 */
export function fileError(thrown: unknown, path?: string): EvplatError | undefined {
  const code = systemCode(thrown)
  const call = thrown instanceof Error && 'syscall' in thrown ? String(thrown.syscall) : ''
  const [fact, hint] = problems[code] ?? []
  if (fact === undefined || hint === undefined || !fileCalls.test(call)) return undefined
  const place = placeOf(thrown, path)
  return new EvplatError('file-unusable', `${place === undefined ? 'a file' : `"${place}"`} can't be used: ${fact}`, {
    hint,
    details: { ...(place !== undefined && { path: place }), reason: code },
    cause: thrown,
  })
}

/** Does `work` on the file or folder at `path`. Throws `file-unusable` for what the file system refuses. */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw fileError(thrown, path) ?? thrown
  }
}

/** Standard output may be a file, too: what it is when no more can be written to it. */
export function outputError(thrown: Error): EvplatError {
  const reason = systemCode(thrown)
  const [fact, hint] = problems[reason] ?? [thrown.message]
  return new EvplatError('file-unusable', `the output can't be written: ${fact}`, {
    ...(hint !== undefined && { hint }),
    details: { reason },
    cause: thrown,
  })
}
